/**
 * 催阅 by the Party office, for any set of branches in one act: wholly or not at all, once however often it is sent.
 *
 * Guarantee: it writes what each branch's officer could have written (shared/circulation/reminder.ts), under the same cap and to
 * the same people: those who have not signed the present revision, or their substitutes, and nobody else; nobody on a day of
 * leave or rest by the rosters of the branch and of the sections.
 */
import * as v from 'valibot'
import { Id } from '../../../shared/fields.ts'
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import { coverageOf, type Stored } from '../../../shared/circulation/coverage/coverage.ts'
import type { RecipientChange } from '../../../shared/circulation/recipient-change.ts'
import { receiversOf, type Receiver } from '../../../shared/circulation/reminding/receivers.ts'
import { isAsked, personSubject, type Reminder } from '../../../shared/circulation/reminding/reminder.ts'
import { reminderBar, reminderShownFrom } from '../../../shared/circulation/reminding/reminder-hours.ts'
import { currentRevision } from '../../../shared/circulation/document/revisions.ts'
import type { SignOff } from '../../../shared/circulation/signing/sign-off.ts'
import { substitutionsOf } from '../../../shared/circulation/signing/substitution.ts'
import { circulationStatus } from '../../../shared/circulation/status.ts'
import { isOffice, isOfficerOf } from '../../../shared/org/actor.ts'
import { unitScope } from '../../../shared/sync/scopes.ts'
import { Refusal } from '../../problem.ts'
import type { WriteTx } from '../../store/record-store.ts'
import { defineCommand } from '../define-command.ts'
import { putRecord } from '../put-record.ts'
import { rostersFor } from './rosters-around.ts'

interface Open extends Stored<Circulation> {
  /** Whom to remind. */
  receivers: Receiver[]
  /** When each was reminded (UTC ms), by person. */
  reminded: Map<string, number[]>
}

const storedOf = <Fields>(rows: readonly { id: string; fields: string }[]): Stored<Fields>[] =>
  rows.map(({ id, fields }) => ({ id, fields: JSON.parse(fields) as Fields }))

async function readOpen(tx: WriteTx, circulationId: string, now: number): Promise<Open | undefined> {
  const stored = await tx.record('circulation', circulationId)
  if (stored === undefined || stored.deleted) return undefined
  const fields = JSON.parse(stored.fields) as Circulation
  if (circulationStatus(fields, now) !== 'open') return undefined
  const scopes = [unitScope(fields.unitId)]
  const ofBranch = storedOf<RecipientChange>(await tx.records({ types: ['recipient-change'], scopes }))
  const changes = ofBranch.filter((change) => change.fields.circulationId === circulationId)
  const persons = [...new Set([...fields.recipients, ...changes.map((c) => c.fields)].map((p) => p.personId))]
  const signOffs = storedOf<SignOff>(
    await tx.records({
      types: ['sign-off'],
      subjects: fields.revisions.flatMap(({ revision }) =>
        persons.map((person) => `${circulationId}:${revision}:${person}`),
      ),
    }),
  )
  const { lines } = coverageOf({ id: circulationId, fields }, changes, signOffs)
  const receivers = receiversOf(
    lines.filter(({ state }) => isAsked(state)),
    substitutionsOf(changes),
  )
  const reminders = await tx.records({
    types: ['reminder'],
    subjects: receivers.map(({ personId }) => personSubject(circulationId, personId)),
  })
  const times = Map.groupBy(reminders, (r) => r.person ?? '')
  return {
    id: circulationId,
    fields,
    receivers,
    reminded: new Map([...times].map(([person, rows]) => [person, rows.map((r) => r.receivedAt)])),
  }
}

export const remindUnsigned = defineCommand({
  name: 'remind-unsigned',
  schema: v.object({
    documentId: Id,
    /** All of its branches unless told. */
    unitIds: v.optional(v.pipe(v.array(Id), v.minLength(1), v.maxLength(500))),
  }),
  run: async ({ tx, parts, actor, now, moved }, { documentId, unitIds }) => {
    const rows = (await tx.coverageOfDocuments([documentId])).filter(
      (row) => unitIds === undefined || unitIds.includes(row.unit_id),
    )
    const mayAll = isOffice(actor) || rows.every((row) => isOfficerOf(actor, row.unit_id))
    if (!mayAll) throw new Refusal('forbidden')
    if (rows.length === 0) throw new Refusal('not-found')
    const byName = (await tx.account({ personId: actor.personId }))?.name ?? ''
    const counts = { reminded: 0, branches: 0, tooSoon: 0, tooMany: 0, away: 0 }
    const rosters = rostersFor(tx, now)
    for (const { circulation_id: id } of rows.filter((row) => row.waiting + row.outdated > 0)) {
      const open = await readOpen(tx, id, now)
      const before = counts.reminded
      if (open === undefined) continue
      const plan = { hours: await rosters.hours(), rosters: await rosters.of(open.fields.unitId) }
      for (const { personId, name, forPersonIds } of open.receivers) {
        const bar = reminderBar(open.reminded.get(personId) ?? [], { ...plan, personId }, now)
        if (bar === 'too-soon') counts.tooSoon++
        if (bar === 'too-many') counts.tooMany++
        if (bar === 'leave' || bar === 'rest') counts.away++
        if (bar !== null) continue
        const fields: Reminder = {
          unitId: open.fields.unitId,
          circulationId: id,
          documentNo: open.fields.documentNo,
          personId,
          name,
          forPersonIds,
          byPersonId: actor.personId,
          byName,
          revision: currentRevision(open.fields).revision,
          at: now,
        }
        const put = { type: 'reminder', id: parts.newId(), fields, author: actor.personId, now }
        moved.add((await putRecord(tx, put)).scope)
        counts.reminded++
      }
      if (counts.reminded > before) counts.branches++
    }
    // Of those whose shift nobody wrote.
    const usual = { personId: '', hours: await rosters.hours(), rosters: [] }
    return { ...counts, shownFrom: reminderShownFrom(now, usual) }
  },
})
