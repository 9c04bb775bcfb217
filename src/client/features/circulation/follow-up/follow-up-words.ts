/** What an officer reads of those who have not signed, and before they are reminded. */
import { civilDate } from '../../../../shared/civil-time.ts'
import { reminderShownFrom } from '../../../../shared/circulation/reminding/reminder-hours.ts'
import { momentInWords } from '../../../ui/moments.ts'
import { ageInWords, dayInWords } from '../../../ui/words.ts'
import { remindedAt } from '../reminder-lines.ts'
import type { FollowUpLine } from './follow-up-lines.ts'
import { NO_PLANS, type ReminderPlans } from './reminder-plans.ts'

/** The age of the oldest; empty when nobody is asked. */
export function oldestInWords(lines: readonly FollowUpLine[], now: number): string {
  if (lines.length === 0) return ''
  const oldest = Math.min(...lines.map((line) => line.askedAt))
  const age = ageInWords(now - oldest)
  return `${lines.length} 人未签，最早的${/^\d/.test(age) ? ' ' : ''}${age}发出`
}

/** What the sender reads in a person's row: 催阅 09:10 陈静（待送达） */
export function remindersInWords(line: FollowUpLine, now: number): string {
  const [last] = line.reminders
  if (last === undefined) return ''
  const times = line.reminders.length > 1 ? `第 ${line.reminders.length} 次` : ''
  const where = last.pending === 1 ? '（待送达）' : ''
  const whom = last.fields.personId === line.personId ? '' : `，催代签人${last.fields.name}`
  return `催阅${times} ${momentInWords(remindedAt(last), now)} ${last.fields.byName}${whom}${where}`
}

/** 08:00—20:00 */
export const hoursInWords = ({ hours }: Pick<ReminderPlans, 'hours'>): string => `${hours.from}—${hours.to}`

/** When people will see what is made now; of those whose shift is known, within their shift. */
function whenSeen(people: readonly string[], plans: ReminderPlans, now: number): string {
  const isRostered = (personId: string) => plans.rosters.some(({ days }) => days?.[personId] !== undefined)
  const shift = people.some(isRostered) ? '；排了班的，在本人班次内显示' : ''
  const usual = { ...plans, personId: '', rosters: [] }
  const from = reminderShownFrom(now, usual) ?? now
  if (from === now) return `催阅只在 ${hoursInWords(plans)} 之间显示${shift}；对方手机联网后才看到。`
  const days = Math.round((Date.parse(civilDate(from)) - Date.parse(civilDate(now))) / 86_400_000)
  const day = days === 0 ? '今天' : days === 1 ? '明天' : dayInWords(from)
  return `现在不在 ${hoursInWords(plans)} 之间，对方${day} ${plans.hours.from} 以后、手机联网时才看到${shift}。`
}

/** Whom a press reminds, whom it leaves out and why, and when they will see it. */
export function reminderTerms(lines: readonly FollowUpLine[], now: number, plans: ReminderPlans = NO_PLANS) {
  const ready = lines.filter((line) => line.bar === null)
  const people = [...new Set(ready.flatMap((line) => line.readyIds))]
  const barred = (bar: FollowUpLine['bar']) => lines.filter((line) => line.bar === bar).length
  const left = [
    [barred('leave'), '人请假'] as const,
    [barred('rest'), '人今天休息'] as const,
    [barred('too-soon'), '人 24 小时内催过'] as const,
    [barred('too-many'), '人已催满三次'] as const,
  ]
  const leftOut = left.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`)
  const instead = ready.filter((line) => line.substitutes.length > 0)
  return {
    ready,
    /** How many people get a reminder: one may sign for several. */
    people: people.length,
    leftOut: leftOut.length === 0 ? '' : `${leftOut.join('，')}，这一次不催。`,
    instead:
      instead.length === 0 ? '' : `${instead.map(({ name }) => name).join('、')}已请人代签，催代签人。`,
    when: whenSeen(people, plans, now),
  }
}
