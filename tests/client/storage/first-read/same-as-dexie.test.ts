/** Row for row what Dexie reads: any rows of any record type, whole, half or odd, asked in every way that the plain reading knows. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { definitions, type RecordType } from '../../../../src/shared/sync/registry.ts'
import { openPhoneDatabase, type PhoneDb } from '../../../../src/client/storage/db.ts'
import { readPlainly } from '../../../../src/client/storage/first-read/plain-read.ts'
import { setupEndpoint } from '../../../support/endpoint.ts'
import { layGround, samples, type Sample } from '../../../support/samples.ts'

// Hundreds of runs take their time on a busy machine; nothing here is about speed.
vi.setConfig({ testTimeout: 120_000 })

const indexedDB = new IDBFactory()
let db: PhoneDb
let sampleOf: Map<string, Sample>
beforeAll(async () => {
  db = openPhoneDatabase('li', { indexedDB, IDBKeyRange })
  await db.open()
  const endpoint = await setupEndpoint()
  sampleOf = new Map(samples(await layGround(endpoint)).map((sample) => [sample.type, sample]))
  await endpoint.close()
})
afterAll(() => db.closeForGood())

/** Few, so that they meet; some that no index takes, and some that sort by their code units. */
const KEYS = ['', 'a', 'A', 'a1', '党', '党员', '𠮷', '\uffff', '2026-11', '2026-W48'] as const
const key = fc.constantFrom(...KEYS)
const odd = fc.constantFrom(null, true, 7, -0, { of: 'object' }, ['a', '党'], [])

interface Row {
  id: string
  scope: string
  /** By the place of the index among the type's. */
  values: unknown[]
  cut: 'none' | 'fields' | 'one'
}
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.oneof(key, fc.uuid()),
  scope: key,
  values: fc.array(fc.oneof({ weight: 4, arbitrary: key }, odd), { minLength: 6, maxLength: 6 }),
  cut: fc.constantFrom('none', 'none', 'none', 'fields', 'one'),
})

function stored(type: string, indexes: readonly string[], { id, scope, values, cut }: Row): object {
  const fields: Record<string, unknown> = { ...sampleOf.get(type)?.fields }
  for (const [at, path] of indexes.entries()) fields[path] = values[at]
  if (cut === 'one') delete fields[indexes[0] ?? 'title']
  const whole = { id, scope, rev: 1, schemaVersion: 1, author: 'x', observedAt: 1, receivedAt: 2, pending: 0 }
  return cut === 'fields' ? whole : { ...whole, fields }
}

interface Question {
  path: number
  keys: string[]
}

/** Each answer, or that there was none. */
async function askAll(
  on: PhoneDb,
  type: RecordType,
  paths: readonly string[],
  questions: readonly Question[],
) {
  const table = on.records(type)
  const answer = async (ask: () => PromiseLike<unknown>): Promise<unknown> => {
    try {
      return await ask()
    } catch {
      return 'refused'
    }
  }
  const odds = (one: { scope: string }) => one.scope > 'a'
  const all: unknown[] = [await answer(() => table.toArray()), await answer(() => table.count())]
  all.push(await answer(() => table.filter(odds).toArray()), await answer(() => table.reverse().toArray()))
  for (const { path: at, keys } of questions) {
    const path = paths[at % paths.length]!
    const equal = () => table.where(path).equals(keys[0]!)
    all.push(
      path,
      await answer(() => equal().toArray()),
      await answer(() => equal().count()),
      await answer(() => equal().first()),
      await answer(() => equal().filter(odds).first()),
      await answer(() => equal().reverse().toArray()),
      await answer(() => table.where(path).anyOf(keys).toArray()),
      await answer(() => table.where(path).anyOf(keys).count()),
      await answer(() => table.orderBy(path).toArray()),
      await answer(() => table.orderBy(path).reverse().filter(odds).toArray()),
    )
  }
  const ids = questions.flatMap(({ keys }) => keys)
  all.push(await answer(() => table.bulkGet(ids)))
  for (const id of ids) all.push(await answer(() => table.get(id)))
  return all
}

const questions = fc.array(
  fc.record({ path: fc.nat(9), keys: fc.array(key, { minLength: 1, maxLength: 4 }) }),
  {
    minLength: 1,
    maxLength: 4,
  },
)

it.each(definitions.map(({ type, indexes }) => [type as RecordType, indexes] as const))(
  'of %s',
  async (type, indexes) => {
    const paths = ['scope', ...indexes.map((path) => `fields.${path}`)]
    const ask = fc.asyncProperty(fc.array(row, { maxLength: 12 }), questions, async (rows, asking) => {
      await db.rows(type).clear()
      await db.rows(type).bulkPut(rows.map((one) => stored(type, indexes, one)) as never[])
      const byDexie = await db.transaction('r', [type], () => askAll(db, type, paths, asking))
      const plainly = await readPlainly('li', [type], (on) => askAll(on, type, paths, asking), { indexedDB })
      expect(plainly).toEqual(byDexie)
    })
    await fc.assert(ask, { numRuns: 25 })
  },
)

it('of a key that is not there nobody’s rows are read', async () => {
  await db.rows('membership').clear()
  await db
    .rows('membership')
    .bulkPut([
      stored('membership', ['personId'], { id: 'm', scope: 'org', values: ['p1'], cut: 'none' }),
    ] as never[])
  for (const nobody of [undefined, null] as unknown as string[]) {
    const of = (on: PhoneDb) => on.records('membership').where('fields.personId')
    const read = (ask: (on: PhoneDb) => PromiseLike<unknown[]>) =>
      readPlainly('li', ['membership'], async (on) => await ask(on), { indexedDB })
    expect(await read((on) => of(on).equals(nobody).toArray())).toBeUndefined()
    expect(await read((on) => of(on).anyOf([nobody]).toArray())).toBeUndefined()
    expect(await read((on) => of(on).equals('p1').toArray())).toHaveLength(1)
  }
})
