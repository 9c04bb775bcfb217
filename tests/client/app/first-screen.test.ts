// @vitest-environment happy-dom
/** What the app reads before its database is open, from disks that are not as they should be: nothing wrong is shown, nothing fails. */
// First: Dexie looks for the global once.
import 'fake-indexeddb/auto'
import { IDBIndex as FakeIndex, IDBObjectStore as FakeStore } from 'fake-indexeddb'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readFirstScreen } from '../../../src/client/app/session/first-screen.ts'
import { gatherTodaySources } from '../../../src/client/app/today-sources.ts'
import {
  completeToday,
  readWhole,
  todayTables,
  type ReadToday,
} from '../../../src/client/features/today/read-today.ts'
import { deletePhoneDatabase } from '../../../src/client/storage/phone-databases.ts'
import { writeMeta } from '../../../src/client/storage/meta.ts'
import { arrive, fillBranch, meetingFields, NOW, setupPhone } from '../features/meetings/fixtures.ts'

vi.setConfig({ testTimeout: 60_000 })

const ME = { id: 'p0', name: '王某0', staffNo: 'p0' }
const sources = gatherTodaySources()
const tables = todayTables(sources)
let phone: ReturnType<typeof setupPhone>
beforeEach(async () => {
  // A disk that is slow on a busy machine is waited for.
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW })
  phone = setupPhone(ME.id, indexedDB)
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  phone.db.closeForGood()
  await deletePhoneDatabase(ME.id)
})

const shown = (read: ReadToday | undefined) => JSON.parse(JSON.stringify(read ?? null)) as unknown
const byDexie = async (): Promise<unknown> => {
  const read = phone.db.transaction('r', tables, async () => await readWhole(phone, sources, NOW))
  return await read.then(completeToday).then(shown, () => 'failed')
}

it('reads what 今日 shows', async () => {
  const first = await readFirstScreen(ME)
  expect(shown(first?.today.today)).toEqual(await byDexie())
  expect(JSON.stringify(first?.today.today)).toContain('11 月支部党员大会')
})

describe('a disk that cannot read', () => {
  /** As Chrome tells of a large value whose file is lost: the request fails, not the opening. */
  function breakReading(table: string): void {
    interface Raw {
      _requests: { operation: () => unknown }[]
    }
    const broken = (raw: unknown) => {
      // oxlint-disable-next-line no-underscore-dangle -- fake-indexeddb names it so
      ;(raw as Raw)._requests.at(-1)!.operation = () => {
        throw new DOMException('Failed to read large IndexedDB value', 'NotReadableError')
      }
    }
    const ofStore = FakeStore.prototype.getAll
    vi.spyOn(FakeStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...asked) {
      const request = ofStore.apply(this, asked)
      if (this.name === table) broken(this.transaction)
      return request
    })
    const ofIndex = FakeIndex.prototype.getAll
    vi.spyOn(FakeIndex.prototype, 'getAll').mockImplementation(function (this: IDBIndex, ...asked) {
      const request = ofIndex.apply(this, asked)
      if (this.objectStore.name === table) broken(this.objectStore.transaction)
      return request
    })
  }

  it.each(['outbox', 'meeting', 'membership', 'unit'])(
    'a row of %s is left to the ordinary way',
    async (table) => {
      breakReading(table)
      expect(await readFirstScreen(ME)).toBeUndefined()
      vi.restoreAllMocks()
      expect(await readFirstScreen(ME)).toBeDefined()
    },
  )
})

it('of rows that an update has yet to bring to its version nothing is shown', async () => {
  await writeMeta(phone.db, 'schemas', { meeting: 2 })
  const first = await readFirstScreen(ME)
  expect(first?.found[0].schemas).toEqual({ meeting: 2 })
  expect(first?.today).toEqual({})
})

it('rows of which a part is missing show what the ordinary way shows, or nothing', async () => {
  const whole = new Map<string, object[]>()
  for (const table of tables) whole.set(table, await phone.db.table(table).toArray())
  const rows = [...whole].flatMap(([table, of]) => of.map((_row, at) => ({ table, at })))
  const cut = fc.record({
    row: fc.constantFrom(...rows),
    /** A field of the row, or of its fields; what stands there instead. */
    path: fc.constantFrom(
      'fields',
      'scope',
      'observedAt',
      'personId',
      'unitId',
      'sittings',
      'date',
      'title',
      'from',
    ),
    value: fc.constantFrom(undefined, null, 7, '', [], {}, '乱码'),
  })
  const property = fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 3 }), async (cuts) => {
    for (const { row, path, value } of cuts) {
      const damaged = structuredClone(whole.get(row.table)![row.at]) as Record<string, unknown>
      const fields = damaged['fields'] as Record<string, unknown>
      const place = path in damaged ? damaged : fields
      if (value === undefined) delete place[path]
      else place[path] = value
      await phone.db.table(row.table).put(damaged)
    }
    const first = await readFirstScreen(ME)
    const ordinary = await byDexie()
    const today = first?.today.today
    if (today !== undefined) expect(shown(today)).toEqual(ordinary)
    else expect(ordinary).toBe('failed')
    for (const [table, of] of whole) await phone.db.table(table).bulkPut(of)
  })
  await fc.assert(property, { numRuns: 60 })
})
