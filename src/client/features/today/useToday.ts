/**
 * 今日, from the phone alone. One source that fails takes nothing from the others: the rest is shown, and that something is
 * missing is said.
 */
import { inject, readonly, ref } from 'vue'
import { ACTOR_TABLES, readActor } from '../../storage/actor.ts'
import { useLiveOrLoading } from '../../storage/live.ts'
import { usePhone } from '../../storage/phone.ts'
import { lookAgain } from '../../ui/page/look-again.ts'
import { todaySourcesKey, type TodayContext, type TodayPhone, type TodaySource } from '../../ui/today.ts'
import { arrangeToday, type SourcedItem } from './arrange.ts'

const itemsOf = async (source: TodaySource, context: TodayContext): Promise<SourcedItem[]> =>
  (await source.load(context)).map((item) => ({ item, order: source.order }))

const wholeOf = async ({ item, order }: SourcedItem): Promise<SourcedItem> => ({
  item: { ...item, ...(await item.more?.().catch(() => undefined)) },
  order,
})

async function loadAlone(source: TodaySource, context: TodayContext): Promise<SourcedItem[] | undefined> {
  try {
    return await itemsOf(source, context)
  } catch {
    return undefined
  }
}

export function useToday() {
  const phone = usePhone()
  const sources = inject(todaySourcesKey, [])
  const tables = [...new Set([...ACTOR_TABLES, ...sources.flatMap((source) => source.tables)])]
  const now = ref(phone.now())
  const look = () => {
    now.value = phone.now()
  }
  lookAgain(look, 60_000)

  const contextNow = async (): Promise<TodayContext> => ({
    phone: phone as unknown as TodayPhone,
    actor: await readActor(phone.db, phone.person.id, now.value),
    now: now.value,
  })
  const allBy = async <Read>(load: (source: TodaySource, context: TodayContext) => Promise<Read>) => {
    const context = await contextNow()
    return await Promise.all(sources.map((source) => load(source, context)))
  }

  const today = useLiveOrLoading(async () => {
    // In one transaction: dozens of small ones cost a slow phone more than what they read. Where a source failed, read a table
    // that it does not name or waited for something else, each is read on its own.
    const read: readonly (SourcedItem[] | undefined)[] = await phone.db
      .transaction('r', tables, async () => await allBy(itemsOf))
      .catch(() => allBy(loadAlone))
    const items = read.flatMap((of) => of ?? [])
    return {
      ...arrangeToday(await Promise.all(items.map(wholeOf))),
      hasFailed: read.includes(undefined),
    }
  }, [now])
  return { today, now: readonly(now) }
}
