/** The files of a revision while it is being registered: the first is 正文, the others are 附件 in their order. */
import { ref, shallowRef, type Ref } from 'vue'
import { MOST_ATTACHMENTS } from '../../../../../shared/circulation/document/document.ts'
import { hashBytes } from '../../../../storage/files/hash-bytes.ts'
import { readChosen, type AskFacts, type ChosenFile } from './read-chosen.ts'

export interface HashedFile extends ChosenFile {
  sha256: string
}

export function useChosenFiles(limitBytes: Readonly<Ref<number>>, ask: AskFacts) {
  const files = shallowRef<HashedFile[]>([])
  /** A sentence for each file that was not taken, beginning with its name. */
  const refusals = ref<string[]>([])
  /** Name of the file that is being read; empty when none is. */
  const reading = ref('')

  async function readOne(chosen: File): Promise<string | undefined> {
    if (files.value.length > MOST_ATTACHMENTS) return `一份文件最多 ${MOST_ATTACHMENTS} 个附件，没有加上。`
    try {
      const answer = await readChosen(chosen, limitBytes.value, ask)
      if (answer.type === 'refused') return answer.sentence
      const sha256 = await hashBytes(answer.file.bytes)
      if (files.value.some((file) => file.sha256 === sha256))
        return '和已选的一个文件内容完全相同，没有重复加上。'
      files.value = [...files.value, { ...answer.file, sha256 }]
    } catch {
      // A file that is gone or can't be read any more: the browser gives no better reason.
      return '读不出来，请重新选一次。'
    }
    return undefined
  }

  /** One after another: a phone has memory for one file that is being opened. */
  async function add(chosen: readonly File[]): Promise<void> {
    if (reading.value !== '') return
    refusals.value = []
    for (const file of chosen) {
      reading.value = file.name
      const refusal = await readOne(file)
      if (refusal !== undefined) refusals.value = [...refusals.value, `“${file.name}”：${refusal}`]
    }
    reading.value = ''
  }

  function move(at: number, by: -1 | 1): void {
    const next = [...files.value]
    const [moved] = next.splice(at, 1)
    if (moved === undefined) return
    next.splice(at + by, 0, moved)
    files.value = next
  }
  function remove(at: number): void {
    files.value = files.value.filter((_, other) => other !== at)
  }
  return { files, refusals, reading, add, move, remove }
}
