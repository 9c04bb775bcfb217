/**
 * The heads of the scopes that a transaction writes: read and locked once, numbered and chained in memory while the lock holds,
 * and written back once at its end.
 *
 * Guarantees: numbers and chain follow commit order, because the row is locked until then; what a savepoint undoes is undone
 * here too; a transaction that throws writes nothing.
 */
import { sql } from 'kysely'
import { chainOf, type LedgerEntry } from '../../../shared/sync/ledger.ts'
import { entryToRow } from './record-rows.ts'
import type { ScopeHead } from '../record-store.ts'
import { inChunks, type Db } from './db.ts'
import { rowToHead } from './read.ts'
import type { Engine } from './tables.ts'

export interface LockedHead extends ScopeHead {
  /** Made by this transaction, and taken away again when nothing was put into it. */
  made: boolean
}

/** Rows in one statement: both databases limit the number of parameters. */
const CHUNK = 100

/**
 * Heads of these scopes, locked in sorted order until the end of the transaction. On PostgreSQL missing ones are made, because
 * what isn't there cannot be locked: call it first in the transaction, then hand the heads to `createWriteTx`. SQLite has one
 * writer: what exists is read, and the rest is made when it is used.
 */
export async function lockScopes(db: Db, engine: Engine, names: readonly string[]): Promise<LockedHead[]> {
  const sorted = [...new Set(names)].sort()
  const heads = await select(db, engine, sorted)
  if (engine === 'sqlite') return heads
  const found = new Set(heads.map((head) => head.name))
  // Everybody locks what exists before making what doesn't, both in sorted order: nobody waits in a circle.
  for (const name of sorted) if (!found.has(name)) heads.push(await makeScope(db, engine, name))
  return heads
}

async function select(db: Db, engine: Engine, names: readonly string[]): Promise<LockedHead[]> {
  const rows = await inChunks(names, (part) => {
    const asked = db
      .selectFrom('scopes')
      .select(['id', 'name', 'rev', 'chain'])
      .where('name', 'in', part)
      .orderBy('name')
    // Not `for update`: rows that refer to a scope are written beside us.
    return (engine === 'postgres' ? asked.forNoKeyUpdate() : asked).execute()
  })
  return rows.map((row) => ({ ...rowToHead(row), made: false }))
}

async function makeScope(db: Db, engine: Engine, name: string): Promise<LockedHead> {
  const made = await db
    .insertInto('scopes')
    .values({ name, rev: 0, chain: null })
    .onConflict((c) => c.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made !== undefined) return { id: Number(made.id), name, rev: 0, chain: null, made: true }
  const [theirs] = await select(db, engine, [name])
  if (theirs === undefined) throw new Error(`scope could not be made: ${name}`)
  return theirs
}

interface Head extends LockedHead {
  isDirty: boolean
}

export interface Heads {
  /** Locks the scope when it is first used. */
  next(name: string): Promise<{ scopeId: number; rev: number }>
  /** The scope's row is needed, whether or not a record comes into it. */
  idOf(name: string): Promise<number>
  nameOf(scopeId: number): string
  append(scopeId: number, entry: Omit<LedgerEntry, 'scope' | 'chain'>): void
  /** Entries that are not in the database yet lose their salt here. */
  forgetSalts(scopeId: number, type: string, id: string): void
  /** A head as this transaction sees it. */
  seen(head: ScopeHead): ScopeHead
  /** Everything after a mark can be undone. */
  mark(): number
  undoTo(mark: number): void
  flush(): Promise<void>
}

export function createHeads(db: Db, engine: Engine, locked: readonly LockedHead[]): Heads {
  const byName = new Map<string, Head>()
  const byId = new Map<number, Head>()
  const entries: { scopeId: number; entry: LedgerEntry }[] = []
  const undo: (() => void)[] = []
  const keep = (head: Head) => {
    byName.set(head.name, head)
    byId.set(head.id, head)
    return head
  }
  for (const head of locked) keep({ ...head, isDirty: false })

  const of = async (name: string): Promise<Head> => {
    const known = byName.get(name)
    if (known !== undefined) return known
    const [found] = await lockScopes(db, engine, [name])
    const head = keep({ ...(found ?? (await makeScope(db, engine, name))), isDirty: false })
    // A lock that was taken inside a savepoint ends with it, and so does a row that was made there.
    undo.push(() => {
      byName.delete(name)
      byId.delete(head.id)
    })
    return head
  }
  const change = (head: Head, to: Partial<Head>) => {
    const before = { ...head }
    undo.push(() => Object.assign(head, before))
    Object.assign(head, to)
  }
  const headOf = (scopeId: number): Head => {
    const head = byId.get(scopeId)
    if (head === undefined) throw new Error(`scope ${scopeId} was not locked by this transaction`)
    return head
  }
  return {
    next: async (name) => {
      const head = await of(name)
      change(head, { rev: head.rev + 1, isDirty: true })
      return { scopeId: head.id, rev: head.rev }
    },
    idOf: async (name) => {
      const head = await of(name)
      if (head.made) change(head, { isDirty: true })
      return head.id
    },
    nameOf: (scopeId) => headOf(scopeId).name,
    append: (scopeId, given) => {
      const head = headOf(scopeId)
      const entry = { ...given, scope: head.name }
      const chain = chainOf(head.chain, entry)
      change(head, { chain, isDirty: true })
      entries.push({ scopeId, entry: { ...entry, chain } })
      undo.push(() => void entries.pop())
    },
    forgetSalts: (scopeId, type, id) => {
      for (const written of entries) {
        const { entry } = written
        if (written.scopeId !== scopeId || entry.type !== type || entry.id !== id) continue
        written.entry = { ...entry, salt: null }
        undo.push(() => (written.entry = entry))
      }
    },
    seen: (head) => {
      const { rev, chain } = byId.get(head.id) ?? head
      return { ...head, rev, chain }
    },
    mark: () => undo.length,
    undoTo: (mark) => {
      while (undo.length > mark) undo.pop()!()
    },
    flush: async () => {
      const heads = [...byName.values()]
      await writeHeads(
        db,
        heads.filter((head) => head.isDirty),
      )
      await writeEntries(db, entries)
      const unused = heads.filter((head) => head.made && !head.isDirty).map((head) => head.id)
      if (unused.length > 0) await db.deleteFrom('scopes').where('id', 'in', unused).execute()
    },
  }
}

async function writeHeads(db: Db, heads: readonly Head[]): Promise<void> {
  for (let at = 0; at < heads.length; at += CHUNK)
    await db
      .insertInto('scopes')
      .values(heads.slice(at, at + CHUNK).map(({ id, name, rev, chain }) => ({ id, name, rev, chain })))
      .onConflict((c) =>
        c.column('id').doUpdateSet({ rev: sql.ref('excluded.rev'), chain: sql.ref('excluded.chain') }),
      )
      .execute()
}

async function writeEntries(
  db: Db,
  entries: readonly { scopeId: number; entry: LedgerEntry }[],
): Promise<void> {
  for (let at = 0; at < entries.length; at += CHUNK)
    await db
      .insertInto('ledger')
      .values(entries.slice(at, at + CHUNK).map(({ scopeId, entry }) => entryToRow(entry, scopeId)))
      .execute()
}
