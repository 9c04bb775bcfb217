/** Text that is half written and no record yet: kept on this phone as typed, until it is sent or cleared. */
import { onScopeDispose, ref, type Ref } from 'vue'
import type { PhoneDb } from '../../../storage/db.ts'
import { dropKept, keepDraft, readKept } from '../../../storage/kept-drafts.ts'
import { useWhenLeaving } from '../../../ui/page/when-leaving.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { words } from '../../../ui/words.ts'

const DELAY_MS = 300

/** @param label what it is, as its writer calls it: named where half-written things are listed */
export function useKeptText(db: PhoneDb, key: string, label: string) {
  const text: Ref<string> = ref('')
  /** Why what is typed could not be kept; empty while it is. */
  const notKept: Ref<string> = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let isTouched = false
  const keep = async (): Promise<void> => {
    clearTimeout(timer)
    if (text.value === '') await dropKept(db, key)
    else await keepDraft(db, key, text.value, label)
    notKept.value = ''
  }
  const tell = (error: unknown): void => {
    notKept.value = sentenceOf(error, words.notKept)
  }
  const keepNow = (): void => void keep().catch(tell)
  readKept(db, key)
    .then((kept) => {
      if (!isTouched && typeof kept === 'string') text.value = kept
    })
    .catch(tell)
  const keepTouched = (): void => {
    if (isTouched) keepNow()
  }
  useWhenLeaving(keepTouched)
  onScopeDispose(keepTouched)
  return {
    text,
    notKept,
    type(next: string) {
      isTouched = true
      text.value = next
      clearTimeout(timer)
      timer = setTimeout(keepNow, DELAY_MS)
    },
    async clear() {
      isTouched = false
      text.value = ''
      await keep()
    },
  }
}
