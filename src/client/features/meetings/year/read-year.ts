/** The year of one unit, from the rows on the phone. Called inside live queries. */
import { civilDate } from '../../../../shared/civil-time.ts'
import { isOfficerOf, type Actor } from '../../../../shared/org/actor.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import { habitOf } from '../../../../shared/meetings/year/propose.ts'
import { yearStanding, type KindStanding } from '../../../../shared/meetings/year/standing.ts'
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

/** Meetings to which somebody has come, or whose minutes are fixed. */
async function readAttended(db: PhoneDb, meetingIds: readonly string[]): Promise<Set<string>> {
  const [marks, minutes] = await Promise.all([
    db
      .records('roll-mark')
      .where('fields.meetingId')
      .anyOf([...meetingIds])
      .toArray(),
    db
      .records('minutes')
      .where('fields.meetingId')
      .anyOf([...meetingIds])
      .toArray(),
  ])
  const came = marks.filter(({ fields }) => fields.state === 'present' || fields.state === 'late')
  const fixed = minutes.filter(({ fields }) => fields.stage === 'fixed')
  return new Set([...came, ...fixed].map(({ fields }) => fields.meetingId))
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
  const attended = await readAttended(
    db,
    ofYear.map(({ id }) => id),
  )
  return {
    units,
    unit,
    isOfficer: isOfficerOf(actor, unit.id),
    standing: yearStanding({
      year,
      unit,
      kinds,
      meetings: ofYear,
      attended,
      today,
      from: row?.fields.countedFrom ?? null,
      to: stored?.fields.endedOn ?? null,
    }),
    plan: row?.fields,
    pending: row?.pending ?? 0,
    meetings: new Map(ofYear.map(({ id, fields }) => [id, fields])),
    habit: (kindId) => habitOf(meetings, unit.id, kindId),
    today,
  }
}
