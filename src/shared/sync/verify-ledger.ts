/**
 * Does a ledger hold, and do the records stand as it says? Pure: a live store, a backup and an export are checked alike.
 *
 * Guarantees: after `ok: true` every fact and content outside `private:` is what its newest entry was made over, every entry is
 * chained to the one before it, each scope's head is the end of its chain, and what has lost its salt was erased by an entry.
 * What it cannot see alone is a tail cut off together with its head: phones see it, by the marks that pulls carry.
 *
 * Memory grows with the number of records (some 300 bytes each), not with their content or with the entries.
 */
import {
  chainOf,
  isLedgered,
  restoreHash,
  sealRecord,
  type LedgerEntry,
  type LedgerRecord,
} from './ledger.ts'

export interface LedgerSource {
  heads: AsyncIterable<{ scope: string; rev: number; chain: string | null }>
  /** By scope, then by revision. */
  entries: AsyncIterable<LedgerEntry>
  /** All records, in any order; those without a ledger are passed over. */
  records: AsyncIterable<StandingRecord>
  /** What may never come back. */
  erased: AsyncIterable<{ type: string; id: string }>
  /** Tombstones received before this may be gone (UTC ms). */
  tombstonesFrom: number
}

export interface StandingRecord extends LedgerRecord {
  rev: number
  receivedAt: number
  clocks: string | null
  history: string | null
}

export interface LedgerCounts {
  /** Entries whose record stands and hashes to what they say. */
  proved: number
  /** Older versions of what was overwritten, and tombstones that are gone: only their links can be checked. */
  linkOnly: number
  erased: number
  restores: number
}

export type Difference =
  | 'order' // a revision that is not after the one before it, or beyond its scope's
  | 'chain' // not chained to the entry before it
  | 'head' // the scope's head is not the end of its chain
  | 'unknown-scope'
  | 'two-scopes' // one record in two scopes
  | 'no-entry' // a record's revision without an entry
  | 'record-differs'
  | 'record-missing'
  | 'salt-lost' // without an erasure
  | 'salt-kept' // in spite of an erasure
  | 'after-erasure' // written again after its erasure
  | 'not-refused' // erased, but nothing keeps it from coming back

export interface Broken {
  scope: string
  rev: number
  type: string
  id: string
  what: Difference
}

export type LedgerVerdict =
  { ok: true; counts: LedgerCounts } | { ok: false; counts: LedgerCounts; broken: Broken }

/** The newest entry of a record. */
interface Newest extends LedgerEntry {
  /** Any entry of the record that still has its salt, or has lost it. */
  hasSalt: boolean
  lostSalt: LedgerEntry | undefined
}

interface Head {
  rev: number
  chain: string | null
  /** As the entries reach it. */
  reached: { rev: number; chain: string | null }
}

class BrokenLedger extends Error {
  readonly broken: Broken
  constructor(at: Pick<Broken, 'scope' | 'rev' | 'type' | 'id'>, what: Difference) {
    super(what)
    const { scope, rev, type, id } = at
    this.broken = { scope, rev, type, id, what }
  }
}
const keyOf = (record: { type: string; id: string }) => `${record.type}:${record.id}`

export async function verifyLedger(source: LedgerSource): Promise<LedgerVerdict> {
  const counts: LedgerCounts = { proved: 0, linkOnly: 0, erased: 0, restores: 0 }
  try {
    const heads = new Map<string, Head>()
    for await (const { scope, rev, chain } of source.heads)
      heads.set(scope, { rev, chain, reached: { rev: 0, chain: null } })
    const newest = await checkEntries(source, heads, counts)
    await checkErasures(source, newest)
    await checkRecords(source, newest, counts)
    return { ok: true, counts }
  } catch (problem) {
    if (problem instanceof BrokenLedger) return { ok: false, counts, broken: problem.broken }
    throw problem
  }
}

async function checkEntries(
  source: LedgerSource,
  heads: ReadonlyMap<string, Head>,
  counts: LedgerCounts,
): Promise<Map<string, Newest>> {
  const newest = new Map<string, Newest>()
  let before: string | undefined
  for await (const entry of source.entries) {
    if (before !== undefined && before !== entry.scope) checkHead(before, heads.get(before)!)
    before = entry.scope
    const head = heads.get(entry.scope)
    if (head === undefined) throw new BrokenLedger(entry, 'unknown-scope')
    if (entry.rev <= head.reached.rev || entry.rev > head.rev) throw new BrokenLedger(entry, 'order')
    if (entry.chain !== chainOf(head.reached.chain, entry)) throw new BrokenLedger(entry, 'chain')
    head.reached = { rev: entry.rev, chain: entry.chain }
    if (entry.kind === 'restore') {
      if (entry.recordHash !== restoreHash(entry.id) || entry.salt !== null)
        throw new BrokenLedger(entry, 'record-differs')
      counts.restores++
    } else follow(newest, entry, counts)
  }
  for (const [scope, head] of heads) checkHead(scope, head)
  return newest
}

function checkHead(scope: string, head: Head): void {
  if (head.chain !== head.reached.chain)
    throw new BrokenLedger({ scope, rev: head.rev, type: '', id: '' }, 'head')
}

/** Takes an entry as the newest of its record; what it overwrites is counted. */
function follow(newest: Map<string, Newest>, entry: LedgerEntry, counts: LedgerCounts): void {
  const key = keyOf(entry)
  const before = newest.get(key)
  if (before !== undefined) {
    if (before.scope !== entry.scope) throw new BrokenLedger(entry, 'two-scopes')
    if (before.kind === 'erase') throw new BrokenLedger(entry, 'after-erasure')
    if (before.salt === null) counts.erased++
    else counts.linkOnly++
  }
  const isErasure = entry.kind === 'erase'
  if (isErasure && before?.hasSalt === true) throw new BrokenLedger(entry, 'salt-kept')
  if (isErasure && entry.salt === null) throw new BrokenLedger(entry, 'salt-lost')
  const lost = entry.salt === null ? entry : undefined
  newest.set(key, {
    ...entry,
    hasSalt: entry.salt !== null || before?.hasSalt === true,
    lostSalt: isErasure ? undefined : (before?.lostSalt ?? lost),
  })
}

async function checkErasures(source: LedgerSource, newest: ReadonlyMap<string, Newest>): Promise<void> {
  const refused = new Set<string>()
  for await (const erased of source.erased) refused.add(keyOf(erased))
  for (const [key, entry] of newest) {
    if (entry.lostSalt !== undefined) throw new BrokenLedger(entry.lostSalt, 'salt-lost')
    if (entry.kind === 'erase' && !refused.has(key)) throw new BrokenLedger(entry, 'not-refused')
  }
}

/** The first in the ledger's order is named, whatever order the records come in. */
async function checkRecords(
  source: LedgerSource,
  newest: Map<string, Newest>,
  counts: LedgerCounts,
): Promise<void> {
  let first: BrokenLedger | undefined
  const note = (at: Pick<Broken, 'scope' | 'rev' | 'type' | 'id'>, what: Difference) => {
    const { broken } = first ?? {}
    const isEarlier =
      broken === undefined || at.scope < broken.scope || (at.scope === broken.scope && at.rev < broken.rev)
    if (isEarlier) first = new BrokenLedger(at, what)
  }
  for await (const record of source.records) {
    if (!isLedgered(record.type, record.scope)) continue
    const key = keyOf(record)
    const entry = newest.get(key)
    // Moved to another scope: its entry stays behind without a record, and is named as well if it comes first.
    if (entry?.scope !== record.scope) {
      note(record, 'no-entry')
      continue
    }
    newest.delete(key)
    if (record.rev > entry.rev) note(record, 'no-entry')
    else if (record.rev < entry.rev || !standsAs(record, entry)) note(entry, 'record-differs')
    else if (entry.kind === 'erase') counts.erased++
    else counts.proved++
  }
  for (const entry of newest.values()) {
    const mayBeGone = entry.kind !== 'put' && entry.at < source.tombstonesFrom
    if (!mayBeGone) note(entry, 'record-missing')
    else if (entry.kind === 'erase') counts.erased++
    else counts.linkOnly++
  }
  if (first !== undefined) throw first
}

function standsAs(record: StandingRecord, entry: LedgerEntry): boolean {
  return (
    entry.salt !== null &&
    record.receivedAt === entry.at &&
    record.deleted === (entry.kind !== 'put') &&
    record.clocks === null &&
    record.history === null &&
    sealRecord(record, entry.salt).recordHash === entry.recordHash
  )
}
