/** `POST /api/pull`: what moved in the scopes that the person may read now. */
import * as v from 'valibot'
import { Fields, Id, Millis, Revision, ScopeName, TypeName } from './primitives.ts'

export const MAX_PAGE = 5000
export const DEFAULT_PAGE = 2000

export const WireRecord = v.object({
  type: TypeName,
  id: Id,
  scope: ScopeName,
  rev: Revision,
  schemaVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  deleted: v.boolean(),
  fields: Fields,
  author: v.string(),
  observedAt: Millis,
  receivedAt: Millis,
  /** Drafts: texts that lost against a newer edit, newest first. */
  history: v.optional(v.array(Fields)),
})
export type WireRecord = v.InferOutput<typeof WireRecord>

export const PullRequest = v.object({
  protocol: v.pipe(v.number(), v.safeInteger()),
  deviceId: Id,
  cursor: v.nullable(v.pipe(v.string(), v.maxLength(20_000))),
  limit: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_PAGE)), DEFAULT_PAGE),
})
export type PullRequest = v.InferOutput<typeof PullRequest>

export const PullAnswer = v.object({
  cursor: v.string(),
  more: v.boolean(),
  epoch: v.string(),
  scopes: v.object({ add: v.array(ScopeName), drop: v.array(ScopeName), reset: v.array(ScopeName) }),
  records: v.array(WireRecord),
  lastMutation: v.pipe(v.number(), v.safeInteger()),
  serverTime: Millis,
})
export type PullAnswer = v.InferOutput<typeof PullAnswer>
