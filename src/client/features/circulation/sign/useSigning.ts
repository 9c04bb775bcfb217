/**
 * The act of signing one revision, for oneself or as somebody's recorded substitute. Guarantees: one fact, however often the
 * button is pressed, because the id of the fact is made once for this page and the act runs once at a time; for whom one signs
 * is fixed when the page is opened. What goes with it (the own record of a 代签; the end of a substitution by who is back) is
 * written in the same transaction.
 */
import { uuidv7 } from 'uuidv7'
import { ref } from 'vue'
import { InvalidFields } from '../../../storage/trouble.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import type { Revision } from '../../../../shared/circulation/document/document.ts'
import { revisionFiles } from '../../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../../shared/circulation/document/signed-sha256.ts'
import type { Signature, SignOff, UnshownPart } from '../../../../shared/circulation/signing/sign-off.ts'
import { canonicalJson } from '../../../../shared/sync/canonical.ts'
import { substitutionsOf } from '../../../../shared/circulation/signing/substitution.ts'
import type { CirculationLine } from '../circulation-lines.ts'
import { canBeRead } from '../reader/file-kind.ts'
import { unshownPartsOf } from '../reader/unshown/unshown-parts.ts'
import { pagesToGo } from '../reader/unshown/useGoneThrough.ts'
import { readChanges, type StoredChange } from '../progress/changes.ts'
import { makeSignOff } from './sign-off-fact.ts'
import { readSignTask } from './sign-task.ts'

interface Hand {
  signature: Signature
  opinion: string
  /** What this device could not show, as it was declared; nothing is signed when that is not all of it. */
  seenElsewhere: UnshownPart[]
}
export type SignResult = { type: 'signed' } | { type: 'trouble'; sentence: string } | { type: 'busy' }

const whyNotSigned = (error: unknown): string => {
  if (error instanceof InvalidFields) return '签字内容不合要求，没有存下。请重写签名，或缩短阅示意见后再签。'
  return sentenceOf(error, '签字没有存下，请再试一次。')
}

async function areHere(phone: Phone, revision: Revision): Promise<boolean> {
  const here = await Promise.all(revisionFiles([revision]).map((sha256) => phone.blobs.has(sha256)))
  return here.every(Boolean)
}

/** The sign-off lies in the other's file; this stays with who signed. */
async function noteSignedFor(phone: Phone, f: SignOff, of: { id: string; name: string }): Promise<void> {
  const { unitId, circulationId, documentNo, revision, sha256, signedAt } = f
  const copied = { unitId, circulationId, documentNo, revision, sha256, signedAt }
  const fields = {
    ...copied,
    personId: f.signedBy,
    signOffId: of.id,
    forPersonId: f.personId,
    forName: of.name,
  }
  await phone.store.put('signed-for', fields, { observedAt: signedAt })
}

/** Back, and signed oneself: nobody is asked any more to sign instead. */
async function endOwnSubstitution(phone: Phone, f: SignOff, changes: StoredChange[]): Promise<void> {
  const ended = substitutionsOf(changes)
  const [first] = ended
  if (first === undefined) return
  await phone.store.put('recipient-change', {
    unitId: f.unitId,
    circulationId: f.circulationId,
    personId: f.personId,
    name: first.name,
    change: 'restore',
    reason: '本人已签字',
    supersedes: ended.map(({ changeId }) => changeId),
  })
}

/** @param forPersonId undefined: for oneself */
export function useSigning(forPersonId?: string) {
  const phone = usePhone()
  const id = uuidv7()
  const isBusy = ref(false)
  let isDone = false

  async function act(line: CirculationLine, hand: Hand): Promise<SignResult> {
    // Read again: a newer revision, a recall or a sign-off may have come since the page was opened.
    const task = await readSignTask(phone, line.id, forPersonId)
    if (task === null)
      return {
        type: 'trouble',
        sentence: forPersonId ? '代签已经结束，不用签了。' : '这份文件刚刚被撤回，不用签了。',
      }
    const { line: now, substitution } = task
    if (now.state === 'recalled') return { type: 'trouble', sentence: '这份文件刚刚被撤回，不用签了。' }
    if (now.state === 'archived') return { type: 'trouble', sentence: '这份文件已归档，不用签了。' }
    if (now.state === 'signed' && !task.asksForSign) return { type: 'signed' }
    if (signedSha256(now.revision) !== signedSha256(line.revision))
      return { type: 'trouble', sentence: '文件刚刚更新了版本，请先看新版再签字。' }
    if (!canBeRead(line.revision) || !(await areHere(phone, line.revision)))
      return { type: 'trouble', sentence: '文件已不在本机，请先下载、看过后再签字。' }
    if ((await pagesToGo(phone, line.revision)) > 0)
      return { type: 'trouble', sentence: '全文能否在本机显示还没有核对完，请稍等再签。' }
    const unshown = await unshownPartsOf(phone.db, line.revision)
    if (canonicalJson(unshown) !== canonicalJson(hand.seenElsewhere))
      return { type: 'trouble', sentence: '没有在本机显示的内容刚刚有变化，请看过上面的说明后再签。' }
    const { fields: circulation, revision } = line
    const fields = await makeSignOff(phone, {
      circulationId: line.id,
      circulation,
      revision,
      personId: substitution?.personId ?? phone.person.id,
      changeId: substitution?.changeId ?? now.addedBy,
      mode: substitution === null ? 'in-person' : 'substitute',
      ...hand,
    })
    const own = substitution === null ? await readChanges(phone, line.id, phone.person.id) : []
    await phone.store.together(['sign-off', 'signed-for', 'recipient-change'], async () => {
      await phone.store.put('sign-off', fields, { id, observedAt: fields.signedAt })
      if (substitution !== null) await noteSignedFor(phone, fields, { id, name: substitution.name })
      else await endOwnSubstitution(phone, fields, own)
    })
    return { type: 'signed' }
  }

  async function sign(line: CirculationLine, hand: Hand): Promise<SignResult> {
    if (isBusy.value || isDone) return { type: 'busy' }
    isBusy.value = true
    try {
      const result = await act(line, hand)
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
