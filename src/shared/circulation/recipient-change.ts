/**
 * A change of a circulation's recipients after dispatch: someone added, excused (免签) or signed for by a substitute, with the reason.
 *
 * Guarantees: who names a substitute is somebody else, and names them for one person who is on the list; only an officer changes
 * the list, but for one thing: who has come back and signed may end the substitution of the own signature, and nothing else.
 */
import * as v from 'valibot'
import { Id, Ids, RequiredText, ShortText } from '../fields.ts'
import { isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { unitScope } from '../sync/scopes.ts'

interface Change {
  circulationId: string
  personId: string
  change: string
  substituteId?: string | null | undefined
}
const changeSubject = (f: Pick<Change, 'circulationId' | 'personId'>): string =>
  `${f.circulationId}:${f.personId}`

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
    /** Who signs instead, as the officer saw the name. No default: what older phones wrote keeps its hash. */
    substituteName: v.optional(ShortText),
    reason: RequiredText,
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['circulationId'],
  scopeOf: (f) => unitScope(f.unitId),
  subject: changeSubject,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'circulation', id: f.circulationId }],
  related: (f) => [{ type: 'recipient-change', subject: changeSubject(f) }],
  canWrite: ({ actor, next, parents, related = [], observedAt }) => {
    const c = parents[0]?.fields as { unitId: string; recipients: { personId: string }[] } | undefined
    if (c?.unitId !== next.unitId) return 'forbidden'
    const others = related.map(({ id, fields }) => ({ id, ...(fields as unknown as Change) }))
    if (!isOfficerOf(actor, next.unitId, observedAt)) {
      const ended = others.filter(({ id }) => next.supersedes.includes(id))
      const isOwnEnd = next.change === 'restore' && actor.personId === next.personId
      const endsSubstitutes =
        ended.length === next.supersedes.length && ended.every(({ change }) => change === 'substitute')
      return (isOwnEnd && ended.length > 0 && endsSubstitutes) || 'forbidden'
    }
    if (next.change !== 'substitute') return true
    const isListed =
      c.recipients.some(({ personId }) => personId === next.personId) ||
      others.some(({ change }) => change === 'add')
    if (!isListed) return 'not-recipient'
    // Two people stand behind every signature for another: who names, and who signs.
    const isSomebodyElse = ![null, next.personId, actor.personId].includes(next.substituteId)
    return isSomebodyElse || 'forbidden'
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its circulation',
  label: (f) => `名单变更 · ${f.name}`,
})
export type RecipientChange = FieldsOf<typeof recipientChange>
