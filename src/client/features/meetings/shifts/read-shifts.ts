/** The roster of one unit and month, with its people, from the rows on the phone. Called inside live queries. */
import { lastDayOfMonth } from '../../../../shared/civil-time.ts'
import { isOfficerOf, type Actor } from '../../../../shared/org/actor.ts'
import { sortRoster } from '../../../../shared/org/order/roster-order.ts'
import { shiftRosterId, type ShiftRoster } from '../../../../shared/org/shifts/shift-roster.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import { readMyUnits, type MyUnit } from '../model/read-units.ts'
import { monthAfter } from './fill.ts'
import type { SheetPerson } from './sheet/shift-sheet.ts'

export interface ShiftsView {
  units: MyUnit[]
  unit: MyUnit | undefined
  isOfficer: boolean
  /** All who belong to the unit on any day of the month, in the order of strokes. */
  people: SheetPerson[]
  /** Of this unit and month; undefined before anything was written. */
  roster: ShiftRoster | undefined
  /** All rosters of this month and its neighbours that are on the phone. */
  rosters: ShiftRoster[]
  /** Changes of it that wait. */
  pending: 0 | 1
}

/** Those of the months that are on the phone, of every unit. */
export async function readRosters(db: PhoneDb, months: readonly string[]): Promise<ShiftRoster[]> {
  const rows = await db
    .records('shift-roster')
    .where('fields.month')
    .anyOf([...months])
    .toArray()
  return rows.map(({ fields }) => fields)
}

/** A month with the one before and the one after: night shifts and leave go over its border. */
export const aroundMonth = (month: string): string[] => [monthAfter(month, -1), month, monthAfter(month, 1)]

/** Units whose shifts may stand here: branches, and groups of those that have no branch on this phone. */
export const unitsWithShifts = (units: readonly MyUnit[]): MyUnit[] => {
  const branches = units.filter(({ kind }) => kind === 'branch')
  return branches.length > 0 ? branches : units.filter(({ kind }) => kind === 'group')
}

export async function readShifts(
  db: PhoneDb,
  actor: Actor,
  asked: string | undefined,
  month: string,
): Promise<ShiftsView> {
  const units = unitsWithShifts(await readMyUnits(db, actor))
  const unit =
    units.find(({ id }) => id === asked) ??
    units.find(({ officer }) => officer) ??
    units.find(({ member }) => member) ??
    units[0]
  if (unit === undefined)
    return { units, unit, isOfficer: false, people: [], roster: undefined, rosters: [], pending: 0 }
  const [memberships, row, rosters] = await Promise.all([
    db.records('membership').where('fields.unitId').equals(unit.id).toArray(),
    db.records('shift-roster').get(shiftRosterId(unit.id, month)),
    readRosters(db, aroundMonth(month)),
  ])
  const last = lastDayOfMonth(month)
  const people = new Map<string, SheetPerson & { handOrder: number }>()
  for (const { fields } of memberships) {
    const { personId, name, staffNo = '', handOrder = 0, from, to = null } = fields
    if (from > last || (to !== null && to <= `${month}-01`)) continue
    people.set(personId, { personId, name, staffNo, handOrder })
  }
  return {
    units,
    unit,
    isOfficer: isOfficerOf(actor, unit.id),
    people: sortRoster([...people.values()], 'strokes'),
    roster: row?.fields,
    rosters,
    pending: row?.pending ?? 0,
  }
}
