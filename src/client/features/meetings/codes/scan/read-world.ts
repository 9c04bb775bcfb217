/** What an officer's phone knows when it reads a code at a sitting; everything from its own tables, no network. */
import {
  checkPersonCode,
  type CodeAnswer,
  type CodeWorld,
} from '../../../../../shared/meetings/codes/check-person-code.ts'
import { checkSignature } from '../../../../storage/keys/check-signature.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { mayTakeRoll } from '../../roll/roll-acts.ts'
import { readRoll, type MeetingRoll } from '../../model/read-meetings.ts'
import type { Phone } from '../../../../storage/phone.ts'

export type WorldNow = Omit<CodeWorld, 'bureauNow'>

export interface RollToScan {
  roll: MeetingRoll
  mayTake: boolean
  world: WorldNow
}

export async function readWorld(db: PhoneDb, roll: MeetingRoll): Promise<WorldNow> {
  const [memberships, keys] = await Promise.all([
    db.records('membership').toArray(),
    db.records('device-key').toArray(),
  ])
  const { unitId, date, guests = [] } = roll.meeting.fields
  const people = new Map(
    memberships.map(({ fields: f }) => [f.personId, { personId: f.personId, name: f.name }]),
  )
  return {
    date,
    roster: roll.roster,
    guestIds: new Set(guests.flatMap(({ personId }) => personId ?? [])),
    unitPeople: memberships
      .filter(({ fields }) => fields.unitId === unitId)
      .map(({ fields: f }) => ({ personId: f.personId, name: f.name, from: f.from, to: f.to ?? null })),
    people: [...people.values()],
    keys,
    verify: checkSignature,
  }
}

/** null: this phone does not have the meeting. */
export async function readRollToScan(
  phone: Pick<Phone, 'db' | 'store' | 'person' | 'now'>,
  meetingId: string,
): Promise<RollToScan | null> {
  const roll = await readRoll(phone.db, meetingId)
  if (roll === null) return null
  const mayTake = await mayTakeRoll(phone, roll.meeting.fields.unitId)
  return { roll, mayTake, world: await readWorld(phone.db, roll) }
}

/** null: no roll that this person takes. @param bureauNow see use-bureau-clock.ts */
export async function readCode(
  phone: Pick<Phone, 'db' | 'store' | 'person' | 'now'>,
  meetingId: string,
  text: string,
  bureauNow: number,
): Promise<CodeAnswer | null> {
  const now = await readRollToScan(phone, meetingId)
  return now?.mayTake === true ? await checkPersonCode(text, { ...now.world, bureauNow }) : null
}
