/** `POST /api/push`: mutations of one device, in order of `n`. */
import * as v from 'valibot'
import { canonicalJson, sha256Hex } from '../canonical.ts'
import { Counter, Fields, Hlc, Id, Millis, Revision, ScopeName, Sha256, TypeName } from './primitives.ts'
import { WireRecord } from './pull.ts'

export const MAX_MUTATIONS = 200
export const MAX_PUSH_BYTES = 256 * 1024

/** Makes the signer the author and the sender a carrier: that is how one phone delivers for another. */
export const Signed = v.object({ person: Id, key: Id, signature: v.pipe(v.string(), v.maxLength(200)) })
export type Signed = v.InferOutput<typeof Signed>

export const Mutation = v.object({
  n: Counter,
  type: TypeName,
  id: Id,
  scope: ScopeName,
  op: v.picklist(['put', 'delete']),
  schemaVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  fields: Fields,
  baseRev: Revision,
  hlc: Hlc,
  observedAt: Millis,
  hash: Sha256,
  signed: v.optional(Signed),
})
export type Mutation = v.InferOutput<typeof Mutation>

export const PushRequest = v.object({
  protocol: v.pipe(v.number(), v.safeInteger()),
  deviceId: Id,
  epoch: v.pipe(v.string(), v.maxLength(64)),
  sentAt: Millis,
  mutations: v.pipe(v.array(Mutation), v.maxLength(MAX_MUTATIONS)),
})
export type PushRequest = v.InferOutput<typeof PushRequest>

/**
 * Detail of a `stale-base`: this very edit was taken before, brought by another phone, and somebody has written on top of it
 * since. Whoever does not know the word compares, and loses nothing.
 */
export const ARRIVED_BEFORE = 'arrived-before'

export const Outcome = v.object({
  n: Counter,
  status: v.picklist(['accepted', 'merged', 'rejected', 'deferred']),
  code: v.optional(v.string()),
  /** What exactly was wrong, for the person: a field path or a name. Never a stack, never another person's content. */
  detail: v.optional(v.string()),
  record: v.optional(WireRecord),
})
export type Outcome = v.InferOutput<typeof Outcome>

export const PushAnswer = v.object({
  lastMutation: v.pipe(v.number(), v.safeInteger()),
  serverTime: Millis,
  outcomes: v.array(Outcome),
})
export type PushAnswer = v.InferOutput<typeof PushAnswer>

export type MutationPayload = Pick<
  Mutation,
  'type' | 'id' | 'scope' | 'op' | 'schemaVersion' | 'fields' | 'baseRev' | 'hlc' | 'observedAt'
>

/** SHA-256 over the canonical payload: everything but the position in the queue and who carries it. */
export function hashMutation(m: MutationPayload): string {
  const { type, id, scope, op, schemaVersion, fields, baseRev, hlc, observedAt } = m
  return sha256Hex(canonicalJson({ type, id, scope, op, schemaVersion, fields, baseRev, hlc, observedAt }))
}
