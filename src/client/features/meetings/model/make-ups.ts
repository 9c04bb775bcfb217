/** 补学 of one meeting, from the rows on the phone. */
import { standingMakeUps, type StoredMakeUp } from '../../../../shared/meetings/attendance/make-ups.ts'
import type { Phone } from '../../../storage/phone.ts'

export interface MakeUpRow extends StoredMakeUp {
  pending: 0 | 1
}

/** The standing one of each person. */
export async function readMakeUps(
  phone: Pick<Phone, 'db'>,
  meetingId: string,
): Promise<Map<string, MakeUpRow>> {
  return standingMakeUps(
    await phone.db.records('make-up').where('fields.meetingId').equals(meetingId).toArray(),
  )
}
