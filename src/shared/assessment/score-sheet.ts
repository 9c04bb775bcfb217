/** A desk's sheet for one person and month, in work: one for each side, never mixed before the month's result. */
import * as v from 'valibot'
import { Id, Millis, Month, Points, ShortText } from '../fields.ts'
import { isScorerOf } from '../org/actor.ts'
import { idFrom } from '../sync/canonical.ts'
import { monthInWords } from '../civil-time.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { deskScope } from '../sync/scopes.ts'
import { sideOfUnitKind } from './applicable-set.ts'
import { SIDES, type Side } from './sides.ts'
import { monthResultId } from './month-result.ts'

export const Score = v.object({
  score: v.optional(v.nullable(Points), null),
  reason: v.optional(ShortText, ''),
  evidence: v.optional(ShortText, ''),
  scorerId: v.optional(v.nullable(Id), null),
  at: v.optional(v.nullable(Millis), null),
})
export type Score = v.InferOutput<typeof Score>

/** Plus or minus points from inspections (四查四纠). */
export const Adjustment = v.object({
  points: Points,
  reason: v.pipe(ShortText, v.minLength(1, '须写明理由')),
  scorerId: Id,
  at: Millis,
})

export const scoreSheetId = (unitId: string, personId: string, month: string, side: Side): string =>
  idFrom('score-sheet', unitId, personId, month, side)

export const scoreSheet = defineRecord({
  type: 'score-sheet',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    personId: Id,
    name: v.optional(ShortText, ''),
    month: Month,
    side: v.picklist(SIDES),
    setId: Id,
    scores: v.optional(v.record(v.string(), Score), {}),
    adjustments: v.optional(v.record(v.string(), Adjustment), {}),
    done: v.optional(v.boolean(), false),
  }),
  indexes: ['month', 'personId'],
  scopeOf: (f) => deskScope(f.unitId),
  personOf: (f) => f.personId,
  parents: (f) => [{ type: 'month-result', id: monthResultId(f.personId, f.month, f.side), optional: true }],
  canWrite: ({ actor, next, parents, observedAt }) => {
    if (!isScorerOf(actor, next.unitId, observedAt)) return 'forbidden'
    // A desk writes its own side only: otherwise a branch could score the work side of its own people.
    if (sideOfUnitKind(actor.unitsById.get(next.unitId)?.kind) !== next.side) return 'forbidden'
    return parents.some((p) => p.type === 'month-result') ? 'month-frozen' : true
  },
  conflict: 'draft',
  keepOnPhone: 12,
  retention: 'three years',
  label: (f) => `评分表 · ${f.name} · ${monthInWords(f.month)}`,
})
export type ScoreSheet = FieldsOf<typeof scoreSheet>
