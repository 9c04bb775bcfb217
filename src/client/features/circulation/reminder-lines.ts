/** Reminders as the two sides read them: pure functions of the facts, the person's hours and the moment. */
import { reminderShownFrom, type ReminderPlan } from '../../../shared/circulation/reminding/reminder-hours.ts'
import type { Reminder } from '../../../shared/circulation/reminding/reminder.ts'
import type { PhoneRecord } from '../../storage/rows.ts'
import { momentInWords } from '../../ui/moments.ts'

export type StoredReminder = PhoneRecord<Reminder>

/** When it was accepted, by the endpoint's clock; what is still on this phone has only the phone's. */
export const remindedAt = (r: StoredReminder): number => r.receivedAt ?? r.fields.at

/**
 * The newest that the person may see now: of this revision, and from when their hours began.
 * @param revision the one that is to be signed; a newer one asks by itself
 */
export function shownReminder(
  reminders: readonly StoredReminder[],
  circulationId: string,
  revision: number,
  plan: ReminderPlan,
  now: number,
): StoredReminder | undefined {
  return reminders
    .filter((r) => r.fields.circulationId === circulationId && r.fields.revision === revision)
    .filter((r) => (reminderShownFrom(remindedAt(r), plan) ?? Infinity) <= now)
    .sort((a, b) => remindedAt(b) - remindedAt(a))[0]
}

/** 催阅：陈静 11 月 22 日 09:10 */
export const reminderInWords = (r: StoredReminder, now: number): string =>
  `催阅：${r.fields.byName} ${momentInWords(remindedAt(r), now)}`
