/** Device keys as the facts on a phone tell them. */
import { isKey, keyIdOf, keyRevokedAt, type DeviceKey } from '../../org/device-key.ts'
import { STEP_MS } from './bureau-time.ts'
import { tagOf } from './text/code-text.ts'

export interface KeyFact {
  id: string
  fields: DeviceKey
}

/** ECDSA P-256 over SHA-256; raw point and raw r‖s, base64url. False for what is no key or no signature. */
export type CheckSignature = (publicKey: string, signature: string, statement: string) => Promise<boolean>

/** One key may be there several times, of several units. */
export const keysByTag = (facts: readonly KeyFact[], tag: string): KeyFact[] =>
  facts.filter((fact) => tagOf(fact.fields.publicKey) === tag && isKey(fact))

/** What was made before the key was stopped stays good. */
export function wasStopped(key: KeyFact, facts: readonly KeyFact[], step: number): boolean {
  const at = keyRevokedAt(keyIdOf(key), facts)
  return at !== null && at <= step * STEP_MS
}
