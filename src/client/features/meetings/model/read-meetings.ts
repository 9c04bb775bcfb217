/** Meetings with their rosters and marks, from the rows on the phone. Called inside live queries: reads tables only. */
import { isOfficerOf, spanHolds, type Actor } from '../../../../shared/org/actor.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import type { MeetingKind } from '../../../../shared/meetings/meeting-kind.ts'
import type { StoredMark } from '../../../../shared/meetings/roll.ts'
import { rosterOf, type RosterLine } from '../../../../shared/meetings/roster.ts'
import type { PhoneDb } from '../../../storage/db.ts'

export interface MeetingRow {
  id: string
  fields: Meeting
  pending: 0 | 1
}

/** A meeting whose kind has not come yet, or was taken away, is still shown: nothing votes in it. */
export const UNKNOWN_KIND: MeetingKind = {
  name: '会议',
  order: 0,
  unitKinds: [],
  roster: 'members',
  cadence: null,
  quorum: null,
  passing: null,
}

export interface RollMarkRow extends StoredMark {
  pending: 0 | 1
  /** Who wrote it; another than `markedBy` never stands at the endpoint. */
  author: string
  receivedAt: number | null
}

export interface MeetingRoll {
  meeting: MeetingRow
  kind: MeetingKind
  unitName: string
  roster: RosterLine[]
  marks: RollMarkRow[]
}

const once = (ids: readonly string[]): string[] => [...new Set(ids)]

/** By id; a kind that is not on the phone stands as {@link UNKNOWN_KIND}. */
export async function readKinds(
  db: PhoneDb,
  meetings: readonly MeetingRow[],
): Promise<(kindId: string) => MeetingKind> {
  const rows = await db.records('meeting-kind').bulkGet(once(meetings.map((m) => m.fields.kindId)))
  const kinds = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row.fields]])))
  return (kindId) => kinds.get(kindId) ?? UNKNOWN_KIND
}

async function readUnit(db: PhoneDb, unitId: string) {
  const [unit, memberships, roles] = await Promise.all([
    db.records('unit').get(unitId),
    db.records('membership').where('fields.unitId').equals(unitId).toArray(),
    db.records('role').where('fields.unitId').equals(unitId).toArray(),
  ])
  return {
    unit: unit?.fields,
    memberships: memberships.map((m) => m.fields),
    roles: roles.map((r) => r.fields),
  }
}

/** The rolls of several meetings, in their order. What they share is read once: each read costs a slow phone its time. */
export async function readRolls(db: PhoneDb, meetings: readonly MeetingRow[]): Promise<MeetingRoll[]> {
  const unitIds = once(meetings.map((m) => m.fields.unitId))
  const [kindOf, units, marks] = await Promise.all([
    readKinds(db, meetings),
    Promise.all(unitIds.map(async (id) => [id, await readUnit(db, id)] as const)),
    Promise.all(
      meetings.map((m) => db.records('roll-mark').where('fields.meetingId').equals(m.id).toArray()),
    ),
  ])
  const unitsById = new Map(units)
  return meetings.map((meeting, at) => {
    const kind = kindOf(meeting.fields.kindId)
    const { unit, memberships = [], roles = [] } = unitsById.get(meeting.fields.unitId) ?? {}
    return {
      meeting,
      kind,
      unitName: unit?.name ?? '',
      roster: rosterOf(meeting.fields, kind, memberships, roles, unit?.kind),
      marks: (marks[at] ?? []).map(({ id, fields, observedAt, pending, author, receivedAt }) => ({
        id,
        fields,
        observedAt,
        pending,
        author,
        receivedAt,
      })),
    }
  })
}

export async function readRoll(db: PhoneDb, meetingId: string): Promise<MeetingRoll | null> {
  const row = await db.records('meeting').get(meetingId)
  if (row === undefined) return null
  const { id, fields, pending } = row
  const [roll] = await readRolls(db, [{ id, fields, pending }])
  return roll ?? null
}

/** Meetings of the units that the person belongs to or is an officer of, the newest first. */
export async function readMeetings(db: PhoneDb, actor: Actor): Promise<MeetingRow[]> {
  const mine = new Set(actor.memberships.filter((m) => spanHolds(m, actor.now)).map((m) => m.unitId))
  const rows = await db.records('meeting').orderBy('fields.date').reverse().toArray()
  return rows
    .filter((row) => mine.has(row.fields.unitId) || isOfficerOf(actor, row.fields.unitId))
    .map(({ id, fields, pending }) => ({ id, fields, pending }))
}

/** How many people have a mark, by sitting. */
export async function readMarkCounts(
  db: PhoneDb,
  meetingIds: readonly string[],
): Promise<Map<string, number>> {
  const marks = await db
    .records('roll-mark')
    .where('fields.meetingId')
    .anyOf([...meetingIds])
    .toArray()
  const people = new Map<string, Set<string>>()
  for (const { fields } of marks) {
    const set = people.get(fields.sittingId) ?? new Set()
    people.set(fields.sittingId, set.add(fields.personId))
  }
  return new Map([...people].map(([sittingId, set]) => [sittingId, set.size]))
}
