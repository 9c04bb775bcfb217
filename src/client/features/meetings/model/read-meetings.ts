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
}

export interface MeetingRoll {
  meeting: MeetingRow
  kind: MeetingKind
  unitName: string
  roster: RosterLine[]
  marks: RollMarkRow[]
}

export async function readRoll(db: PhoneDb, meetingId: string): Promise<MeetingRoll | null> {
  const meeting = await db.records('meeting').get(meetingId)
  if (meeting === undefined) return null
  const { unitId, kindId } = meeting.fields
  const [kind, unit, memberships, roles, marks] = await Promise.all([
    db.records('meeting-kind').get(kindId),
    db.records('unit').get(unitId),
    db.records('membership').where('fields.unitId').equals(unitId).toArray(),
    db.records('role').where('fields.unitId').equals(unitId).toArray(),
    db.records('roll-mark').where('fields.meetingId').equals(meetingId).toArray(),
  ])
  const kindFields = kind?.fields ?? UNKNOWN_KIND
  return {
    meeting: { id: meeting.id, fields: meeting.fields, pending: meeting.pending },
    kind: kindFields,
    unitName: unit?.fields.name ?? '',
    roster: rosterOf(
      meeting.fields,
      kindFields,
      memberships.map((m) => m.fields),
      roles.map((r) => r.fields),
      unit?.fields.kind,
    ),
    marks: marks.map(({ id, fields, observedAt, pending }) => ({ id, fields, observedAt, pending })),
  }
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
