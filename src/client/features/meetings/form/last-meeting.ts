/** 照上次的来: what a meeting of the same kind had last, on the day that is chosen now. */
import { civilDate } from '../../../../shared/civil-time.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import { fieldTime } from '../../../../shared/meetings/sittings/propose-sittings.ts'
import { dateAfter } from '../../../../shared/org/shifts/shifts.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { MeetingDraft } from './meeting-form.ts'

export async function readLastMeeting(
  db: PhoneDb,
  { unitId, kindId, id }: Pick<MeetingDraft, 'unitId' | 'kindId' | 'id'>,
): Promise<Meeting | undefined> {
  if (kindId === '') return undefined
  const rows = await db.records('meeting').where('fields.unitId').equals(unitId).toArray()
  return rows
    .filter((row) => row.id !== id && row.fields.kindId === kindId && row.fields.state !== 'cancelled')
    .sort((a, b) => (a.fields.date < b.fields.date ? 1 : -1))[0]?.fields
}

/** Sittings keep their hours, places and names; agenda, chair, recorder and guests come along. The materials do not. */
export function copyFrom(last: Meeting, draft: MeetingDraft, newId: () => string): Partial<MeetingDraft> {
  const date = draft.sittings[0]?.at.slice(0, 10) ?? last.date
  const days = (startsAt: number) =>
    Math.round((Date.parse(civilDate(startsAt)) - Date.parse(last.date)) / 86_400_000)
  return {
    sittings: last.sittings.map(({ name, startsAt, place }) => ({
      id: newId(),
      name,
      at: `${dateAfter(date, days(startsAt))}T${fieldTime(startsAt).slice(11)}`,
      place: place ?? '',
    })),
    chairId: last.chairId ?? '',
    recorderId: last.recorderId ?? '',
    agenda: last.agenda ?? '',
    guests: (last.guests ?? []).map(({ name }) => name).join('、'),
  }
}
