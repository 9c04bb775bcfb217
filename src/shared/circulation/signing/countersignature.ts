/**
 * The endpoint's word that a sign-off has arrived: which one, with what content, when. Made with the acceptance and stored
 * together with it or not at all; the member keeps it as a receipt, an archive checks it without the endpoint.
 */
import * as v from 'valibot'
import { Id, Millis, Sha256, ShortText } from '../../fields.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { canonicalJson, idFrom, sha256Hex } from '../../sync/canonical.ts'
import { fileScope } from '../../sync/scopes.ts'

export const COUNTERSIGNATURE = 'countersignature'

/** One sign-off has one. */
export const countersignatureId = (signOffId: string): string => idFrom(COUNTERSIGNATURE, signOffId)

export const countersignature = defineRecord({
  type: COUNTERSIGNATURE,
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    personId: Id,
    circulationId: Id,
    documentNo: v.optional(ShortText, ''),
    signOffId: Id,
    /** Of the sign-off's fields as canonical JSON: all of them, its device signature too. */
    signOffSha256: Sha256,
    /** By the endpoint's clock (UTC ms). */
    receivedAt: Millis,
    /** The endpoint-key record. */
    keyId: Id,
    /** ECDSA P-256 over SHA-256 of the statement, raw r‖s, base64url. */
    signature: v.pipe(v.string(), v.maxLength(200)),
  }),
  indexes: ['circulationId', 'signOffId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => f.signOffId,
  personOf: (f) => f.personId,
  canWrite: () => 'forbidden',
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its sign-off',
  label: (f) => (f.documentNo === '' ? '签字回执' : `签字回执 · ${f.documentNo}`),
})
export type Countersignature = FieldsOf<typeof countersignature>

type Stated = Pick<Countersignature, 'signOffId' | 'signOffSha256' | 'receivedAt' | 'keyId'>

/** What the endpoint signs, as canonical JSON. */
export const countersignatureStatement = (f: Stated): string =>
  canonicalJson({
    purpose: 'window-hall/countersignature',
    version: 1,
    signOff: f.signOffId,
    signOffSha256: f.signOffSha256,
    receivedAt: f.receivedAt,
    key: f.keyId,
  })

interface Signed {
  unitId: string
  personId: string
  circulationId: string
  documentNo?: string
}

/** The countersignature of a sign-off, but for its signature. @param fields of the sign-off, as they are stored */
export function unsignedCountersignature(
  signOffId: string,
  fields: Signed,
  at: { receivedAt: number; keyId: string },
): Omit<Countersignature, 'signature'> {
  return {
    unitId: fields.unitId,
    personId: fields.personId,
    circulationId: fields.circulationId,
    documentNo: fields.documentNo ?? '',
    signOffId,
    signOffSha256: sha256Hex(canonicalJson(fields as unknown as Parameters<typeof canonicalJson>[0])),
    ...at,
  }
}
