/** The icon's figure follows what is due today and what is 需处理, and goes with the person who signs out. */
import { watch } from 'vue'
import { hasBadge, showBadge, useBadgeChoice } from '../ui/device/icon-badge.ts'
import { readActor } from '../storage/actor.ts'
import type { Phone } from '../storage/phone.ts'
import { isInstalled } from '../ui/device/this-browser.ts'
import type { TodayItem, TodayPhone, TodaySource } from '../ui/today.ts'
import { gatherTodaySources } from './today-sources.ts'

/** Mostly the icon is seen when the app is not, so it is counted then; at a desk both stand side by side. */
const COUNT_EVERY_MS = 60_000

/** Reading is offered, never owed: a lesson makes no figure. */
const isDue = (item: TodayItem): boolean =>
  item.lead === undefined && (item.group === 'overdue' || item.group === 'now' || item.group === 'today')

export async function countDue(phone: Phone, sources: readonly TodaySource[]): Promise<number> {
  const now = phone.now()
  const actor = await readActor(phone.db, phone.person.id, now)
  const context = { phone: phone as unknown as TodayPhone, actor, now }
  // One source that fails takes nothing from the others, as on 今日.
  const lists = await Promise.all(sources.map((source) => source.load(context).catch(() => [])))
  return lists.flat().filter(isDue).length + (await phone.db.attention.count())
}

/** @returns how to stop; the figure leaves the icon then */
export function keepAhead(phone: Phone, sources = gatherTodaySources()): () => void {
  if (!hasBadge() || !isInstalled()) return () => undefined
  let isStopped = false
  const count = async (): Promise<void> => {
    const due = await countDue(phone, sources)
    if (!isStopped) await showBadge(due)
  }
  // A database that cannot be read just now: the figure stays as it was.
  const tell = () => void count().catch(() => undefined)
  tell()
  const timer = setInterval(tell, COUNT_EVERY_MS)
  document.addEventListener('visibilitychange', tell)
  const stopChoice = watch(useBadgeChoice(), tell)
  return () => {
    isStopped = true
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tell)
    stopChoice()
    void showBadge(0)
  }
}
