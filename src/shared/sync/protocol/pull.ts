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

/** Of a scope's ledger (shared/sync/ledger.ts): the first 16 bytes, base64url. */
export const ChainMark = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{22}$/, 'not a chain mark'))

/**
 * Of a scope that moved: its ledger's chain at the revision that the cursor of the request held (null from the beginning),
 * as the endpoint has it now, and at the revision that this page reaches. A phone that remembers another one for the former
 * has found a rewritten history.
 */
export const LedgerHeads = v.record(ScopeName, v.tuple([v.nullable(ChainMark), ChainMark]))
export type LedgerHeads = v.InferOutput<typeof LedgerHeads>

export const PullAnswer = v.object({
  cursor: v.string(),
  more: v.boolean(),
  epoch: v.string(),
  scopes: v.object({ add: v.array(ScopeName), drop: v.array(ScopeName), reset: v.array(ScopeName) }),
  records: v.array(WireRecord),
  heads: v.optional(LedgerHeads, {}),
  lastMutation: v.pipe(v.number(), v.safeInteger()),
  serverTime: Millis,
})
export type PullAnswer = v.InferOutput<typeof PullAnswer>
