/** A role on one unit, from a date to a date. What was done while it was valid stays valid. */
import * as v from 'valibot'
import { CivilDate, Id, RequiredText, ShortText } from '../fields.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { unitScope } from '../sync/scopes.ts'
import { isAdministrator } from './actor.ts'

export const ROLE_NAMES = [
  'branch-officer',
  'group-leader',
  'section-scorer',
  'office',
  'administrator',
] as const
export const ROLE_WORDS = {
  'branch-officer': '支部委员',
  'group-leader': '党小组组长',
  'section-scorer': '科室评分人',
  office: '党建科',
  administrator: '系统管理员',
} as const

export const role = defineRecord({
  type: 'role',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    unitId: Id,
    name: v.optional(ShortText, ''),
    role: v.picklist(ROLE_NAMES),
    /** 支部书记, 组织委员 … as it stands on paper. */
    title: RequiredText,
    from: CivilDate,
    to: v.optional(v.nullable(CivilDate), null),
    /** Ended for cause: nothing that arrives afterwards counts, whenever it was written. */
    revokedForCause: v.optional(v.boolean(), false),
  }),
  indexes: ['unitId', 'personId'],
  scopeOf: (f) => unitScope(f.unitId),
  personOf: (f) => f.personId,
  parents: (f) => [{ type: 'unit', id: f.unitId }],
  canWrite: ({ actor, next }) => {
    if (!isAdministrator(actor)) return 'forbidden'
    // A revocation without an end would end nothing.
    return !next.revokedForCause || next.to !== null || 'invalid-fields'
  },
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept after its end: what was done under it stays valid',
  label: (f) => `职务 · ${f.title}`,
})
export type Role = FieldsOf<typeof role>
