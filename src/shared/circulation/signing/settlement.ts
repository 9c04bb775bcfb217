/**
 * Several sign-offs of one person under one revision: the own hand and a paper entry, or a substitute's. All are kept. Where
 * they differ, an officer settles which one counts for the sheet, with the reason; that is a fact, and so is a second thought.
 *
 * Guarantee: a settlement holds for the sign-offs that it names. One that comes later and differs opens the matter again; so do
 * two settlements that know nothing of each other. The order of arrival does not matter.
 */
import * as v from 'valibot'
import { Count, Id, Ids, RequiredText, ShortText } from '../../fields.ts'
import { isOfficerOf } from '../../org/actor.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { headsOf } from '../../sync/heads.ts'
import { fileScope } from '../../sync/scopes.ts'
import type { SignOff } from './sign-off.ts'

export const settlement = defineRecord({
  type: 'sign-off-settlement',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    circulationId: Id,
    documentNo: v.optional(ShortText, ''),
    personId: Id,
    name: RequiredText,
    revision: v.pipe(Count, v.minValue(1)),
    /** The sign-off that counts. */
    countsId: Id,
    /** Those beside it that the officer has seen; they stay. */
    besideIds: v.pipe(Ids, v.minLength(1), v.maxLength(20)),
    settledBy: Id,
    settledByName: v.optional(ShortText, ''),
    reason: RequiredText,
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['circulationId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.circulationId}:${f.revision}:${f.personId}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [f.countsId, ...f.besideIds].map((id) => ({ type: 'sign-off', id })),
  canWrite: ({ actor, next, parents, observedAt }) => {
    if (actor.personId !== next.settledBy || !isOfficerOf(actor, next.unitId, observedAt)) return 'forbidden'
    const isOfThis = (s: SignOff): boolean =>
      s.unitId === next.unitId &&
      s.circulationId === next.circulationId &&
      s.personId === next.personId &&
      s.revision === next.revision
    const areDistinct = new Set([next.countsId, ...next.besideIds]).size === 1 + next.besideIds.length
    return (areDistinct && parents.every((p) => isOfThis(p.fields as SignOff))) || 'invalid-fields'
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its circulation',
  label: (f) => `签字核定 · ${f.name}`,
})
export type Settlement = FieldsOf<typeof settlement>

interface Stored<Fields> {
  id: string
  fields: Fields
}

export interface Standing<S extends Stored<SignOff> = Stored<SignOff>> {
  /** The one that counts for the sheet; as long as it isn't settled the own hand, then a substitute's, then paper. */
  counts: S | undefined
  /** Kept beside it. */
  beside: S[]
  /** They differ, and nobody has settled it. */
  isOpen: boolean
  settledBy: Stored<Settlement> | undefined
}

const ORDER: readonly SignOff['mode'][] = ['in-person', 'substitute', 'paper']

/** In what a person would ask about: who signed, how, and what was written. The hand and the second of it never are the same. */
const differs = (a: SignOff, b: SignOff): boolean =>
  a.mode !== b.mode || a.signedBy !== b.signedBy || (a.opinion ?? '').trim() !== (b.opinion ?? '').trim()

/** @param signOffs of one person, under one revision @param settlements any; those of the same are looked for */
export function standingOf<S extends Stored<SignOff>>(
  signOffs: readonly S[],
  settlements: readonly Stored<Settlement>[],
): Standing<S> {
  const sorted = [...signOffs].sort(
    (a, b) =>
      ORDER.indexOf(a.fields.mode) - ORDER.indexOf(b.fields.mode) ||
      a.fields.signedAt - b.fields.signedAt ||
      (a.id < b.id ? -1 : 1),
  )
  const [first] = sorted
  if (first === undefined) return { counts: undefined, beside: [], isOpen: false, settledBy: undefined }
  const { circulationId, personId, revision } = first.fields
  const heads = headsOf(
    settlements
      .filter(
        ({ fields: f }) =>
          f.circulationId === circulationId && f.personId === personId && f.revision === revision,
      )
      .map((x) => ({ ...x, supersedes: x.fields.supersedes ?? [] })),
  ).sort((a, b) => (a.id < b.id ? -1 : 1))
  const [settledBy] = heads
  const counts = sorted.find(({ id }) => id === settledBy?.fields.countsId)
  const isAgreed = heads.every((head) => head.fields.countsId === settledBy?.fields.countsId)
  const named = new Set(heads.flatMap(({ fields: f }) => [f.countsId, ...f.besideIds]))
  const known = sorted.filter(({ id }) => named.has(id))
  const isAnswered = ({ id, fields }: S): boolean =>
    named.has(id) || known.some((one) => !differs(one.fields, fields))
  if (settledBy !== undefined && counts !== undefined && isAgreed && sorted.every(isAnswered))
    return { counts, beside: sorted.filter((s) => s !== counts), isOpen: false, settledBy }
  return {
    counts: first,
    beside: sorted.slice(1),
    isOpen: sorted.some(({ fields }) => differs(fields, first.fields)),
    settledBy: undefined,
  }
}
