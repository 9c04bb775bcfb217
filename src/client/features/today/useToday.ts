/**
 * 今日, from the phone alone. One source that fails takes nothing from the others: the rest is shown, and that something is
 * missing is said.
 */
import { inject, readonly, ref } from 'vue'
import { readActor } from '../../storage/actor.ts'
import { useLiveOrLoading } from '../../storage/live.ts'
import { usePhone } from '../../storage/phone.ts'
import { lookAgain } from '../../ui/look-again.ts'
import { todaySourcesKey, type TodayContext, type TodayPhone, type TodaySource } from '../../ui/today.ts'
import { arrangeToday, type SourcedItem } from './arrange.ts'

async function loadSource(
  source: TodaySource,
  context: TodayContext,
): Promise<{ items: SourcedItem[]; hasFailed: boolean }> {
  try {
    const items = await source.load(context)
    return { items: items.map((item) => ({ item, order: source.order })), hasFailed: false }
  } catch {
    return { items: [], hasFailed: true }
  }
}

export function useToday() {
  const phone = usePhone()
  const sources = inject(todaySourcesKey, [])
  const now = ref(phone.now())
  const look = () => {
    now.value = phone.now()
  }
  lookAgain(look, 60_000)

  const today = useLiveOrLoading(async () => {
    const actor = await readActor(phone.db, phone.person.id, now.value)
    const context = { phone: phone as unknown as TodayPhone, actor, now: now.value }
    const loaded = await Promise.all(sources.map((source) => loadSource(source, context)))
    return {
      ...arrangeToday(loaded.flatMap(({ items }) => items)),
      hasFailed: loaded.some(({ hasFailed }) => hasFailed),
    }
  }, [now])
  return { today, now: readonly(now) }
}
