/**
 * What is being written and has not become a record yet (an opinion beside a signature, a form at the desk): kept in the
 * person's own database as typed, never sent, removed when the record stands.
 */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { dropKept, keepDraft, readKept } from '../../storage/kept-drafts.ts'
import { usePhone } from '../../storage/phone.ts'
import { useWhenLeaving } from '../../ui/page/when-leaving.ts'
import { sentenceOf } from '../../ui/sentence-of.ts'
import { words } from '../../ui/words.ts'

const SAVE_AFTER_MS = 300

export interface InWork<Value> {
  value: Ref<Value>
  /** False until what was kept has been read. */
  isReady: Ref<boolean>
  /** Why what is typed could not be kept; empty while it is. */
  trouble: Ref<string>
  /** The form starts with this instead (the standing version), which is nothing that somebody has typed. */
  begin(standing: Value): void
  /** Takes it away. */
  clear(): Promise<void>
}

/**
 * @param key names the form and its subject
 * @param label what it is, as its writer calls it: named where half-written things are listed
 * @param initial what the form starts with
 */
export function useInWork<Value extends object>(key: string, label: string, initial: Value): InWork<Value> {
  const { db } = usePhone()
  const trouble = ref('')
  /** As the form was begun: back to that, there is nothing to keep. */
  let begun = JSON.stringify(initial)
  const value = ref({ ...initial }) as Ref<Value>
  const isReady = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isCleared = false

  const save = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const plain = JSON.stringify(value.value)
    try {
      if (plain === begun) await dropKept(db, key)
      else await keepDraft(db, key, JSON.parse(plain), label)
      trouble.value = ''
    } catch (error) {
      tell(error)
    }
  }
  const tell = (error: unknown): void => {
    trouble.value = sentenceOf(error, words.notKept)
  }
  void readKept(db, key)
    .then((kept) => {
      if (kept !== undefined) value.value = { ...initial, ...(kept as Partial<Value>) }
    })
    // The form still works, and says at once that nothing is kept.
    .catch(tell)
    .finally(() => (isReady.value = true))
  watch(
    value,
    () => {
      if (!isReady.value || isCleared) return
      clearTimeout(timer)
      timer = setTimeout(() => void save(), SAVE_AFTER_MS)
    },
    { deep: true },
  )
  const saveWaiting = (): void => {
    if (timer !== undefined) void save()
  }
  useWhenLeaving(saveWaiting)
  onScopeDispose(saveWaiting)
  return {
    value,
    isReady,
    trouble,
    begin(standing) {
      begun = JSON.stringify(standing)
      value.value = standing
    },
    async clear() {
      isCleared = true
      clearTimeout(timer)
      timer = undefined
      await dropKept(db, key)
    },
  }
}
