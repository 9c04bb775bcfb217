/**
 * The public half of a device's signing key (ECDSA P-256, the private half cannot leave the device). A fact that the person
 * and the unit's officers see; revoking is a new fact that supersedes it and leaves earlier signatures valid.
 *
 * A record has one scope: in each further unit of the person the endpoint puts a copy. Whatever names a key names it by the
 * record that was enrolled, so that a signature is checked alike wherever its copy lies.
 */
import * as v from 'valibot'
import { Id, Ids, Millis, ShortText } from '../fields.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { unitScope } from '../sync/scopes.ts'
import { isAdministrator, isMemberOf } from './actor.ts'

export const deviceKey = defineRecord({
  type: 'device-key',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    unitId: Id,
    deviceId: Id,
    deviceName: v.optional(ShortText, ''),
    /** Raw point, base64url. */
    publicKey: v.pipe(v.string(), v.minLength(80), v.maxLength(100)),
    enrolledAt: Millis,
    revokedAt: v.optional(v.nullable(Millis), null),
    supersedes: v.optional(Ids, []),
    /** The record that was enrolled; absent on that one itself. No default: what was signed or sealed before had none. */
    copyOf: v.optional(Id),
  }),
  indexes: ['personId', 'deviceId'],
  scopeOf: (f) => unitScope(f.unitId),
  subject: (f) => `${f.personId}:${f.deviceId}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  canWrite: ({ actor, next }) => {
    if (isAdministrator(actor) && next.revokedAt !== null) return true
    return (actor.personId === next.personId && isMemberOf(actor, next.unitId)) || 'forbidden'
  },
  conflict: 'fact',
  keepOnPhone: 'always',
  retention: 'kept: old signatures are checked with it',
  label: (f) => `设备密钥 · ${f.deviceName}`,
})
export type DeviceKey = FieldsOf<typeof deviceKey>

interface KeyRecord {
  id: string
  fields: DeviceKey
}

/** What signatures name the key by: the same on every copy. */
export const keyIdOf = ({ id, fields }: KeyRecord): string => fields.copyOf ?? id

/** False for a fact that only says that a key was stopped. */
export const isKey = ({ fields }: KeyRecord): boolean => (fields.revokedAt ?? null) === null

/** The key under this name, or whichever of its copies is at hand. */
export const keyNamed = <Key extends KeyRecord>(facts: readonly Key[], keyId: string): Key | undefined =>
  facts.find(({ id }) => id === keyId) ?? facts.find((fact) => isKey(fact) && fact.fields.copyOf === keyId)

/** When the key was revoked (UTC ms), by the facts of its person; null while it takes signatures. */
export function keyRevokedAt(keyId: string, facts: readonly KeyRecord[]): number | null {
  const times = facts
    .filter(({ id, fields: f }) => id === keyId || (f.supersedes ?? []).includes(keyId))
    .flatMap(({ fields }) => fields.revokedAt ?? [])
  return times.length === 0 ? null : Math.min(...times)
}
