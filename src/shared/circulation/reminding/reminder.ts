/**
 * 催阅: an officer of the branch, or the Party office, asks one person once more to read and sign. A fact in the person's file,
 * so that the person and the officers see who reminded whom and when. Where a substitute is named, the substitute is reminded
 * in the place of the person, and of everybody for whom they are to sign at once.
 *
 * Guarantees, kept by the endpoint whatever the phones believe: nobody is reminded who has nothing to sign (signed, excused, not
 * on the list, the circulation asks no more), nor on a day of leave or rest by the branch's roster; nobody more often than the
 * cap, however many officers remind on however many phones, because the endpoint counts what it has accepted, by its own clock.
 */
import * as v from 'valibot'
import { civilMonth, DAY_MS } from '../../civil-time.ts'
import { Count, Id, Ids, Millis, RequiredText, ShortText } from '../../fields.ts'
import { isOffice, isOfficerOf } from '../../org/actor.ts'
import { shiftRosterId } from '../../org/shifts/shift-roster.ts'
import type { RosterFacts } from '../../org/shifts/shifts.ts'
import type { Membership } from '../../org/membership.ts'
import { defineRecord, type FieldsOf, type RelatedRecord } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import type { Circulation } from '../circulation.ts'
import { coverageOf, type RecipientLine, type RecipientState, type Stored } from '../coverage/coverage.ts'
import type { RecipientChange } from '../recipient-change.ts'
import { reminderBar, reminderHoursOf } from './reminder-hours.ts'
import type { SignOff } from '../signing/sign-off.ts'
import { substitutionsOf } from '../signing/substitution.ts'
import { circulationStatus } from '../status.ts'

/** Of one person in one circulation: changes of the list and reminders have it in common. */
export const personSubject = (circulationId: string, personId: string): string =>
  `${circulationId}:${personId}`

/** Who has something to sign in the circulation: their own, or somebody's as the substitute. */
const concerned = (f: { personId: string; forPersonIds: readonly string[] }): string[] => [
  f.personId,
  ...f.forPersonIds,
]

/** A unit's rosters of the days around. */
function rosterIds(unitId: string, at: number): string[] {
  const months = new Set([at - DAY_MS, at, at + 27 * DAY_MS].map(civilMonth))
  return [...months].map((month) => shiftRosterId(unitId, month))
}

/** Where else the person's shifts may stand: the sections to which they belong, whose rosters the officer's phone may not hold. */
const otherUnits = (branchId: string, found: readonly RelatedRecord[]): string[] =>
  found
    .filter(({ type }) => type === 'membership')
    .map(({ fields }) => (fields as unknown as Membership).unitId)
    .filter((unitId) => unitId !== branchId)

export const isAsked = (state: RecipientState | undefined): boolean =>
  state === 'waiting' || state === 'outdated'

/** Is the sign-off of `personId` still asked for, and is it `byId` who is to give it? Substitutes stand in the person's place. */
function isDue(
  lines: readonly RecipientLine[],
  changes: readonly Stored<RecipientChange>[],
  personId: string,
  byId: string,
): boolean {
  if (!isAsked(lines.find((line) => line.personId === personId)?.state)) return false
  const named = substitutionsOf(changes).filter((s) => s.personId === personId)
  return named.length === 0 ? personId === byId : named.some(({ substituteId }) => substituteId === byId)
}

export const reminder = defineRecord({
  type: 'reminder',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    circulationId: Id,
    documentNo: v.optional(ShortText, ''),
    /** Who is reminded. */
    personId: Id,
    name: RequiredText,
    /** For whom they are to sign as the substitute; their own signature may be due beside. */
    forPersonIds: v.optional(Ids, []),
    byPersonId: Id,
    byName: RequiredText,
    /** The revision that is to be signed. */
    revision: v.pipe(Count, v.minValue(1)),
    /** Device time (UTC ms). */
    at: Millis,
  }),
  indexes: ['circulationId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => personSubject(f.circulationId, f.personId),
  personOf: (f) => f.personId,
  parents: (f) => [
    { type: 'circulation', id: f.circulationId },
    ...rosterIds(f.unitId, f.at).map((id) => ({ type: 'shift-roster', id, optional: true as const })),
  ],
  related: (f, parents, found) => [
    { type: 'reminder', subject: personSubject(f.circulationId, f.personId) },
    { type: 'membership', person: f.personId },
    ...otherUnits(f.unitId, found)
      .flatMap((unitId) => rosterIds(unitId, f.at))
      .map((id) => ({ type: 'shift-roster', id })),
    ...concerned(f).flatMap((personId) => [
      { type: 'recipient-change', subject: personSubject(f.circulationId, personId) },
      ...((parents[0]?.fields as Circulation | undefined)?.revisions ?? []).map(({ revision }) => ({
        type: 'sign-off',
        subject: `${f.circulationId}:${revision}:${personId}`,
      })),
    ]),
  ],
  canWrite: ({ actor, next, parents, related = [], observedAt }) => {
    const c = parents[0]?.fields as Circulation | undefined
    if (c === undefined || c.unitId !== next.unitId || next.byPersonId !== actor.personId) return 'forbidden'
    if (!isOfficerOf(actor, next.unitId, observedAt) && !isOffice(actor, observedAt)) return 'forbidden'
    const of = <Fields>(type: string) =>
      related.filter((r) => r.type === type) as unknown as (Stored<Fields> & { receivedAt: number })[]
    const changes = of<RecipientChange>('recipient-change')
    const { lines } = coverageOf({ id: next.circulationId, fields: c }, changes, of<SignOff>('sign-off'))
    if (circulationStatus(c, actor.now) !== 'open') return 'circulation-recalled'
    if (!concerned(next).some((personId) => isDue(lines, changes, personId, next.personId)))
      return 'not-recipient'
    // By the endpoint's clock: what two phones made at different hours and delivered together comes to the person at once.
    const times = of('reminder').map(({ receivedAt }) => receivedAt)
    const rosters = [...parents, ...related].filter((p) => p.type === 'shift-roster').map((p) => p.fields)
    const plan = {
      personId: next.personId,
      hours: reminderHoursOf(undefined),
      rosters: rosters as unknown as RosterFacts[],
    }
    const bar = reminderBar(times, plan, actor.now)
    return bar === null || (bar === 'leave' || bar === 'rest' ? 'not-recipient' : 'already-recorded')
  },
  refusals: {
    'circulation-recalled': '文件已撤回或已归档，不用再催，催阅没有发出。',
    'not-recipient': '对方已签、免签、已请人代签、正在请假或休息，不用再催，催阅没有发出。',
    'already-recorded': '同一份文件，24 小时内只催一次，一共三次。已有人催过，这一次没有发出。',
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its circulation',
  label: (f) => `催阅 · ${f.name}`,
})
export type Reminder = FieldsOf<typeof reminder>
