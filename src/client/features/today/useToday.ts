/**
 * 今日, from the phone alone. One source that fails takes nothing from the others: the rest is shown, and that something is
 * missing is said. What the opening of the app has read stands there at once, and is followed when it has been drawn.
 */
import { inject, readonly, ref } from 'vue'
import { useLive } from '../../storage/live.ts'
import { usePhone } from '../../storage/phone.ts'
import { afterFirstPaint } from '../../ui/page/after-first-paint.ts'
import { lookAgain } from '../../ui/page/look-again.ts'
import { todaySourcesKey } from '../../ui/today.ts'
import {
  completeToday,
  foundTodayKey,
  readEachAlone,
  readWhole,
  todayTables,
  type ReadToday,
} from './read-today.ts'

export function useToday() {
  const found = inject(foundTodayKey, {})
  if (found.picture) return found.picture
  const phone = usePhone()
  const sources = inject(todaySourcesKey, [])
  const tables = todayTables(sources)
  const now = ref(found.now ?? phone.now())
  const look = () => {
    now.value = phone.now()
  }
  lookAgain(look, 60_000)

  const readNow = async () => {
    // In one transaction: dozens of small ones cost a slow phone more than what they read. Where a source failed, read a table
    // that it does not name or waited for something else, each is read on its own.
    const read = await phone.db
      .transaction('r', tables, async () => await readWhole(phone, sources, now.value))
      .catch(() => readEachAlone(phone, sources, now.value))
    return await completeToday(read)
  }
  const today = useLive<ReadToday | undefined>(readNow, found.today, [now], found.today && afterFirstPaint())
  return { today, now: readonly(now) }
}
