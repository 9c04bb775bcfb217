/**
 * What is being written and has not become a record yet (an opinion beside a signature, a form at the desk): kept in the
 * person's own database as typed, never sent, removed when the record stands.
 */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { usePhone } from '../../storage/phone.ts'
import { useWhenLeaving } from '../../ui/when-leaving.ts'

const SAVE_AFTER_MS = 300

export interface InWork<Value> {
  value: Ref<Value>
  /** False until what was kept has been read. */
  isReady: Ref<boolean>
  /** Takes it away. */
  clear(): Promise<void>
}

/** @param key names the form and its subject; @param initial what the form starts with */
export function useInWork<Value extends object>(key: string, initial: Value): InWork<Value> {
  const phone = usePhone()
  const table = phone.db.meta
  const name = `in-work:${key}`
  const value = ref({ ...initial }) as Ref<Value>
  const isReady = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isCleared = false

  const save = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    await table.put({ key: name, value: { ...value.value } })
  }
  void table
    .get(name)
    .then((row) => {
      if (row !== undefined) value.value = { ...initial, ...(row.value as Partial<Value>) }
    })
    .finally(() => (isReady.value = true))
    // A phone that can't be read says so at its first write; the form still works.
    .catch(() => undefined)
  watch(
    value,
    () => {
      if (!isReady.value || isCleared) return
      clearTimeout(timer)
      timer = setTimeout(() => void save().catch(() => undefined), SAVE_AFTER_MS)
    },
    { deep: true },
  )
  const saveWaiting = (): void => {
    if (timer !== undefined) void save().catch(() => undefined)
  }
  useWhenLeaving(saveWaiting)
  onScopeDispose(saveWaiting)
  return {
    value,
    isReady,
    async clear() {
      isCleared = true
      clearTimeout(timer)
      timer = undefined
      await table.delete(name)
    },
  }
}
