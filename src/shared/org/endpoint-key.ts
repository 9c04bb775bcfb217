/**
 * The public half of the key with which the endpoint countersigns what it has accepted. Everybody holds it, so that a receipt
 * can be checked without the endpoint. Only the endpoint writes it.
 */
import * as v from 'valibot'
import { Millis } from '../fields.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { idFrom } from '../sync/canonical.ts'

/** One key, one id: whoever names a key names its bytes. */
export const endpointKeyId = (publicKey: string): string => idFrom('endpoint-key', publicKey)

export const endpointKey = defineRecord({
  type: 'endpoint-key',
  schemaVersion: 1,
  schema: v.object({
    /** ECDSA P-256, raw point, base64url. */
    publicKey: v.pipe(v.string(), v.minLength(80), v.maxLength(100)),
    madeAt: Millis,
  }),
  indexes: [],
  scopeOf: () => 'org',
  canWrite: () => 'forbidden',
  conflict: 'fact',
  keepOnPhone: 'always',
  retention: 'kept: receipts are checked with it',
  label: () => '回执公钥',
})
export type EndpointKey = FieldsOf<typeof endpointKey>
