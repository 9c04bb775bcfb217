/**
 * Something half written that is not a record yet (a new meeting's form, minutes before they are saved).
 * Promise to the writer: it is on the phone, in their own database, a moment after each key, and still there after a crash,
 * an update or days; it goes away only when it was saved as a record, or when they throw it away.
 */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { PhoneDb } from '../../../storage/db.ts'
import { dropKept, keepDraft, readKept } from '../../../storage/kept-drafts.ts'
import { useWhenLeaving } from '../../../ui/page/when-leaving.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { words } from '../../../ui/words.ts'

const SAVE_AFTER_MS = 250

export interface LocalDraft<T> {
  /** undefined until the phone was asked. */
  value: Ref<T | undefined>
  /** A draft stood on the phone from before. */
  restored: Ref<boolean>
  trouble: Ref<string>
  /** It was saved as a record: the draft goes, and what is typed from now on makes a new one. */
  settle(): Promise<void>
  /** Takes the draft away for good: the page is about to be left. */
  discard(): Promise<void>
}

/** @param label what it is, as its writer calls it: named where half-written things are listed */
export function useLocalDraft<T extends object>(
  db: PhoneDb,
  key: string,
  label: string,
  initial: () => Promise<T>,
): LocalDraft<T> {
  const value = ref<T>() as Ref<T | undefined>
  const restored = ref(false)
  const trouble = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let discarded = false
  /** As it was begun: back to that, there is nothing to keep. */
  let begun: string | undefined

  const save = async () => {
    timer = undefined
    const plain = JSON.stringify(value.value)
    try {
      if (plain === begun) await dropKept(db, key)
      else await keepDraft(db, key, JSON.parse(plain), label)
      trouble.value = ''
    } catch (error) {
      trouble.value = sentenceOf(error, words.notKept)
    }
  }
  const start = async () => {
    const kept = (await readKept(db, key)) as T | undefined
    restored.value = kept !== undefined
    value.value = kept ?? (await initial())
    if (kept === undefined) begun = JSON.stringify(value.value)
    watch(
      value,
      () => {
        if (discarded) return
        clearTimeout(timer)
        timer = setTimeout(() => void save(), SAVE_AFTER_MS)
      },
      { deep: true },
    )
  }
  start().catch((error: unknown) => {
    trouble.value = sentenceOf(error, words.notKept)
  })
  const saveWaiting = (): void => {
    if (timer === undefined) return
    clearTimeout(timer)
    void save()
  }
  useWhenLeaving(saveWaiting)
  onScopeDispose(saveWaiting)
  const settle = async () => {
    clearTimeout(timer)
    timer = undefined
    begun = undefined
    await dropKept(db, key)
  }
  return {
    value,
    restored,
    trouble,
    settle,
    async discard() {
      discarded = true
      await settle()
    },
  }
}
