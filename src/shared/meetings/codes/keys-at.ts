/** Device keys as the facts on a phone tell them. */
import { keyRevokedAt, type DeviceKey } from '../../org/device-key.ts'
import { STEP_MS } from './bureau-time.ts'
import { tagOf } from './code-text.ts'

export interface KeyFact {
  id: string
  fields: DeviceKey
}

/** ECDSA P-256 over SHA-256; raw point and raw r‖s, base64url. False for what is no key or no signature. */
export type CheckSignature = (publicKey: string, signature: string, statement: string) => Promise<boolean>

export const keysByTag = (facts: readonly KeyFact[], tag: string): KeyFact[] =>
  facts.filter(({ fields }) => tagOf(fields.publicKey) === tag && (fields.revokedAt ?? null) === null)

/** What was made before the key was stopped stays good. */
export function wasStopped(key: KeyFact, facts: readonly KeyFact[], step: number): boolean {
  const at = keyRevokedAt(key.id, facts)
  return at !== null && at <= step * STEP_MS
}
