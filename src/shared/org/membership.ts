/**
 * A person belongs to a unit from a date to a date. Kept after it ends, so that old rolls keep their names; its name is what
 * the roster shows.
 */
import * as v from 'valibot'
import { CivilDate, Count, Id, RequiredText, ShortText } from '../fields.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { unitScope } from '../sync/scopes.ts'
import { isAdministrator } from './actor.ts'

export const MEMBER_KINDS = ['full', 'probationary', 'under-probation', 'none'] as const
export const MEMBER_KIND_WORDS = {
  full: '正式党员',
  probationary: '预备党员',
  'under-probation': '留党察看',
  none: '群众',
} as const

export const membership = defineRecord({
  type: 'membership',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    unitId: Id,
    name: RequiredText,
    staffNo: v.optional(ShortText, ''),
    memberKind: v.picklist(MEMBER_KINDS),
    /** 预备党员 and members under 留党察看 have none; it can also be suspended by hand. */
    votingRight: v.boolean(),
    /** A member of two units counts once, in the primary one. */
    primary: v.boolean(),
    /** Place in the hand-made order of the roster; 0 = none given. */
    handOrder: v.optional(Count, 0),
    from: CivilDate,
    to: v.optional(v.nullable(CivilDate), null),
  }),
  indexes: ['unitId', 'personId'],
  scopeOf: (f) => unitScope(f.unitId),
  personOf: (f) => f.personId,
  parents: (f) => [{ type: 'unit', id: f.unitId }],
  canWrite: ({ actor }) => isAdministrator(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept after its end: old rolls and sheets name their people',
  label: (f) => `所属单位 · ${f.name}`,
})
export type Membership = FieldsOf<typeof membership>
