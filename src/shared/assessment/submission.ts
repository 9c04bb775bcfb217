/** A self-assessment as it was submitted to one side. It informs the scorers and never overwrites them. */
import * as v from 'valibot'
import { Id, Ids, Month, RequiredText } from '../fields.ts'
import { isMemberOf } from '../org/actor.ts'
import { monthInWords } from '../civil-time.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope } from '../sync/scopes.ts'
import { sideOfUnitKind } from './applicable-set.ts'
import { SIDES } from './sides.ts'
import { monthResultId } from './month-result.ts'
import { Answers } from './self-assessment.ts'

export const submission = defineRecord({
  type: 'submission',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    name: RequiredText,
    /** The branch for the party side, the section for the work side. */
    unitId: Id,
    month: Month,
    side: v.picklist(SIDES),
    setId: Id,
    answers: Answers,
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['month', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.personId}:${f.month}:${f.side}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [
    { type: 'indicator-set', id: f.setId },
    { type: 'month-result', id: monthResultId(f.personId, f.month, f.side), optional: true },
  ],
  canWrite: ({ actor, next, parents, observedAt }) => {
    if (actor.personId !== next.personId || !isMemberOf(actor, next.unitId, observedAt)) return 'forbidden'
    if (sideOfUnitKind(actor.unitsById.get(next.unitId)?.kind) !== next.side) return 'forbidden'
    return parents.some((p) => p.type === 'month-result') ? 'month-frozen' : true
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'three years',
  label: (f) => `提交自评 · ${monthInWords(f.month)}`,
})
export type Submission = FieldsOf<typeof submission>
