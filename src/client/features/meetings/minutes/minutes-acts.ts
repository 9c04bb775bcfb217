/**
 * The acts on minutes. Guarantee: what is signed is the statement of the very fields that are stored; an act is written whole or
 * not at all; what was handed over is never touched again.
 */
import type { FileRef } from '../../../../shared/fields.ts'
import { attachedPart, proposedSha256 } from '../../../../shared/meetings/minutes/attached.ts'
import {
  correctionId,
  correctionStatement,
  type MinutesCorrection,
} from '../../../../shared/meetings/minutes/correction.ts'
import { minutesDraftId } from '../../../../shared/meetings/minutes/draft.ts'
import {
  fixedMinutesId,
  minutesStatement,
  type Minutes,
  type MinutesFacts,
} from '../../../../shared/meetings/minutes/minutes.ts'
import type { MinutesProposal } from '../../../../shared/meetings/minutes/proposal.ts'
import { keeperOf } from '../../../../shared/meetings/minutes/who-confirms.ts'
import { keyRevokedAt } from '../../../../shared/org/device-key.ts'
import type { Phone } from '../../../storage/phone.ts'
import type { MeetingRow } from '../model/read-meetings.ts'

interface Stored<Fields> {
  id: string
  fields: Fields
}

/** The key of this device, while it takes signatures; null where there is none, or it was stopped. */
async function usableKey(phone: Phone): Promise<string | null> {
  if (globalThis.crypto?.subtle === undefined) return null
  const keyId = await phone.deviceKeys.keyId()
  if (keyId === null) return null
  const facts = await phone.db
    .records('device-key')
    .where('fields.personId')
    .equals(phone.person.id)
    .toArray()
  return keyRevokedAt(keyId, facts) === null ? keyId : null
}

/** Both or neither: a signature without its key could never be checked. */
async function signed<Fields extends { keyId: string | null; deviceSignature: string | null }>(
  phone: Phone,
  fields: Fields,
  statementOf: (fields: Fields) => string,
): Promise<Fields> {
  const keyId = await usableKey(phone)
  if (keyId === null) return fields
  const withKey = { ...fields, keyId }
  const deviceSignature = await phone.deviceKeys.sign(statementOf(withKey))
  return deviceSignature === null ? fields : { ...withKey, deviceSignature }
}

/** 写好了. @param replaces own proposals that still wait @throws StorageTrouble, InvalidFields */
export async function proposeMinutes(
  phone: Phone,
  meeting: MeetingRow,
  body: string,
  replaces: readonly string[],
  files: readonly FileRef[] = [],
): Promise<string> {
  const proposedAt = phone.now()
  return await phone.store.together(['minutes-proposal', 'minutes-draft'], async () => {
    const id = await phone.store.put('minutes-proposal', {
      ...proposalOf(phone, meeting, proposedAt),
      about: 'minutes',
      body,
      ...attachedPart(files),
      supersedes: [...replaces],
    })
    await phone.store.edit('minutes-draft', minutesDraftId(meeting.id, phone.person.id), {
      proposalId: id,
      proposedSha256: proposedSha256(body, files),
      proposedAt,
      ...Object.fromEntries(files.map(({ sha256 }) => [`files/${sha256}/sent`, true])),
    })
    return id
  })
}

/** @throws StorageTrouble, InvalidFields */
export function proposeCorrection(
  phone: Phone,
  meeting: MeetingRow,
  what: string,
  why: string,
): Promise<string> {
  return phone.store.put('minutes-proposal', {
    ...proposalOf(phone, meeting, phone.now()),
    about: 'correction',
    body: what,
    why,
  })
}

const proposalOf = (phone: Phone, meeting: MeetingRow, proposedAt: number) => ({
  unitId: meeting.fields.unitId,
  meetingId: meeting.id,
  title: meeting.fields.title,
  keeperId: keeperOf(meeting.fields, phone.person.id),
  writerId: phone.person.id,
  writerName: phone.person.name,
  proposedAt,
})

/** The confirmed record, not yet written: what is looked at is what is stored. */
export const minutesToConfirm = (
  phone: Phone,
  proposal: Stored<MinutesProposal>,
  facts: MinutesFacts,
): Minutes => {
  const { unitId, meetingId, title, body, files, writerId } = proposal.fields
  return {
    unitId,
    meetingId,
    title,
    stage: 'fixed',
    body,
    confirmedBy: phone.person.id,
    confirmedAt: phone.now(),
    proposalId: proposal.id,
    writerId,
    facts,
    ...attachedPart(files),
    keyId: null,
    deviceSignature: null,
  }
}

/** @throws StorageTrouble, InvalidFields */
export async function confirmMinutes(
  phone: Phone,
  meeting: MeetingRow,
  proposal: Stored<MinutesProposal>,
  facts: MinutesFacts,
): Promise<void> {
  const plain = minutesToConfirm(phone, proposal, facts)
  const fields = await signed(phone, plain, minutesStatement)
  await phone.store.put('minutes', fields, { id: fixedMinutesId(meeting.id) })
  // Only an officer may; a chair who is none leaves it planned.
  if (meeting.fields.state === 'planned' && facts.attendance !== null)
    await phone.store.put('meeting', { ...meeting.fields, state: 'held' }, { id: meeting.id })
}

/** @throws StorageTrouble, InvalidFields */
export async function confirmCorrection(phone: Phone, proposal: Stored<MinutesProposal>): Promise<void> {
  const { unitId, meetingId, title, body, why, writerId } = proposal.fields
  const plain: MinutesCorrection = {
    unitId,
    meetingId,
    minutesId: fixedMinutesId(meetingId),
    title,
    what: body,
    why,
    writerId,
    proposalId: proposal.id,
    confirmedBy: phone.person.id,
    confirmedAt: phone.now(),
    keyId: null,
    deviceSignature: null,
  }
  const fields = await signed(phone, plain, correctionStatement)
  await phone.store.put('minutes-correction', fields, { id: correctionId(proposal.id) })
}

/** @throws StorageTrouble, InvalidFields */
export async function sendBack(
  phone: Phone,
  proposal: Stored<MinutesProposal>,
  sentence: string,
): Promise<void> {
  const { unitId, meetingId, title, writerId } = proposal.fields
  await phone.store.put('minutes-return', {
    unitId,
    meetingId,
    title,
    proposalId: proposal.id,
    writerId,
    returnedBy: phone.person.id,
    sentence,
  })
}
