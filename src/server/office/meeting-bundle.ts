/** A meeting with everything that checks it, sealed by the endpoint: for the file, and for `verify-meeting`. */
import { sealStatement, type Filed } from '../../shared/bundle/filed.ts'
import {
  MEETING_PURPOSE,
  meetingVersionFor,
  type MeetingBundle,
  type SealedMeeting,
} from '../../shared/meetings/bundle/bundle.ts'
import type { RollClaim } from '../../shared/meetings/codes/roll-claim.ts'
import type { MeetingKind } from '../../shared/meetings/meeting-kind.ts'
import type { Meeting } from '../../shared/meetings/meeting.ts'
import type { MinutesCorrection } from '../../shared/meetings/minutes/correction.ts'
import type { Minutes } from '../../shared/meetings/minutes/minutes.ts'
import type { RollMark } from '../../shared/meetings/roll-mark.ts'
import { rosterOf } from '../../shared/meetings/roster.ts'
import type { Resolution } from '../../shared/meetings/voting/resolution.ts'
import { isOffice, isOfficerOf } from '../../shared/org/actor.ts'
import type { Membership } from '../../shared/org/membership.ts'
import type { Role } from '../../shared/org/role.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { unitScope } from '../../shared/sync/scopes.ts'
import type { Actors } from '../auth/access.ts'
import { countersignKey } from '../auth/countersign-key.ts'
import { Refusal } from '../problem.ts'
import { noteExport } from './note-export.ts'
import type { ReadTx, RecordStore, StoredRecord } from '../store/record-store.ts'

export interface MeetingBundleQuestion {
  meetingId: string
  personId: string
  now: number
}

/** @returns with the scope that the note was written to. @throws Refusal not-found, also for who is neither of the office nor an officer of the unit now */
export async function exportMeeting(
  store: RecordStore,
  actors: Actors,
  { meetingId, personId, now }: MeetingBundleQuestion,
): Promise<{ bundle: SealedMeeting; moved: string[] }> {
  // First, so that it is among the keys that are read.
  const key = await countersignKey(store, now)
  const bundle = await store.read(async (tx) => {
    const stored = await tx.record('meeting', meetingId)
    if (stored === undefined || stored.deleted) throw new Refusal('not-found')
    const { unitId } = JSON.parse(stored.fields) as Meeting
    const actor = await actors(tx, personId, now)
    // Who may not know of it learns nothing of it.
    if (!isOffice(actor) && !isOfficerOf(actor, unitId)) throw new Refusal('not-found')
    const asking = await tx.account({ personId })
    return readBundle(tx, stored, { exportedAt: now, exportedBy: { personId, name: asking?.name ?? '' } })
  })
  const sealed = { ...bundle, seal: { keyId: key.keyId, signature: await key.sign(sealStatement(bundle)) } }
  const { title, date } = bundle.meeting.fields
  const { scope } = await noteExport(store, {
    kind: 'meeting',
    year: date.slice(0, 4),
    title,
    unitName: bundle.unit.name,
    exportedBy: bundle.exportedBy,
    now,
  })
  return { bundle: sealed, moved: [scope] }
}

async function readBundle(
  tx: ReadTx,
  stored: StoredRecord,
  exported: Pick<MeetingBundle, 'exportedAt' | 'exportedBy'>,
): Promise<MeetingBundle> {
  const meeting = filed<Meeting>([stored])[0]!
  const { id, fields } = meeting
  const scope = unitScope(fields.unitId)
  const unit = await tx.record('unit', fields.unitId)
  const unitFields = unit === undefined ? undefined : (JSON.parse(unit.fields) as Unit)
  const kindRow = await tx.record('meeting-kind', fields.kindId)
  const kind = kindRow === undefined || kindRow.deleted ? null : filed<MeetingKind>([kindRow])[0]!
  const ofUnit = async <T>(type: string, inScope = scope) =>
    filed<T>(await tx.records({ types: [type], scopes: [inScope] }))
  const memberships = (await ofUnit<Membership>('membership')).map((m) => m.fields)
  const roles = (await ofUnit<Role>('role')).map((r) => r.fields)
  const marks = await marksOf(tx, id, fields)
  const claims = await claimsOf(tx, marks)
  const ofMeeting = <T extends { meetingId: string }>(rows: Filed<T>[]) =>
    rows.filter((row) => row.fields.meetingId === id)
  const resolutions = ofMeeting(await ofUnit<Resolution>('resolution'))
  const minutes = ofMeeting(await ofUnit<Minutes>('minutes')).filter((row) => row.fields.stage === 'fixed')
  const corrections = ofMeeting(await ofUnit<MinutesCorrection>('minutes-correction'))
  const roster = rosterOf(fields, kind?.fields ?? { roster: 'members' }, memberships, roles, unitFields?.kind)
  const acted = [
    fields.chairId,
    fields.recorderId,
    ...marks.map((row) => row.fields.markedBy),
    ...resolutions.map((row) => row.fields.recordedBy),
    ...[...minutes, ...corrections].flatMap((row) => [row.fields.writerId, row.fields.confirmedBy]),
  ].flatMap((personId) => personId ?? [])
  const signers = [
    ...[...minutes, ...corrections].flatMap((row) => row.fields.confirmedBy ?? []),
    ...marks.flatMap((row) => (row.fields.proof == null ? [] : [row.fields.personId, row.fields.markedBy])),
    ...claims.map((row) => row.fields.shownBy),
  ]
  return {
    purpose: MEETING_PURPOSE,
    version: meetingVersionFor(minutes),
    ...exported,
    unit: { id: fields.unitId, name: unitFields?.name ?? '' },
    meeting,
    kind,
    roster,
    names: await namesOf(tx, acted, new Set(roster.map(({ personId }) => personId))),
    marks,
    claims,
    resolutions,
    minutes,
    corrections,
    deviceKeys:
      signers.length === 0
        ? []
        : filed(await tx.records({ types: ['device-key'], persons: [...new Set(signers)] })),
    endpointKeys: filed(await tx.records({ types: ['endpoint-key'] })),
  }
}

/** Of everybody who ever had a file in the unit: a mark is found whoever it is of, on the roster or not. */
async function marksOf(tx: ReadTx, meetingId: string, { unitId, sittings }: Meeting) {
  const prefix = `file:${unitId}:`
  const persons = (await tx.scopesWithPrefix(prefix)).map(({ name }) => name.slice(prefix.length))
  const subjects = sittings.flatMap(({ id }) => persons.map((personId) => `${id}:${personId}`))
  const found = filed<RollMark>(await tx.records({ types: ['roll-mark'], subjects }))
  return found.filter(({ fields }) => fields.meetingId === meetingId)
}

/** Those that a proof names. */
async function claimsOf(tx: ReadTx, marks: readonly Filed<RollMark>[]): Promise<Filed<RollClaim>[]> {
  const rows: StoredRecord[] = []
  for (const id of new Set(marks.flatMap(({ fields }) => fields.proof?.claimId ?? []))) {
    const row = await tx.record('roll-claim', id)
    if (row !== undefined) rows.push(row)
  }
  return filed<RollClaim>(rows)
}

async function namesOf(tx: ReadTx, personIds: readonly string[], known: ReadonlySet<string>) {
  const names: MeetingBundle['names'] = []
  for (const personId of new Set(personIds)) {
    if (known.has(personId)) continue
    const account = await tx.account({ personId })
    if (account !== undefined) names.push({ personId, name: account.name })
  }
  return names
}

const filed = <Fields>(rows: readonly StoredRecord[]): Filed<Fields>[] =>
  rows
    .filter(({ deleted }) => !deleted)
    .map(({ id, author, observedAt, receivedAt, fields }) => ({
      id,
      author,
      observedAt,
      receivedAt,
      fields: JSON.parse(fields) as Fields,
    }))
