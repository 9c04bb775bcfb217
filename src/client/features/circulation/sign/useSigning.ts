/**
 * The act of signing one revision. Guarantee: one fact, however often the button is pressed, because the id of the fact is
 * made once for this page and the act runs once at a time.
 */
import { uuidv7 } from 'uuidv7'
import { ref } from 'vue'
import { InvalidFields } from '../../../storage/trouble.ts'
import { usePhone } from '../../../storage/phone.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import type { Signature } from '../../../../shared/circulation/sign-off.ts'
import type { CirculationLine } from '../circulation-lines.ts'
import { readLine } from '../useCirculations.ts'
import { writeSignOff } from './sign-off-fact.ts'

export type SignResult = { type: 'signed' } | { type: 'trouble'; sentence: string } | { type: 'busy' }

const whyNotSigned = (error: unknown): string => {
  if (error instanceof InvalidFields) return '签字内容不合要求，没有存下。请重写签名，或缩短阅示意见后再签。'
  return sentenceOf(error, '签字没有存下，请再试一次。')
}

export function useSigning() {
  const phone = usePhone()
  const id = uuidv7()
  const isBusy = ref(false)
  let isDone = false

  async function act(line: CirculationLine, signature: Signature, opinion: string): Promise<SignResult> {
    // Read again: a newer revision, a recall or a sign-off may have come since the page was opened.
    const now = await readLine(phone, line.id)
    if (now === null || now.state === 'recalled')
      return { type: 'trouble', sentence: '这份文件刚刚被撤回，不用签了。' }
    if (now.state === 'signed') return { type: 'signed' }
    if (now.revision.file.sha256 !== line.revision.file.sha256)
      return { type: 'trouble', sentence: '文件刚刚更新了版本，请先看新版再签字。' }
    if (!(await phone.blobs.has(line.revision.file.sha256)))
      return { type: 'trouble', sentence: '文件已不在本机，请先下载、看过后再签字。' }
    const { fields: circulation, revision } = line
    await writeSignOff(
      phone,
      {
        circulationId: line.id,
        circulation,
        revision,
        personId: phone.person.id,
        addedBy: now.addedBy,
        mode: 'in-person',
        signature,
        opinion,
      },
      id,
    )
    return { type: 'signed' }
  }

  async function sign(line: CirculationLine, signature: Signature, opinion: string): Promise<SignResult> {
    if (isBusy.value || isDone) return { type: 'busy' }
    isBusy.value = true
    try {
      const result = await act(line, signature, opinion)
      isDone = result.type === 'signed'
      return result
    } catch (error) {
      return { type: 'trouble', sentence: whyNotSigned(error) }
    } finally {
      isBusy.value = false
    }
  }
  return { sign, isBusy }
}
