/** A unit: the bureau (its fixed id is 'root'), committees, branches, groups, sections, and the posting units of window staff. */
import * as v from 'valibot'
import { CivilDate, Count, Id, RequiredText, ShortText } from '../fields.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { ORG_SCOPE } from '../sync/scopes.ts'
import { isAdministrator } from './actor.ts'

export const UNIT_KINDS = [
  'bureau',
  'committee',
  'general-branch',
  'branch',
  'group',
  'section',
  'posting',
] as const
export type UnitKind = (typeof UNIT_KINDS)[number]

/** 'HH:MM' by the hall's wall clock; `to` is exclusive and later on the same day. */
export interface ReminderHours {
  from: string
  to: string
}
export const USUAL_REMINDER_HOURS: ReminderHours = { from: '08:00', to: '20:00' }
const Time = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应写成 08:00 的样子'))
export const ReminderHoursFields = v.pipe(
  v.object({ from: Time, to: Time }),
  v.check(({ from, to }) => from < to, '开始的时间应早于结束的时间'),
)

export const unit = defineRecord({
  type: 'unit',
  schemaVersion: 1,
  schema: v.object({
    kind: v.picklist(UNIT_KINDS),
    name: RequiredText,
    shortName: v.optional(ShortText),
    parentId: v.nullable(Id),
    order: v.optional(Count, 0),
    endedOn: v.optional(v.nullable(CivilDate), null),
    /** Of the bureau alone: when people may be reminded whose shift nobody wrote. */
    reminderHours: v.optional(ReminderHoursFields),
  }),
  indexes: ['kind', 'parentId'],
  scopeOf: () => ORG_SCOPE,
  canWrite: ({ actor }) => isAdministrator(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept: old rolls and sheets name their units',
  label: (f) => `单位 · ${f.name}`,
})
export type Unit = FieldsOf<typeof unit>
