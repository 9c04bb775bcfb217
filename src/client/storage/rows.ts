/** The shapes of what the phone keeps. Times are UTC milliseconds by the phone's own clock unless a name says otherwise. */
import type { ConflictKind } from '../../shared/sync/define-record.ts'
import type { Hlc } from '../../shared/sync/hlc.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import type { Scope } from '../../shared/sync/scopes.ts'
import type { WireRecord } from '../../shared/sync/protocol/pull.ts'

/** What a screen reads: the endpoint's state with this phone's pending edits on top. */
export interface PhoneRecord<Fields = JsonObject> {
  id: string
  scope: Scope
  /** The endpoint's revision that the row rests on; 0 = the endpoint never had it. */
  rev: number
  schemaVersion: number
  fields: Fields
  author: string
  observedAt: number
  /** When the endpoint accepted it, by the endpoint's clock; null = only on this phone. */
  receivedAt: number | null
  /** 1 = something of this row still waits in the outbox. */
  pending: 0 | 1
  /** Drafts: texts that lost against a newer edit, newest first. */
  history?: JsonObject[]
  /** Accepted, but its new revision is not known before the next pull. */
  revUnknown?: true
}

/** The endpoint's version of a row that has pending edits. */
export interface BaseRow {
  type: string
  id: string
  scope: Scope
  record: PhoneRecord
}

/** What an entry waits for before it is sent again. */
export type HeldFor = { type: string; id: string } | { blob: string }

/** One write that the endpoint has not settled yet. Once `n` is set the payload is never changed. */
export interface OutboxEntry {
  /** Place in the queue; given by the database. */
  seq: number
  type: string
  id: string
  scope: Scope
  op: 'put' | 'delete'
  schemaVersion: number
  /** All fields of a fact or content; only the changed flat paths of a draft; empty for a delete. */
  fields: JsonObject
  /** null: rests on an earlier entry of the same record that is in flight; set when that one is settled. */
  baseRev: number | null
  hlc: Hlc
  observedAt: number
  label: string
  savedAt: number
  conflict: ConflictKind
  /** Number of the device's mutation; null until it is first sent. */
  n: number | null
  hash: string | null
  /** How often it was deferred. */
  attempts: number
  heldFor?: HeldFor
  heldUntil?: number
  deferredSince?: number
  /** The store is restored from a backup: what the first entry of the record rested on in the old one (reload.ts). */
  restedOn?: PhoneRecord
  /** Delivered before, and offered to a restored store again: when the endpoint had accepted it (its clock). */
  offeredAgain?: number
  /** The person lost the scope while the entry was in flight: nothing of it may come back to the screen. */
  scopeDropped?: true
}

export type NewOutboxEntry = Omit<OutboxEntry, 'seq'>

/** A refused write (需处理): why, and all of what was written. Kept until the person decides. */
export interface AttentionItem {
  /** Given by the database. */
  attentionId: number
  type: string
  id: string
  scope: Scope
  op: 'put' | 'delete'
  schemaVersion: number
  fields: JsonObject
  baseRev: number | null
  observedAt: number
  label: string
  savedAt: number
  conflict: ConflictKind
  code: string
  /** Chinese; says what to do. */
  sentence: string
  detail?: string
  refusedAt: number
  /** With `stale-base`: what stands at the endpoint, to compare. */
  standing?: WireRecord
}

export type NewAttentionItem = Omit<AttentionItem, 'attentionId'>

/** A record that this version of the app cannot read yet. */
export interface QuarantineRow {
  type: string
  id: string
  scope: Scope
  record: WireRecord
}

/** A file's bytes, by their SHA-256. */
export interface BlobRow {
  sha256: string
  bytes: ArrayBuffer
  mime: string
  sizeBytes: number
  keptAt: number
  /** 1 = made on this phone and not yet at the endpoint. */
  upload: 0 | 1
}

/** A part of a file that is still coming down: `pieceBytes` of it from `at` on; see blobs.ts. */
export interface PieceRow {
  sha256: string
  at: number
  bytes: ArrayBuffer
}

export interface KeyRow {
  name: 'device'
  privateKey: CryptoKey
  /** Raw P-256 point, base64url. */
  publicKey: string
  /** Record id of the public key at the endpoint; null until a session answer named it. */
  keyId: string | null
}

export interface MetaRow {
  key: string
  value: unknown
}

/** Ids that a scope's reload has brought so far. */
export interface SeenRow {
  type: string
  id: string
}
