/** Where persons, browsers, clocks and backups meet: what must not happen there. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordStore, TableRow } from '../../src/server/store/record-store.ts'
import type { TableName } from '../../src/server/store/sql/tables.ts'
import { TABLE_NAMES } from '../../src/server/store/sql/whole-store.ts'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { closePhones, setupPhone } from '../support/phone.ts'
import { layGround } from '../support/samples.ts'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await layGround(endpoint)
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})
/** What a restore of an older backup does to one row. */
async function removeRow(store: RecordStore, from: TableName, isIt: (row: TableRow) => boolean) {
  const rows = await store.readAll(async (tables) => {
    const all: [TableName, TableRow][] = []
    for (const table of TABLE_NAMES) for await (const row of tables.rows(table)) all.push([table, { ...row }])
    return all
  })
  await store.replaceAll(async (tables) => {
    for (const [table, row] of rows) if (table !== from || !isIt(row)) await tables.insert(table, [row])
  })
}
const devicesOf = (staffNo: string) => endpoint.store.read((tx) => tx.devicesOf(personIdOf(staffNo)))
const opinionsAt = async () =>
  (await endpoint.store.read((tx) => tx.records({ types: ['opinion'] }))).map((r) => [r.author, r.fields])

describe('a tab that was left open when somebody else signed in on the browser', () => {
  it('registers nothing of its own for them, sends nothing under their name, and keeps its queue', async () => {
    const left = await setupPhone(endpoint, '1003')
    await left.sync()
    const other = await setupPhone(endpoint, '1004')
    const before = await devicesOf('1004')
    left.line.online = false
    await left.phone.store.put('opinion', { personId: left.session.person.id, text: '灯坏了' })
    await left.phone.blobs.put(new TextEncoder().encode('附件'), 'text/plain')
    left.jar.cookie = other.jar.cookie
    left.line.online = true
    for (let turn = 0; turn < 3; turn++) await left.sync()
    expect(await devicesOf('1004')).toEqual(before)
    expect(await opinionsAt()).toEqual([])
    expect(left.phone.delivery.summary.value.phase).toBe('sign-in')
    expect(await left.phone.db.outbox.count()).toBe(1)
    expect(await left.phone.db.attention.count()).toBe(0)
    await other.sync()
    expect(other.phone.delivery.summary.value.attention).toBe(0)
  })
})

describe('a store that was restored from an older backup', () => {
  it.each([
    ['right', 0],
    ['40 days ahead', 40],
    ['three years behind', -3 * 365],
  ])('gets back what its author’s phone holds, with a clock that is %s', async (_words, days) => {
    const clock = { now: () => endpoint.clock.now() + days * DAY_MS }
    const phone = await setupPhone(endpoint, '1003', { clock })
    const id = await phone.phone.store.put('opinion', { personId: phone.session.person.id, text: '灯坏了' })
    await phone.sync()
    expect(await opinionsAt()).toHaveLength(1)
    await endpoint.store.write([], (tx) => tx.setSetting('epoch', 'ffffffff-0000-4000-8000-000000000000'))
    await removeRow(endpoint.store, 'records', (row) => row.id === id)
    for (let turn = 0; turn < 4; turn++) await phone.sync()
    expect(await opinionsAt()).toHaveLength(1)
    expect((await phone.phone.store.get('opinion', id))?.fields.text).toBe('灯坏了')
    expect(await phone.phone.db.outbox.count()).toBe(0)
  })
})
