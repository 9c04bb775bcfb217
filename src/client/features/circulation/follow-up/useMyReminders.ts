/** The reminders that came to the person of this phone; follows the database. */
import { useLive } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { reminderInWords, shownReminder, type StoredReminder } from '../reminder-lines.ts'
import { NO_PLANS, readReminderPlans } from './reminder-plans.ts'

export function useMyReminders() {
  const phone = usePhone()
  const { id } = phone.person
  const mine = useLive(
    async () => ({
      reminders: await phone.db.records('reminder').where('fields.personId').equals(id).toArray(),
      plans: await readReminderPlans(phone),
    }),
    { reminders: [] as StoredReminder[], plans: NO_PLANS },
  )
  return {
    /** Empty when there is none to show now. @param forPersonId whose signature it asks for, where one is to sign instead */
    wordsFor: (circulationId: string, revision: number, forPersonId?: string): string => {
      const now = phone.now()
      const { reminders, plans } = mine.value
      const meant =
        forPersonId === undefined
          ? reminders
          : reminders.filter(({ fields }) => (fields.forPersonIds ?? []).includes(forPersonId))
      const shown = shownReminder(meant, circulationId, revision, { ...plans, personId: id }, now)
      return shown === undefined ? '' : reminderInWords(shown, now)
    },
  }
}
