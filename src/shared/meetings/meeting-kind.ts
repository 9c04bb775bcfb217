/**
 * A kind of meeting (三会一课 and others) as data: how often it is due, who should come, and the rules of voting with the
 * article each rests on. A rule's reading that is still to be checked says so (待核).
 */
import * as v from 'valibot'
import { CivilDate, Count, RequiredText, ShortText } from '../fields.ts'
import { isOffice } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { ORG_SCOPE } from '../sync/scopes.ts'

/** `part` of the base, compared with `comparator`: 半数以上 is { comparator: '>=', part: [1, 2] }, 超过半数 is '>'. */
export const VotingRule = v.object({
  comparator: v.picklist(['>=', '>']),
  part: v.tuple([v.pipe(Count, v.minValue(1)), v.pipe(Count, v.minValue(1))]),
  /** Of whom: all with a vote, or all who should come. */
  base: v.picklist(['voters', 'roster']),
  article: RequiredText,
  toBeChecked: v.boolean(),
})
export type VotingRule = v.InferOutput<typeof VotingRule>

export const meetingKind = defineRecord({
  type: 'meeting-kind',
  schemaVersion: 1,
  schema: v.object({
    name: RequiredText,
    order: v.optional(Count, 0),
    unitKinds: v.array(v.picklist(['branch', 'group', 'section'])),
    /** Who should come: the members of the unit, or its committee. */
    roster: v.picklist(['members', 'committee']),
    cadence: v.nullable(
      v.object({
        per: v.picklist(['month', 'quarter', 'year']),
        times: Count,
        source: ShortText,
        /** 待核: the reading of the source is still to be checked. */
        toBeChecked: v.optional(v.boolean(), false),
        /** Due from this day on; always when null. */
        since: v.optional(v.nullable(CivilDate), null),
      }),
    ),
    /** May the meeting vote? null: it does not vote. */
    quorum: v.nullable(VotingRule),
    /** Does a motion pass? */
    passing: v.nullable(VotingRule),
  }),
  indexes: [],
  scopeOf: () => ORG_SCOPE,
  canWrite: ({ actor }) => isOffice(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept',
  label: (f) => `会议类型 · ${f.name}`,
})
export type MeetingKind = FieldsOf<typeof meetingKind>
