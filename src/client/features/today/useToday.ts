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

async function loadAlone(
  source: TodaySource,
  context: TodayContext,
): Promise<{ items: SourcedItem[]; hasFailed: boolean }> {
  try {
    return { items: await itemsOf(source, context), hasFailed: false }
  } catch {
    return { items: [], hasFailed: true }
  }
}

export function useToday() {
  const phone = usePhone()
  const sources = inject(todaySourcesKey, [])
  const together = sources.filter((source) => source.tables !== undefined)
  const others = sources.filter((source) => source.tables === undefined)
  const tables = [...new Set([...ACTOR_TABLES, ...together.flatMap((source) => source.tables ?? [])])]
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
  /**
   * In one transaction: dozens of small ones cost a slow phone more than what they read. Undefined when a source failed, read
   * a table that it does not name or waited for something else: then each is read on its own.
   */
  async function loadTogether(): Promise<{ context: TodayContext; items: SourcedItem[] } | undefined> {
    try {
      return await phone.db.transaction('r', tables, async () => {
        const context = await contextNow()
        const items = await Promise.all(together.map((source) => itemsOf(source, context)))
        return { context, items: items.flat() }
      })
    } catch {
      return undefined
    }
  }

  const today = useLiveOrLoading(async () => {
    const read = await loadTogether()
    const context = read?.context ?? (await contextNow())
    const rest = read === undefined ? sources : others
    const loaded = await Promise.all(rest.map((source) => loadAlone(source, context)))
    return {
      ...arrangeToday([...(read?.items ?? []), ...loaded.flatMap(({ items }) => items)]),
      hasFailed: loaded.some(({ hasFailed }) => hasFailed),
    }
  }, [now])
  return { today, now: readonly(now) }
}
