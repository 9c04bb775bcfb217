/** What 签到表 is made of, from the rows on the phone. Called inside live queries. */
import { civilInstant, civilMonth } from '../../../../shared/civil-time.ts'
import { spanHolds } from '../../../../shared/org/actor.ts'
import type { RosterFacts } from '../../../../shared/org/shifts/shifts.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readMakeUps } from '../model/make-ups.ts'
import { readRoll, type MeetingRoll } from '../model/read-meetings.ts'
import { groupsOf } from '../roll/figures/read-figures.ts'
import { mayTakeRoll } from '../roll/roll-acts.ts'
import { aroundMonth, readRosters } from '../shifts/read-shifts.ts'

export interface SheetFacts {
  roll: MeetingRoll
  mayTake: boolean
  /** Names of who belongs or belonged to the unit or its branch, and their staff numbers; by person id. */
  people: ReadonlyMap<string, { name: string; staffNo: string }>
  /** 第一党小组、支部书记, by person id. */
  belongs: ReadonlyMap<string, string>
  shifts: readonly RosterFacts[]
  /** Who has made up what they missed. */
  madeUp: ReadonlySet<string>
}

/** null: the meeting is not on this phone. */
export async function readSheetFacts(phone: Phone, meetingId: string): Promise<SheetFacts | null> {
  const roll = await readRoll(phone.db, meetingId)
  if (roll === null) return null
  const { unitId, date, sittings } = roll.meeting.fields
  const unit = await phone.db.records('unit').get(unitId)
  const branchId = unit?.fields.kind === 'group' ? (unit.fields.parentId ?? unitId) : unitId
  const unitIds = [...new Set([unitId, branchId])]
  const months = new Set(sittings.flatMap(({ startsAt }) => aroundMonth(civilMonth(startsAt))))
  const [mayTake, memberships, roles, groups, shifts, makeUps] = await Promise.all([
    mayTakeRoll(phone, unitId),
    phone.db.records('membership').where('fields.unitId').anyOf(unitIds).toArray(),
    phone.db.records('role').where('fields.unitId').anyOf(unitIds).toArray(),
    groupsOf(phone.db, branchId, date),
    readRosters(phone.db, [...months]),
    readMakeUps(phone, meetingId),
  ])
  const noon = civilInstant(date, '12:00')
  const belongs = new Map<string, string[]>()
  const add = (personId: string, word: string): void => {
    const words = belongs.get(personId) ?? []
    if (word !== '' && !words.includes(word)) belongs.set(personId, [...words, word])
  }
  // In a group's own meeting everybody is of that group.
  for (const { id, name, personIds } of groups)
    if (id !== unitId) for (const personId of personIds) add(personId, name)
  for (const { fields } of roles) if (spanHolds(fields, noon)) add(fields.personId, fields.title)
  return {
    roll,
    mayTake,
    people: new Map(
      memberships.map(({ fields: m }) => [m.personId, { name: m.name, staffNo: m.staffNo ?? '' }]),
    ),
    belongs: new Map([...belongs].map(([personId, words]) => [personId, words.join('、')])),
    shifts,
    madeUp: new Set(makeUps.keys()),
  }
}
