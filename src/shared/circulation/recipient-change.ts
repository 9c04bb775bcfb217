/** A change of a circulation's recipients after dispatch: someone added, excused (免签) or signed for by a substitute, with the reason. */
import * as v from 'valibot'
import { Id, Ids, RequiredText } from '../fields.ts'
import { isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { unitScope } from '../sync/scopes.ts'

export const recipientChange = defineRecord({
  type: 'recipient-change',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    circulationId: Id,
    personId: Id,
    name: RequiredText,
    change: v.picklist(['add', 'excuse', 'substitute', 'restore']),
    substituteId: v.optional(v.nullable(Id), null),
    reason: RequiredText,
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['circulationId'],
  scopeOf: (f) => unitScope(f.unitId),
  subject: (f) => `${f.circulationId}:${f.personId}`,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'circulation', id: f.circulationId }],
  canWrite: ({ actor, next, parents, observedAt }) => {
    if (parents[0]?.fields.unitId !== next.unitId) return 'forbidden'
    return isOfficerOf(actor, next.unitId, observedAt) || 'forbidden'
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its circulation',
  label: (f) => `名单变更 · ${f.name}`,
})
export type RecipientChange = FieldsOf<typeof recipientChange>
