/** The claims of one sitting as the officer's phone sees them. */
import { sortClaims, type SortedClaims } from '../../../../../shared/meetings/codes/claims.ts'
import { rollLines } from '../../../../../shared/meetings/roll.ts'
import { checkSignature } from '../../../../storage/keys/check-signature.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { readRoll, type MeetingRoll } from '../../model/read-meetings.ts'
import { mayTakeRoll } from '../../roll/roll-acts.ts'
import { readOfficers } from '../officers.ts'

export interface ShownSitting {
  roll: MeetingRoll
  mayTake: boolean
  claims: SortedClaims
}

type ClaimPhone = Pick<Phone, 'db' | 'store' | 'person' | 'now'>

export async function readClaims(
  phone: ClaimPhone,
  roll: MeetingRoll,
  sittingId: string,
): Promise<SortedClaims> {
  const { db } = phone
  const [claims, keys, isOfficer] = await Promise.all([
    db.records('roll-claim').where('fields.meetingId').equals(roll.meeting.id).toArray(),
    db.records('device-key').toArray(),
    readOfficers(phone),
  ])
  const { unitId } = roll.meeting.fields
  return await sortClaims(
    claims.filter(({ fields }) => fields.sittingId === sittingId),
    {
      lines: rollLines(roll.roster, roll.marks, sittingId),
      keys,
      isOfficer: (personId) => isOfficer(personId, unitId),
      verify: checkSignature,
    },
  )
}

export async function readShownSitting(
  phone: ClaimPhone,
  meetingId: string,
  sittingId: string,
): Promise<ShownSitting | null> {
  const roll = await readRoll(phone.db, meetingId)
  if (roll === null) return null
  const [mayTake, claims] = await Promise.all([
    mayTakeRoll(phone, roll.meeting.fields.unitId),
    readClaims(phone, roll, sittingId),
  ])
  return { roll, mayTake, claims }
}

/** How many have read the code of the sitting and stand in no roll yet. Asked at each tap: without claims it costs one count. */
export async function countWaiting(phone: ClaimPhone, meetingId: string, sittingId: string): Promise<number> {
  const claims = phone.db.records('roll-claim').where('fields.meetingId').equals(meetingId)
  if ((await claims.count()) === 0) return 0
  const roll = await readRoll(phone.db, meetingId)
  if (roll === null) return 0
  const { prompt, late } = await readClaims(phone, roll, sittingId)
  return prompt.length + late.length
}
