/** The reminders that came to the person of this phone; follows the database. */
import { useLive } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { reminderInWords, shownReminder } from '../reminder-lines.ts'

export function useMyReminders() {
  const phone = usePhone()
  const reminders = useLive(
    () => phone.db.records('reminder').where('fields.personId').equals(phone.person.id).toArray(),
    [],
  )
  return {
    /** Empty when there is none to show now. */
    wordsFor: (circulationId: string, revision: number): string => {
      const now = phone.now()
      const shown = shownReminder(reminders.value, circulationId, revision, now)
      return shown === undefined ? '' : reminderInWords(shown, now)
    },
  }
}
