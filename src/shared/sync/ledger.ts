/**
 * The ledger: one entry for each revision of a scope that a fact or content outside `private:` took. Each entry is chained to
 * the one before it in its scope, so that whoever knows one mark of the chain notices when anything before it was changed.
 *
 *   record hash = SHA-256 of the row with a random salt: binds the entry to what stood, and tells nothing once the salt is gone
 *   chain       = SHA-256(previous chain, scope, rev, record hash, author, time, kind, type, id)
 *
 * Drafts leave no entry, and the chain skips their revisions. Erasure by rule takes content and salts away and is an entry
 * itself. A salt only opens its record hash: it is not chained, or it could not be taken away.
 */
import { canonicalJson, sha256Hex } from './canonical.ts'
import { definitionOf } from './registry.ts'

/**
 * put      the record took this form        delete   it left a tombstone
 * erase    it was erased by rule            restore  the store came back from a backup here
 */
export const ENTRY_KINDS = ['put', 'delete', 'erase', 'restore'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export interface LedgerEntry {
  scope: string
  rev: number
  kind: EntryKind
  type: string
  id: string
  recordHash: string
  /** 16 random bytes, base64url; null once the record was erased, and for a restore. */
  salt: string | null
  /** Who made this revision; of a tombstone, who deleted. */
  author: string
  /** When the endpoint took it (UTC ms). */
  at: number
  chain: string
}

/** All of a row that means something: what is read, who wrote it, and the columns that access goes by. */
export interface LedgerRecord {
  type: string
  id: string
  scope: string
  schemaVersion: number
  deleted: boolean
  /** JSON text as it is stored. */
  fields: string
  author: string
  observedAt: number
  hash: string | null
  person: string | null
  subject: string | null
}

/** A record hash with what opens it; made before anything is locked. */
export interface RecordSeal {
  salt: string
  recordHash: string
}

/** Private notes have no ledger, drafts neither. A type that this version does not know is taken for a fact. */
export function isLedgered(type: string, scope: string): boolean {
  return !scope.startsWith('private:') && definitionOf(type)?.conflict !== 'draft'
}

export function sealRecord(record: LedgerRecord, salt: string): RecordSeal {
  const { type, id, scope, schemaVersion, deleted, fields, author, observedAt, hash, person, subject } =
    record
  const row = { type, id, scope, schemaVersion, deleted, fields, author, observedAt, hash, person, subject }
  return { salt, recordHash: sha256Hex(canonicalJson({ salt, ...row })) }
}

const CHAIN_VERSION = 'window-hall ledger 1'

/** @param previous the scope's chain before; null for its first entry */
export function chainOf(previous: string | null, entry: Omit<LedgerEntry, 'chain' | 'salt'>): string {
  const { scope, rev, recordHash, author, at, kind, type, id } = entry
  return sha256Hex(
    canonicalJson([CHAIN_VERSION, previous, scope, rev, recordHash, author, at, kind, type, id]),
  )
}

/** What a restore says of the store before it; its entry's id names it, its record hash is over it. */
export const restoredFrom = (oldEpoch: string, oldHead: string | null): string =>
  `${oldEpoch}.${oldHead ?? ''}`
export const restoreHash = (from: string): string =>
  sha256Hex(canonicalJson([CHAIN_VERSION, 'restore', from]))

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const MARK_BYTES = 16

/** The first 16 bytes of a chain as base64url, as phones remember it. @param chain hex */
export function chainMark(chain: string): string {
  let mark = ''
  for (let at = 0; at < MARK_BYTES; at += 3) {
    const hex = chain.slice(at * 2, Math.min(at + 3, MARK_BYTES) * 2)
    const bits = parseInt(hex.padEnd(6, '0'), 16)
    const digits = [bits >> 18, (bits >> 12) & 63, (bits >> 6) & 63, bits & 63].map((d) => DIGITS[d])
    mark += digits.slice(0, hex.length / 2 + 1).join('')
  }
  return mark
}
