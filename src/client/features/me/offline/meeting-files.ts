/**
 * Files of meetings that a member may want with no network: the materials of what is to come, and of what was missed the materials
 * and the fixed minutes' files, until 补学 is written.
 */
import { civilDate, DAY_MS } from '../../../../shared/civil-time.ts'
import type { FileRef } from '../../../../shared/fields.ts'
import { attendanceLines } from '../../../../shared/meetings/attendance/attendance.ts'
import { makeUpIsOpen, standingMakeUps } from '../../../../shared/meetings/attendance/make-ups.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import { spanHolds } from '../../../../shared/org/actor.ts'
import type { Phone } from '../../../storage/phone.ts'

/** As long as 今日 asks for 补学. */
const OWED_MS = 62 * DAY_MS

type Reader = Pick<Phone, 'db' | 'now' | 'person'>

/** Units whose meetings the person comes to; an officer's phone holds others besides. */
async function ownUnits({ db, now, person }: Reader): Promise<ReadonlySet<string>> {
  const own = await db.records('membership').where('fields.personId').equals(person.id).toArray()
  return new Set(own.filter(({ fields }) => spanHolds(fields, now())).map(({ fields }) => fields.unitId))
}

/** Of the meetings those that the person missed by the roll, and has not made up for. */
async function owed(
  { db, person }: Reader,
  meetings: readonly { id: string; fields: Meeting }[],
): Promise<ReadonlySet<string>> {
  const ownOf = <T extends 'roll-mark' | 'make-up'>(type: T) =>
    db.records(type).where('fields.personId').equals(person.id).toArray()
  const [marks, makeUps] = await Promise.all([ownOf('roll-mark'), ownOf('make-up')])
  const isOwed = ({ id, fields }: { id: string; fields: Meeting }): boolean => {
    const ofMeeting = <T extends { fields: { meetingId: string } }>(rows: readonly T[]) =>
      rows.filter((row) => row.fields.meetingId === id)
    const sittingIds = fields.sittings.map((sitting) => sitting.id)
    const [mine] = attendanceLines([{ personId: person.id }], ofMeeting(marks), sittingIds)
    return makeUpIsOpen({ meeting: { fields }, mine, makeUps: standingMakeUps(ofMeeting(makeUps)) })
  }
  return new Set(meetings.filter(isOwed).map(({ id }) => id))
}

/** Most urgent first. Runs inside a live query. */
export async function meetingFiles(phone: Reader): Promise<FileRef[]> {
  const { db, now } = phone
  const today = civilDate(now())
  const units = await ownUnits(phone)
  const since = await db
    .records('meeting')
    .where('fields.date')
    .aboveOrEqual(civilDate(now() - OWED_MS))
    .toArray()
  const meetings = since
    .filter(({ fields }) => units.has(fields.unitId) && fields.state !== 'cancelled')
    .sort((a, b) => (a.fields.date < b.fields.date ? -1 : 1))
  const missed = await owed(phone, meetings)
  const minutes = await db
    .records('minutes')
    .where('fields.meetingId')
    .anyOf([...missed])
    .toArray()
  const toCome = meetings.filter(({ id, fields }) => fields.date >= today && !missed.has(id))
  return [
    ...toCome.flatMap(({ fields }) => fields.attachments ?? []),
    ...meetings.filter(({ id }) => missed.has(id)).flatMap(({ fields }) => fields.attachments ?? []),
    ...minutes.filter(({ fields }) => fields.stage === 'fixed').flatMap(({ fields }) => fields.files ?? []),
  ]
}
