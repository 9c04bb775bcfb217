/** What stands where on 今日, and how much the day holds. Pure. */
import { civilDate, civilInstant, DAY_MS } from '../../../shared/civil-time.ts'
import type { TodayGroup, TodayItem } from '../../ui/today.ts'
import { minutesInWords } from '../../ui/words.ts'

export interface SourcedItem {
  item: TodayItem
  /** Of its source. */
  order: number
}

export interface ArrangedToday {
  /** From above to below; none is empty. `now` holds the one piece that is shown large. */
  groups: readonly { group: TodayGroup; heading: string; items: readonly KeyedItem[] }[]
}

export interface KeyedItem {
  /** Unique on the page. */
  key: string
  item: TodayItem
}

/** In their order: what is late comes before the large card, and work of an office that the day's sum counts before what comes later. */
const headings: Record<TodayGroup, string> = {
  overdue: '已过截止日',
  now: '',
  today: '今天',
  officer: '支部工作',
  week: '接下来',
}

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
  const lead = ordered.find(({ item }) => item.lead)
  /** What goes on now without a large card of its own stands first among what is of today. */
  const groupOf = (one: SourcedItem): TodayGroup =>
    one === lead ? 'now' : one.item.group === 'now' ? 'today' : one.item.group
  const groups = (Object.keys(headings) as TodayGroup[]).map((group) => ({
    group,
    heading: headings[group],
    items: ordered
      .filter((one) => groupOf(one) === group)
      .map(({ item, order }) => ({ key: `${order}:${item.key}`, item })),
  }))
  return { groups: groups.filter(({ items }) => items.length > 0) }
}

/** How much today holds: what is late, of today or due by tonight, and what was done. A meeting has no minutes of its own. */
export function sumInWords({ groups, done = 0 }: ArrangedToday & { done?: number }, now: number): string {
  const tonight = civilInstant(civilDate(now)) + DAY_MS
  const due = groups.flatMap(({ group, items }) =>
    items.flatMap(({ item }) =>
      (group === 'officer' ? (item.dueAt ?? never) > tonight : group === 'week')
        ? []
        : (item.due ?? { count: 1, minutes: item.minutes }),
    ),
  )
  const sum = (of: typeof due, what: 'count' | 'minutes') =>
    of.reduce((all, one) => all + (one[what] ?? 0), 0)
  const count = sum(due, 'count')
  if (count === 0) {
    const open = groups.length > 0
    return done
      ? `今天办了 ${done} 件${open ? '，下面的不必今天做。' : '。'}`
      : open
        ? '今天没有截止的事，下面的不必今天做。'
        : ''
  }
  const timed = due.filter((one) => one.minutes)
  const ofThem = sum(timed, 'count')
  const minutes =
    ofThem && `，${ofThem < count ? `其中 ${ofThem} 件` : ''}${minutesInWords(sum(timed, 'minutes'))}`
  return `今天${done ? '还有' : ''} ${count} 件${minutes || ''}${done ? `，已办 ${done} 件` : ''}`
}
