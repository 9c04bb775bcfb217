/**
 * The stand-in for the phone's database does what Dexie on IndexedDB does: the same random operations, in transactions that
 * commit or fail, give the same answers and leave the same rows. Without this the histories over it would prove nothing.
 */
import * as fc from 'fast-check'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { describe, expect, it, vi } from 'vitest'
import { openPhoneDatabase, type PhoneDb } from '../../src/client/storage/db.ts'
import { asPhoneDb, MemoryPhoneDb, newDisk } from '../support/memory/memory-phone-db.ts'

// Thousands of runs take their time on a busy machine; nothing here is about speed.
vi.setConfig({ testTimeout: 300_000 })

/* oxlint-disable typescript/no-explicit-any -- the operations are drawn at random: their rows have no narrower type */
type AnyTable = any

const name = fc.constantFrom('a', 'b', 'c', 'ä', 'B')
const small = fc.integer({ min: 0, max: 4 })
const entry = fc.record({
  type: fc.constantFrom('opinion', 'note'),
  id: name,
  scope: fc.constantFrom('org', 'unit:a', 'unit:b'),
  n: fc.option(small),
  fields: fc.record({ personId: name, text: fc.string({ maxLength: 3 }) }),
})
const row = fc.record({
  id: name,
  scope: fc.constantFrom('org', 'unit:a'),
  pending: fc.constantFrom(0, 1),
  fields: fc.record({ personId: fc.option(name) }),
})

interface Operation {
  what: string
  isWrite: boolean
  run: (db: PhoneDb) => Promise<unknown>
}
const operation = (what: string, isWrite: boolean, run: (db: PhoneDb) => Promise<unknown>): Operation => ({
  what,
  isWrite,
  run,
})
const table = (db: PhoneDb, of: string): AnyTable => db.table(of)

const reads = fc.oneof(
  small.map((n) => operation(`outbox.get ${n}`, false, (db) => db.outbox.get(n))),
  fc.constant(operation('outbox by seq', false, (db) => db.outbox.orderBy('seq').toArray())),
  small.map((n) => operation(`outbox by n, ${n}`, false, (db) => db.outbox.orderBy('n').limit(n).toArray())),
  small.map((n) => operation(`n above ${n}`, false, (db) => db.outbox.where('n').above(n).toArray())),
  small.map((n) => operation(`n equals ${n}`, false, (db) => db.outbox.where('n').equals(n).first())),
  name.map((id) =>
    operation(`type+id ${id}`, false, (db) =>
      db.outbox.where('[type+id]').equals(['note', id]).sortBy('seq'),
    ),
  ),
  fc.constant(operation('unique keys', false, (db) => db.outbox.orderBy('[type+id]').uniqueKeys())),
  fc.constant(operation('scopes', false, (db) => db.rows('opinion').orderBy('scope').uniqueKeys())),
  fc.constant(operation('rows', false, (db) => db.rows('opinion').toArray())),
  name.map((id) =>
    operation(`by field ${id}`, false, (db) =>
      db.rows('opinion').where('fields.personId').equals(id).toArray(),
    ),
  ),
  fc
    .array(name)
    .map((ids) => operation(`bulkGet ${ids.join()}`, false, (db) => db.rows('opinion').bulkGet(ids))),
  fc
    .array(name)
    .map((keys) =>
      operation(`meta anyOf ${keys.join()}`, false, (db) => db.meta.where('key').anyOf(keys).primaryKeys()),
    ),
  name.map((key) =>
    operation(`meta from ${key}`, false, (db) => db.meta.where('key').startsWith(key).toArray()),
  ),
  fc.constant(operation('pending', false, (db) => db.rows('opinion').where('pending').equals(1).count())),
  fc.constant(
    operation('each', false, async (db) => {
      const seen: unknown[] = []
      await db.rows('opinion').each((one) => void seen.push(one.id))
      return seen
    }),
  ),
)
const writes = fc.oneof(
  entry.map((e) => operation(`add ${e.id}`, true, (db) => table(db, 'outbox').add({ ...e }))),
  // Only what the database numbered itself: the client never makes up a number.
  fc
    .tuple(small, entry, fc.constantFrom('put', 'add'))
    .map(([seq, e, how]) =>
      operation(`${how} at ${seq}`, true, async (db) =>
        (await db.outbox.get(seq)) === undefined ? 'none' : table(db, 'outbox')[how]({ ...e, seq }),
      ),
    ),
  fc
    .tuple(small, fc.option(small))
    .map(([seq, n]) =>
      operation(`update ${seq}`, true, async (db) => void (await db.outbox.update(seq, { n }))),
    ),
  small.map((seq) =>
    operation(
      `forget n of ${seq}`,
      true,
      async (db) => void (await table(db, 'outbox').update(seq, { n: undefined })),
    ),
  ),
  small.map((n) =>
    operation(`modify above ${n}`, true, (db) =>
      db.outbox.where('n').above(n).modify({ n: null, hash: null }),
    ),
  ),
  fc.constant(
    operation('modify by function', true, (db) =>
      db.outbox.filter((e) => e.n !== null).modify((e: AnyTable) => void delete e.fields.text),
    ),
  ),
  fc
    .array(entry)
    .map((list) =>
      operation('bulkAdd', true, (db) => table(db, 'outbox').bulkAdd(list.map((e) => ({ ...e })))),
    ),
  fc.constant(
    operation('modify all', true, (db) =>
      db.outbox.toCollection().modify((e: AnyTable) => void (e.scope = 'changed')),
    ),
  ),
  fc
    .array(small)
    .map((keys) => operation(`bulkDelete ${keys.join()}`, true, (db) => db.outbox.bulkDelete(keys))),
  fc
    .array(row)
    .map((rows) =>
      operation(
        'bulkPut',
        true,
        async (db) => void (await table(db, 'opinion').bulkPut(structuredClone(rows))),
      ),
    ),
  name.map((id) => operation(`delete ${id}`, true, (db) => db.rows('opinion').delete(id))),
  fc.constant(
    operation('delete a scope', true, (db) => db.rows('opinion').where('scope').equals('unit:a').delete()),
  ),
  fc
    .tuple(name, small)
    .map(([key, value]) => operation(`meta ${key}`, true, (db) => db.meta.put({ key, value }))),
  fc.array(name).map((keys) => operation('meta bulkDelete', true, (db) => db.meta.bulkDelete(keys))),
  fc.tuple(name, name).map(([type, id]) => operation('seen', true, (db) => db.seen.bulkPut([{ type, id }]))),
  fc.constant(operation('seen clear', true, (db) => db.seen.clear())),
)
const oneStep = fc.record({
  /** In one transaction; without one each stands alone. */
  together: fc.boolean(),
  nested: fc.boolean(),
  operations: fc.array(fc.oneof(reads, writes), { minLength: 1, maxLength: 6 }),
  throws: fc.boolean(),
})
type Step = typeof oneStep extends fc.Arbitrary<infer T> ? T : never

const TABLES = ['outbox', 'opinion', 'meta', 'seen', 'base'] as const

async function play(db: PhoneDb, steps: readonly Step[]): Promise<unknown[]> {
  const answers: unknown[] = []
  const settle = async (work: () => Promise<unknown>) => {
    try {
      answers.push(await work())
    } catch (problem) {
      answers.push((problem as Error).name)
    }
  }
  for (const { together, nested, operations, throws } of steps) {
    const all = async () => {
      const results: unknown[] = []
      for (const one of operations) results.push(await one.run(db))
      if (throws && together) throw new RangeError('on purpose')
      return results
    }
    const inner = () => (nested ? db.transaction('rw', ['outbox', 'opinion', 'meta', 'seen'], all) : all())
    if (together) await settle(() => db.transaction('rw', [...TABLES], inner))
    else for (const one of operations) await settle(() => one.run(db))
  }
  for (const of of TABLES) answers.push([of, await db.table(of).toArray()])
  return answers
}

describe('the database in memory', () => {
  it('answers as Dexie does, whatever is asked in whatever transactions', async () => {
    let phones = 0
    await fc.assert(
      fc.asyncProperty(fc.array(oneStep, { minLength: 1, maxLength: 8 }), async (steps) => {
        const real = openPhoneDatabase(`p${++phones}`, { indexedDB: new IDBFactory(), IDBKeyRange })
        try {
          const inMemory = await play(asPhoneDb(new MemoryPhoneDb(newDisk())), steps)
          expect(inMemory).toEqual(await play(real, steps))
        } finally {
          real.close()
        }
      }),
      { numRuns: 150 },
    )
  })

  it('refuses a table that its transaction does not cover, as Dexie does', async () => {
    for (const db of [
      asPhoneDb(new MemoryPhoneDb(newDisk())),
      openPhoneDatabase('x', { indexedDB: new IDBFactory(), IDBKeyRange }),
    ]) {
      await expect(db.transaction('rw', db.meta, () => db.outbox.count())).rejects.toMatchObject({
        name: 'NotFoundError',
      })
      await expect(
        db.transaction('rw', db.meta, () => db.transaction('rw', db.outbox, () => db.outbox.count())),
      ).rejects.toThrow()
      await expect(db.transaction('r', db.meta, () => db.meta.put({ key: 'a', value: 1 }))).rejects.toThrow(
        /read.?only/i,
      )
      db.close()
    }
  })

  it('undoes a transaction that is struck at any write or at its commit', async () => {
    for (let after = 0; after < 4; after++) {
      const disk = newDisk()
      const db = asPhoneDb(new MemoryPhoneDb(disk))
      await db.meta.put({ key: 'a', value: 1 })
      disk.fault = { kind: 'quota', after }
      const writing = db.transaction('rw', db.meta, async () => {
        await db.meta.put({ key: 'a', value: 2 })
        await db.meta.put({ key: 'b', value: 2 })
        await db.meta.delete('a')
      })
      await expect(writing).rejects.toMatchObject({ name: 'QuotaExceededError' })
      expect(disk.rows('meta')).toEqual([{ key: 'a', value: 1 }])
    }
  })

  it('runs the transactions of two tabs one after the other', async () => {
    const disk = newDisk()
    const tabs = [1, 2, 3].map(() => asPhoneDb(new MemoryPhoneDb(disk)))
    await Promise.all(
      tabs.flatMap((db) =>
        Array.from({ length: 5 }, () =>
          db.transaction('rw', db.meta, async () => {
            const before = ((await db.meta.get('n'))?.value ?? 0) as number
            await Promise.resolve()
            await db.meta.put({ key: 'n', value: before + 1 })
          }),
        ),
      ),
    )
    expect(disk.row('meta', 'n')).toEqual({ key: 'n', value: 15 })
  })
})
