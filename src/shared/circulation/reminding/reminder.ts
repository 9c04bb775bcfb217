/**
 * 催阅: an officer of the branch, or the Party office, asks one person once more to read and sign. A fact in the person's file,
 * so that the person and the officers see who reminded whom and when.
 *
 * Guarantees, kept by the endpoint whatever the phones believe: nobody is reminded who has signed, is excused, isn't on the list
 * or whose circulation asks no more; nobody more often than the cap, however many officers remind on however many phones,
 * because the endpoint counts what it has accepted, by its own clock.
 */
import * as v from 'valibot'
import { Count, Id, Millis, RequiredText, ShortText } from '../../fields.ts'
import { isOffice, isOfficerOf } from '../../org/actor.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import type { Circulation } from '../circulation.ts'
import { coverageOf, type RecipientState, type Stored } from '../coverage/coverage.ts'
import type { RecipientChange } from '../recipient-change.ts'
import { reminderBar } from './reminder-hours.ts'
import type { SignOff } from '../signing/sign-off.ts'
import { circulationStatus } from '../status.ts'

/** Of one person in one circulation: changes of the list and reminders have it in common. */
export const personSubject = (circulationId: string, personId: string): string =>
  `${circulationId}:${personId}`

export const isAsked = (state: RecipientState | undefined): boolean =>
  state === 'waiting' || state === 'outdated'

export const reminder = defineRecord({
  type: 'reminder',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    circulationId: Id,
    documentNo: v.optional(ShortText, ''),
    personId: Id,
    /** Who is reminded, as on the list. */
    name: RequiredText,
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
  parents: (f) => [{ type: 'circulation', id: f.circulationId }],
  related: (f, parents) => [
    { type: 'reminder', subject: personSubject(f.circulationId, f.personId) },
    { type: 'recipient-change', subject: personSubject(f.circulationId, f.personId) },
    ...((parents[0]?.fields as Circulation | undefined)?.revisions ?? []).map(({ revision }) => ({
      type: 'sign-off',
      subject: `${f.circulationId}:${revision}:${f.personId}`,
    })),
  ],
  canWrite: ({ actor, next, parents, related = [], observedAt }) => {
    const c = parents[0]?.fields as Circulation | undefined
    if (c === undefined || c.unitId !== next.unitId || next.byPersonId !== actor.personId) return 'forbidden'
    if (!isOfficerOf(actor, next.unitId, observedAt) && !isOffice(actor, observedAt)) return 'forbidden'
    const of = <Fields>(type: string) =>
      related.filter((r) => r.type === type) as unknown as (Stored<Fields> & { receivedAt: number })[]
    const { lines } = coverageOf(
      { id: next.circulationId, fields: c },
      of<RecipientChange>('recipient-change'),
      of<SignOff>('sign-off'),
    )
    const line = lines.find(({ personId }) => personId === next.personId)
    if (circulationStatus(c, actor.now) !== 'open') return 'circulation-recalled'
    if (!isAsked(line?.state)) return 'not-recipient'
    // By the endpoint's clock: what two phones made at different hours and delivered together comes to the person at once.
    const times = of('reminder').map(({ receivedAt }) => receivedAt)
    return reminderBar(times, actor.now) === null || 'already-recorded'
  },
  refusals: {
    'circulation-recalled': '文件已撤回或已归档，不用再催，催阅没有发出。',
    'not-recipient': '对方已签、免签或不在名单上，不用再催，催阅没有发出。',
    'already-recorded': '同一份文件，24 小时内只催一次，一共三次。已有人催过，这一次没有发出。',
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its circulation',
  label: (f) => `催阅 · ${f.name}`,
})
export type Reminder = FieldsOf<typeof reminder>
