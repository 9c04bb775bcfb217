/** Says, once for each sitting, that this person has read its code. */
import {
  checkSittingCode,
  type SittingCodeAnswer,
} from '../../../../../shared/meetings/codes/check-sitting-code.ts'
import { claimStatement } from '../../../../../shared/meetings/codes/roll-claim.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { ownSignature } from '../own-code.ts'
import { readSittingWorld } from './read-claim.ts'

export type Claimed = SittingCodeAnswer & { isNew?: boolean }

/** @throws StorageTrouble, InvalidFields */
export async function claimSitting(
  phone: Pick<Phone, 'db' | 'store' | 'person' | 'now' | 'deviceKeys'>,
  text: string,
  bureauNow: number,
): Promise<Claimed> {
  const answer = await checkSittingCode(text, { ...(await readSittingWorld(phone)), bureauNow })
  if (answer.type !== 'good') return answer
  const { sitting, shownBy, keyId, step, signature } = answer
  const before = await phone.db
    .records('roll-claim')
    .where('fields.personId')
    .equals(phone.person.id)
    .toArray()
  if (before.some(({ fields }) => fields.sittingId === sitting.sittingId)) return { ...answer, isNew: false }
  const claim = {
    unitId: sitting.unitId,
    meetingId: sitting.meetingId,
    meetingTitle: sitting.title,
    sittingId: sitting.sittingId,
    personId: phone.person.id,
    name: phone.person.name,
    shownBy,
    keyId,
    step,
    signature,
  }
  const own = await ownSignature(phone, (readerKeyId) => claimStatement({ ...claim, readerKeyId }))
  const signed = own === null ? {} : { readerKeyId: own.keyId, readerSignature: own.signature }
  await phone.store.put('roll-claim', { ...claim, ...signed })
  return { ...answer, isNew: true }
}
