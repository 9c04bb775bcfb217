/** What a member's phone knows when it reads the code of a sitting, and what it has said of codes before. */
import type { SittingCodeWorld } from '../../../../../shared/meetings/codes/check-sitting-code.ts'
import { checkSignature } from '../../../../storage/keys/check-signature.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { readRolls } from '../../model/read-meetings.ts'
import { readOfficers } from '../officers.ts'

type ClaimPhone = Pick<Phone, 'db' | 'person' | 'now'>

export async function readSittingWorld({
  db,
  person,
  now,
}: ClaimPhone): Promise<Omit<SittingCodeWorld, 'bureauNow'>> {
  const [rows, keys, isOfficer] = await Promise.all([
    db.records('meeting').toArray(),
    db.records('device-key').toArray(),
    readOfficers({ db, now }),
  ])
  const rolls = await readRolls(db, rows)
  const mine = new Set(
    rolls
      .filter(({ roster }) => roster.some(({ personId }) => personId === person.id))
      .map(({ meeting }) => meeting.id),
  )
  return {
    sittings: rows.flatMap(({ id, fields }) =>
      fields.sittings.map((sitting) => ({
        meetingId: id,
        unitId: fields.unitId,
        sittingId: sitting.id,
        title: fields.title,
        cancelled: fields.state === 'cancelled',
      })),
    ),
    keys,
    isOfficer,
    isExpected: (meetingId) => mine.has(meetingId),
    verify: checkSignature,
  }
}

export interface OwnClaim {
  id: string
  title: string
  observedAt: number
  pending: 0 | 1
}

/** The newest first. */
export async function readOwnClaims({ db, person }: Pick<Phone, 'db' | 'person'>): Promise<OwnClaim[]> {
  const rows = await db.records('roll-claim').where('fields.personId').equals(person.id).toArray()
  return rows
    .sort((a, b) => b.observedAt - a.observedAt)
    .slice(0, 5)
    .map(({ id, fields, observedAt, pending }) => ({
      id,
      title: fields.meetingTitle ?? '',
      observedAt,
      pending,
    }))
}
