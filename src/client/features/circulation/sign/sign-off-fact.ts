/**
 * Makes a sign-off: everything that the person is held to is fixed here, signed by the device key and only then written.
 * Guarantee: the statement that is signed is the statement of the very fields that are stored.
 */
import type { Circulation } from '../../../../shared/circulation/circulation.ts'
import type { Revision } from '../../../../shared/circulation/document/document.ts'
import { signedSha256 } from '../../../../shared/circulation/document/signed-sha256.ts'
import {
  signOffStatement,
  type SignOff,
  type Signature,
  type UnshownPart,
} from '../../../../shared/circulation/signing/sign-off.ts'
import { keyRevokedAt } from '../../../../shared/org/device-key.ts'
import type { Phone } from '../../../storage/phone.ts'

export interface SignAct {
  circulationId: string
  circulation: Pick<Circulation, 'unitId' | 'documentId' | 'documentNo'>
  revision: Pick<Revision, 'revision' | 'file' | 'attachments'>
  /** Whose sign-off it is. */
  personId: string
  /** The change that put the person on the list after dispatch, or named the substitute; null for who was on it from the start. */
  changeId: string | null
  mode: SignOff['mode']
  /** Of a paper entry: the picture of the paper. */
  scanSha256?: string | undefined
  signature: Signature
  opinion: string
  /** What this device could not show, and the signer declared to have read elsewhere. */
  seenElsewhere?: readonly UnshownPart[] | undefined
}

/**
 *   usable   signs
 *   none     never enrolled, or no WebCrypto here
 *   revoked  stopped from another device, and this phone knows: with it every sign-off would be refused
 */
export type KeyState = 'usable' | 'none' | 'revoked'

export async function readKeyState(phone: Phone): Promise<KeyState> {
  const keyId = await phone.deviceKeys.keyId()
  if (keyId === null || globalThis.crypto?.subtle === undefined) return 'none'
  const facts = await phone.db
    .records('device-key')
    .where('fields.personId')
    .equals(phone.person.id)
    .toArray()
  return keyRevokedAt(keyId, facts) === null ? 'usable' : 'revoked'
}

/** Both or neither: a signature without the record of its key could never be checked. */
async function withDeviceSignature(phone: Phone, fields: SignOff): Promise<SignOff> {
  const keyId = await phone.deviceKeys.keyId()
  if (keyId === null || (await readKeyState(phone)) !== 'usable') return fields
  const signed = { ...fields, keyId }
  const deviceSignature = await phone.deviceKeys.sign(signOffStatement(signed))
  return deviceSignature === null ? fields : { ...signed, deviceSignature }
}

export async function makeSignOff(phone: Phone, act: SignAct): Promise<SignOff> {
  return await withDeviceSignature(phone, {
    unitId: act.circulation.unitId,
    circulationId: act.circulationId,
    documentId: act.circulation.documentId,
    documentNo: act.circulation.documentNo,
    personId: act.personId,
    signedBy: phone.person.id,
    revision: act.revision.revision,
    sha256: signedSha256(act.revision),
    mode: act.mode,
    signature: act.signature,
    opinion: act.opinion,
    signedAt: phone.now(),
    keyId: null,
    deviceSignature: null,
    changeId: act.changeId,
    ...(act.scanSha256 === undefined ? {} : { scanSha256: act.scanSha256 }),
    ...(act.seenElsewhere?.length ? { seenElsewhere: [...act.seenElsewhere] } : {}),
    supersedes: [],
  })
}

/** @returns the id of the fact @throws InvalidFields, StorageTrouble */
export async function writeSignOff(phone: Phone, act: SignAct, id: string): Promise<string> {
  const fields = await makeSignOff(phone, act)
  return await phone.store.put('sign-off', fields, { id, observedAt: fields.signedAt })
}

/**
 * A typed name counts when it is the person's own. Its letters decide: few keyboards have the dot of 阿依古丽·买买提江, and spaces
 * slip in anywhere. What is signed is the name as it is registered.
 */
export function isOwnName(typed: string, name: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').replace(/[\s\p{P}\p{S}]+/gu, '')
  return plain(typed) !== '' && plain(typed) === plain(name)
}
