/** What of this phone decides when somebody may be reminded: the bureau's hours, and all shift rosters that it holds. */
import {
  reminderHoursOf,
  type ReminderPlan,
} from '../../../../shared/circulation/reminding/reminder-hours.ts'
import type { RosterFacts } from '../../../../shared/org/shifts/shifts.ts'
import { ROOT_UNIT_ID } from '../../../../shared/sync/scopes.ts'
import type { Phone } from '../../../storage/phone.ts'

export type ReminderPlans = Omit<ReminderPlan, 'personId'>

export const NO_PLANS: ReminderPlans = { hours: reminderHoursOf(undefined), rosters: [] }

export async function readReminderPlans({ db }: Phone): Promise<ReminderPlans> {
  const [bureau, rows] = await Promise.all([
    db.records('unit').get(ROOT_UNIT_ID),
    db.records('shift-roster').toArray(),
  ])
  return {
    hours: reminderHoursOf(bureau?.fields),
    rosters: rows.map(({ fields }): RosterFacts => fields),
  }
}
