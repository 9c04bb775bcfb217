/** What this phone signs and shows: the person's own code, or that of a sitting. */
import { codeToText, tagOf, type CodeKind } from '../../../../shared/meetings/codes/text/code-text.ts'
import { personCodeStatement, sittingCodeStatement } from '../../../../shared/meetings/codes/statements.ts'
import { keyRevokedAt } from '../../../../shared/org/device-key.ts'
import type { Phone } from '../../../storage/phone.ts'

/**
 *   usable   shows codes
 *   none     never enrolled, or no WebCrypto here
 *   stopped  from another device: every reader would refuse them
 */
export type OwnKey = { state: 'usable'; publicKey: string } | { state: 'none' | 'stopped' }

export async function readOwnKey({
  db,
  deviceKeys,
  person,
}: Pick<Phone, 'db' | 'deviceKeys' | 'person'>): Promise<OwnKey> {
  const keyId = await deviceKeys.keyId()
  if (keyId === null || globalThis.crypto?.subtle === undefined) return { state: 'none' }
  const pair = await deviceKeys.ensure()
  if (pair === null) return { state: 'none' }
  const facts = await db.records('device-key').where('fields.personId').equals(person.id).toArray()
  if (keyRevokedAt(keyId, facts) !== null) return { state: 'stopped' }
  return { state: 'usable', publicKey: pair.publicKey }
}

/** By this phone's key, while it takes signatures; null without one. @param statementOf of the key's id */
export async function ownSignature(
  { db, deviceKeys, person }: Pick<Phone, 'db' | 'deviceKeys' | 'person'>,
  statementOf: (keyId: string) => string,
): Promise<{ keyId: string; signature: string } | null> {
  const keyId = await deviceKeys.keyId()
  if (keyId === null) return null
  const facts = await db.records('device-key').where('fields.personId').equals(person.id).toArray()
  if (keyRevokedAt(keyId, facts) !== null) return null
  const signature = await deviceKeys.sign(statementOf(keyId))
  return signature === null ? null : { keyId, signature }
}

/** null without a key. @param subjectId of the person or the sitting */
export async function makeCode(
  { deviceKeys }: Pick<Phone, 'deviceKeys'>,
  kind: CodeKind,
  subjectId: string,
  { publicKey, step }: { publicKey: string; step: number },
): Promise<string | null> {
  const statementOf = kind === 'person' ? personCodeStatement : sittingCodeStatement
  const signature = await deviceKeys.sign(statementOf(subjectId, step))
  if (signature === null) return null
  return codeToText({ kind, subjectTag: tagOf(subjectId), keyTag: tagOf(publicKey), step, signature })
}
