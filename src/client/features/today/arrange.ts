/** What stands where on 今日. Pure. */
import type { TodayGroup, TodayItem } from '../../ui/today.ts'

export interface SourcedItem {
  item: TodayItem
  /** Of its source. */
  order: number
}

export interface ArrangedToday {
  /** Shown large. */
  lead: TodayItem | undefined
  groups: readonly { heading: string; items: readonly KeyedItem[] }[]
}

export interface KeyedItem {
  /** Unique on the page. */
  key: string
  item: TodayItem
}

const headings = { overdue: '已过截止日', today: '今天', week: '接下来', officer: '支部工作' } as const
type Shown = keyof typeof headings

/** `now` without a large card of its own stands first among what is of today. */
const shownGroup = (group: TodayGroup): Shown => (group === 'now' ? 'today' : group)

const never = Number.POSITIVE_INFINITY
const byDue = (a: SourcedItem, b: SourcedItem): number => {
  const isNow = Number(b.item.group === 'now') - Number(a.item.group === 'now')
  const due =
    (a.item.dueAt ?? never) === (b.item.dueAt ?? never)
      ? 0
      : (a.item.dueAt ?? never) - (b.item.dueAt ?? never)
  return isNow || due || a.order - b.order
}

export function arrangeToday(sourced: readonly SourcedItem[]): ArrangedToday {
  const ordered = [...sourced].sort(byDue)
  const lead = ordered.find(({ item }) => item.lead !== undefined)
  const rest = ordered.filter((one) => one !== lead)
  const groups = (Object.keys(headings) as Shown[]).map((group) => ({
    heading: headings[group],
    items: rest
      .filter(({ item }) => shownGroup(item.group) === group)
      .map(({ item, order }) => ({ key: `${order}:${item.key}`, item })),
  }))
  return { lead: lead?.item, groups: groups.filter(({ items }) => items.length > 0) }
}
