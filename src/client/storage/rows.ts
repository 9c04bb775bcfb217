/** The shapes of what the phone keeps. Times are UTC milliseconds by the phone's own clock unless a name says otherwise. */
import type { ConflictKind } from '../../shared/sync/define-record.ts'
import type { Hlc } from '../../shared/sync/hlc.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import type { Scope } from '../../shared/sync/scopes.ts'
import type { WireRecord } from '../../shared/sync/protocol/pull.ts'
import type { Signed } from '../../shared/sync/protocol/push.ts'

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
  /** Written and signed on another phone, and carried here (carry.ts): the signer is the author. The payload is never changed. */
  signed?: Signed
  /** Another phone has it with this person's signature, and may deliver it: the payload is never changed. */
  handed?: true
  /** It was written on top of what was refused since: that one's `attentionId`. */
  onRefused?: number
}

export type NewOutboxEntry = Omit<OutboxEntry, 'seq'>

/** A refused write (需处理): why, and all of what was written. Kept until the person decides. */
interface RefusedWrite {
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
  /** It was carried for somebody else; sent again, it has to be what was signed. */
  carried?: { hlc: Hlc; signed: Signed }
}

export interface NewAttentionItem extends RefusedWrite {
  /** Companions that were refused with it: one matter for the person, sent again and given up together. */
  along?: RefusedWrite[]
  /** Refused before it, the oldest first: it was written on top of them, so that it is the person's last word. Kept to be read. */
  earlier?: RefusedWrite[]
}

export interface AttentionItem extends NewAttentionItem {
  /** Given by the database. */
  attentionId: number
}

/** A record that this version of the app cannot read yet. */
export interface QuarantineRow {
  type: string
  id: string
  scope: Scope
  record: WireRecord
}

/** A file that is whole here, by the SHA-256 of its bytes; see files/kept-file.ts. */
export interface BlobRow {
  sha256: string
  /** All of them, of a file that was made here, is small, or was kept before files lay in pieces. */
  bytes?: ArrayBuffer
  /** Else they are in `pieces`: of each in order its SHA-256. */
  sums?: string[]
  mime: string
  sizeBytes: number
  keptAt: number
  /** 1 = made on this phone and not yet at the endpoint. */
  upload: 0 | 1
}

/** `PIECE_BYTES` of a file from `at` on, of the last piece what is left; see files/partial-download.ts. */
export interface PieceRow {
  sha256: string
  at: number
  bytes: ArrayBuffer
  /** SHA-256; none in what an older version of the app began to fetch. */
  sum?: string
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

/** What was written on another phone and delivered by this one: after a restore it is offered again as it was signed. */
export interface CarriedRow {
  type: string
  id: string
  scope: Scope
  entry: NewOutboxEntry & { signed: Signed }
  /** By the endpoint's clock. */
  deliveredAt: number
}

/** Ids that a scope's reload has brought so far. */
export interface SeenRow {
  type: string
  id: string
}
