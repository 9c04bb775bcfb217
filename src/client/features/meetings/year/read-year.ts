/** The year of one unit, from the rows on the phone. Called inside live queries. */
import { civilDate } from '../../../../shared/civil-time.ts'
import { isOfficerOf, type Actor } from '../../../../shared/org/actor.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import { habitOf } from '../../../../shared/meetings/year/propose.ts'
import { attendedMeetings } from '../../../../shared/meetings/year/attended.ts'
import type { KindStanding } from '../../../../shared/meetings/year/standing.ts'
import { unitYear } from '../../../../shared/meetings/year/unit-year.ts'
import { yearPlanId, type YearPlan } from '../../../../shared/meetings/year/year-plan.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import { readMyUnits, type MyUnit } from '../model/read-units.ts'

export interface YearView {
  units: MyUnit[]
  unit: MyUnit | undefined
  isOfficer: boolean
  standing: KindStanding[]
  plan: YearPlan | undefined
  pending: 0 | 1
  meetings: Map<string, Meeting>
  habit(kindId: string): number | null
  today: string
}

async function readAttended(
  db: PhoneDb,
  meetings: readonly { id: string; fields: Meeting }[],
): Promise<Set<string>> {
  const ids = meetings.map(({ id }) => id)
  const [marks, minutes] = await Promise.all([
    db.records('roll-mark').where('fields.meetingId').anyOf(ids).toArray(),
    db.records('minutes').where('fields.meetingId').anyOf(ids).toArray(),
  ])
  return attendedMeetings({ meetings, marks, minutes })
}

export async function readYear(
  db: PhoneDb,
  actor: Actor,
  asked: string | undefined,
  year: number,
): Promise<YearView> {
  const today = civilDate(actor.now)
  const units = (await readMyUnits(db, actor)).filter(({ kind }) => kind !== 'section')
  const unit = units.find(({ id }) => id === asked) ?? units.find(({ officer }) => officer) ?? units[0]
  if (unit === undefined)
    return {
      units,
      unit,
      isOfficer: false,
      standing: [],
      plan: undefined,
      pending: 0,
      meetings: new Map(),
      habit: () => null,
      today,
    }
  const [kinds, meetings, row, stored] = await Promise.all([
    db.records('meeting-kind').toArray(),
    db.records('meeting').where('fields.unitId').equals(unit.id).toArray(),
    db.records('year-plan').get(yearPlanId(unit.id, year)),
    db.records('unit').get(unit.id),
  ])
  const ofYear = meetings.filter(({ fields }) => fields.date.startsWith(`${year}-`))
  const attended = await readAttended(db, ofYear)
  return {
    units,
    unit,
    isOfficer: isOfficerOf(actor, unit.id),
    standing: unitYear({
      year,
      unit: { id: unit.id, fields: stored?.fields ?? { kind: unit.kind, endedOn: null } },
      plan: row?.fields,
      kinds,
      meetings: ofYear,
      attended,
      today,
    }),
    plan: row?.fields,
    pending: row?.pending ?? 0,
    meetings: new Map(ofYear.map(({ id, fields }) => [id, fields])),
    habit: (kindId) => habitOf(meetings, unit.id, kindId),
    today,
  }
}
