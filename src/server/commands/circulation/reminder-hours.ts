/** 催阅时段 of the bureau, set by the Party office. It stands in the bureau's own unit, so that every phone has it offline. */
import { isAdministrator, isOffice } from '../../../shared/org/actor.ts'
import { ReminderHoursFields, type Unit } from '../../../shared/org/unit.ts'
import { ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'
import { Refusal } from '../../problem.ts'
import { defineCommand } from '../define-command.ts'
import { putRecord } from '../put-record.ts'

export const setReminderHours = defineCommand({
  name: 'set-reminder-hours',
  schema: ReminderHoursFields,
  run: async ({ tx, actor, now, moved }, { from, to }) => {
    if (!isOffice(actor) && !isAdministrator(actor)) throw new Refusal('forbidden')
    const root = await tx.record('unit', ROOT_UNIT_ID)
    if (root === undefined) throw new Refusal('not-found')
    const fields = { ...(JSON.parse(root.fields) as Unit), reminderHours: { from, to } }
    const put = { type: 'unit', id: ROOT_UNIT_ID, fields, author: actor.personId, now }
    moved.add((await putRecord(tx, put)).scope)
    return { from, to }
  },
})
