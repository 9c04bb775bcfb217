/** A set of indicators for one side of the assessment, with a version. Sets are data; what the project ships is marked 示例. */
import * as v from 'valibot'
import { SIDES } from './sides.ts'
import { Count, CivilDate, Id, LongText, RequiredText, ShortText } from '../fields.ts'
import { isOffice } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { ORG_SCOPE } from '../sync/scopes.ts'

export const Indicator = v.object({
  id: v.pipe(Id, v.maxLength(40)),
  group: v.optional(ShortText, ''),
  /** One of the five aspects of 星级党员. */
  aspect: v.optional(ShortText, ''),
  title: RequiredText,
  description: v.optional(LongText, ''),
  max: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  step: v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(100)), 0.5),
})
export type Indicator = v.InferOutput<typeof Indicator>

export const indicatorSet = defineRecord({
  type: 'indicator-set',
  schemaVersion: 1,
  schema: v.object({
    name: RequiredText,
    side: v.picklist([...SIDES, 'post']),
    version: Count,
    sample: v.optional(v.boolean(), false),
    validFrom: CivilDate,
    validTo: v.optional(v.nullable(CivilDate), null),
    indicators: v.pipe(
      v.array(Indicator),
      v.minLength(1),
      v.maxLength(200),
      v.check(
        (list) => new Set(list.map((i) => i.id)).size === list.length,
        '指标编号有重复，请改成各不相同',
      ),
    ),
  }),
  indexes: ['side'],
  scopeOf: () => ORG_SCOPE,
  canWrite: ({ actor }) => isOffice(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept: results name their indicators',
  label: (f) => `指标体系 · ${f.name}`,
})
export type IndicatorSet = FieldsOf<typeof indicatorSet>
