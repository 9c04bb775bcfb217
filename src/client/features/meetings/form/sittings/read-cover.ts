/** Who should come to the meeting that is being written, and the shifts of these people around its days. */
import { rosterOf } from '../../../../../shared/meetings/roster.ts'
import type { RosterFacts } from '../../../../../shared/org/shifts/shifts.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { aroundMonth, readRosters } from '../../shifts/read-shifts.ts'

export interface CoverFacts {
  people: { personId: string; name: string }[]
  rosters: RosterFacts[]
}

export async function readCover(
  db: PhoneDb,
  asked: { unitId: string; kindId: string; date: string },
): Promise<CoverFacts> {
  const [unit, kind, memberships, roles, rosters] = await Promise.all([
    db.records('unit').get(asked.unitId),
    db.records('meeting-kind').get(asked.kindId),
    db.records('membership').where('fields.unitId').equals(asked.unitId).toArray(),
    db.records('role').where('fields.unitId').equals(asked.unitId).toArray(),
    readRosters(db, aroundMonth(asked.date.slice(0, 7))),
  ])
  const people = rosterOf(
    asked,
    kind?.fields ?? { roster: 'members' },
    memberships.map(({ fields }) => fields),
    roles.map(({ fields }) => fields),
    unit?.fields.kind,
  )
  return { people: people.map(({ personId, name }) => ({ personId, name })), rosters }
}
