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
