/** 今日: what one is asked to sign for others. Loaded only where somebody has been named; apart from what one signs oneself. */
import { civilInstant, DAY_MS } from '../../../../shared/civil-time.ts'
import type { Phone } from '../../../storage/phone.ts'
import type { TodayItem } from '../../../ui/today.ts'
import { daysUntil, deadlineInWords, minutesFor } from '../circulation-lines.ts'
import { remindedBefore } from '../follow-up/reminded-today.ts'
import { asksFor, readForOthers } from './for-others.ts'

export async function forOthersItems(phone: Phone, now: number): Promise<TodayItem[]> {
  const asked = (await readForOthers(phone)).filter(asksFor)
  const [first] = asked
  if (first === undefined) return []
  const { documentNo, title, deadline } = first.line.fields
  const days = daysUntil(deadline, now)
  const who = first.substitution.name
  const isOne = asked.length === 1
  const ids = new Set(asked.map(({ substitution }) => substitution.personId))
  const reminders = await phone.db
    .records('reminder')
    .where('fields.personId')
    .equals(phone.person.id)
    .filter(({ fields }) => (fields.forPersonIds ?? []).some((id) => ids.has(id)))
    .toArray()
  const lines = asked.map(({ line }) => line)
  const reminded = reminders.length === 0 ? '' : await remindedBefore(phone, lines, reminders, now)
  return [
    {
      key: 'sign-for-others',
      title: isOne ? `代${who}签 1 份文件` : `代他人签 ${asked.length} 份文件`,
      second: `${reminded}${documentNo || title}${isOne ? '' : ` 等，代${who}等`} · ${deadlineInWords(deadline, now)}`,
      minutes: Math.ceil(asked.reduce((sum, { line }) => sum + minutesFor(line.revision), 0)),
      dueAt: civilInstant(deadline) + DAY_MS,
      group: days < 0 ? 'overdue' : days === 0 ? 'today' : 'week',
      to: isOne ? `/circulation/${first.line.id}` : '/circulation',
    },
  ]
}
