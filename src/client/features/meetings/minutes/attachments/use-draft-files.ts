/**
 * Files of minutes in work. Guarantees: a file that is in the list is named in the draft on the disk at once, and its bytes are on this
 * phone; one that is taken out leaves neither name nor bytes; one that lies on another phone of the writer is told before it is asked
 * to be confirmed.
 */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { FileRef } from '../../../../../shared/fields.ts'
import type { MinutesDraft } from '../../../../../shared/meetings/minutes/draft.ts'
import { useKept } from '../../../../storage/files/use-kept.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import { words } from '../../../../ui/words.ts'
import { dropBytes } from './drop-bytes.ts'
import { changesTo, filesIn, sentIn } from './draft-files.ts'

/**
 * @param own the draft as the screen has it
 * @param edit writes flat paths into it, and makes it where there is none
 */
export function useDraftFiles(
  phone: Phone,
  draftId: string,
  own: Readonly<Ref<{ fields: MinutesDraft } | undefined>>,
  edit: (changes: Record<string, unknown>) => Promise<void>,
) {
  /** What was chosen and has not been read back from the disk yet. */
  const chosen = shallowRef<readonly FileRef[]>()
  const trouble = ref('')
  let writes = 0
  let writing: Promise<void> = Promise.resolve()

  const standing = computed(() => filesIn(own.value?.fields))
  const kept = useKept(() => standing.value)

  async function store(list: readonly FileRef[]): Promise<void> {
    try {
      // The screen may lag behind the write before this one.
      const draft = (await phone.store.get('minutes-draft', draftId))?.fields
      const before = filesIn(draft)
      const changes = changesTo(draft, list, phone.now())
      if (Object.keys(changes).length > 0) await edit(changes)
      trouble.value = ''
      for (const { sha256 } of before)
        if (!list.some((file) => file.sha256 === sha256)) await dropBytes(phone, sha256)
    } catch (error) {
      trouble.value = sentenceOf(error, words.notKept)
      chosen.value = undefined
    } finally {
      writes -= 1
    }
  }
  const files = computed<FileRef[]>({
    get: () => [...(chosen.value ?? standing.value)],
    set: (list) => {
      chosen.value = list
      writes += 1
      writing = writing.then(() => store(list))
    },
  })
  watch(standing, () => {
    if (writes === 0) chosen.value = undefined
  })
  return {
    files,
    trouble,
    /** Awaited before the list is handed over. */
    flush: (): Promise<void> => writing,
    /** Named here, and neither on this phone nor sent. */
    elsewhere: computed(() => {
      const here = kept.value
      if (here === undefined) return []
      const sent = sentIn(own.value?.fields)
      return standing.value.filter(({ sha256 }) => !here.has(sha256) && !sent.has(sha256))
    }),
  }
}
