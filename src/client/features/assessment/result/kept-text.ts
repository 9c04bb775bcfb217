/** Text that is half written and no record yet: kept on this phone as typed, until it is sent or cleared. */
import { onScopeDispose, ref, type Ref } from 'vue'
import type { PhoneDb } from '../../../storage/db.ts'
import { useWhenLeaving } from '../../../ui/when-leaving.ts'

const DELAY_MS = 300

export function useKeptText(db: PhoneDb, key: string) {
  const text: Ref<string> = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let isTouched = false
  const keep = async (): Promise<void> => {
    clearTimeout(timer)
    if (text.value === '') await db.meta.delete(key)
    else await db.meta.put({ key, value: text.value })
  }
  const keepQuietly = (): void => void keep().catch(() => undefined)
  db.meta
    .get(key)
    .then((row) => {
      if (!isTouched && typeof row?.value === 'string') text.value = row.value
    })
    // Without the earlier text the field is empty; what is typed now is kept again.
    .catch(() => undefined)
  const keepTouched = (): void => {
    if (isTouched) keepQuietly()
  }
  useWhenLeaving(keepTouched)
  onScopeDispose(keepTouched)
  return {
    text,
    type(next: string) {
      isTouched = true
      text.value = next
      clearTimeout(timer)
      timer = setTimeout(keepQuietly, DELAY_MS)
    },
    async clear() {
      isTouched = false
      text.value = ''
      await keep()
    },
  }
}
