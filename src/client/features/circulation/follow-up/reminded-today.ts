/**
 * 今日: who has reminded the person of this phone of what they are to sign. Loaded only where there is a reminder. Told within
 * the person's own hours alone; outside them it stands on 传阅, beside the document, where one has gone to look.
 */
import { isReminderTime } from '../../../../shared/circulation/reminding/reminder-hours.ts'
import type { Phone } from '../../../storage/phone.ts'
import type { CirculationLine } from '../circulation-lines.ts'
import { reminderInWords, shownReminder, type StoredReminder } from '../reminder-lines.ts'
import { readReminderPlans } from './reminder-plans.ts'

/** 催阅：陈静 09:10 · ; empty when there is none to tell now. @param lines in the order in which they are named */
export async function remindedBefore(
  phone: Phone,
  lines: readonly Pick<CirculationLine, 'id' | 'revision'>[],
  reminders: readonly StoredReminder[],
  now: number,
): Promise<string> {
  const plan = { ...(await readReminderPlans(phone)), personId: phone.person.id }
  if (!isReminderTime(plan, now)) return ''
  const [shown] = lines.flatMap((l) => shownReminder(reminders, l.id, l.revision.revision, plan, now) ?? [])
  return shown === undefined ? '' : `${reminderInWords(shown, now)} · `
}
