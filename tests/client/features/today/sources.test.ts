import { IDBFactory } from 'fake-indexeddb'
import { expect, it } from 'vitest'
import { gatherTodaySources } from '../../../../src/client/app/today-sources.ts'
import { completeToday, readWhole, todayTables } from '../../../../src/client/features/today/read-today.ts'
import { readPlainly } from '../../../../src/client/storage/first-read/plain-read.ts'
import type { TodayContext } from '../../../../src/client/ui/today.ts'
import { actorOf, arrive, fillBranch, meetingFields, NOW, setupPhone } from '../meetings/fixtures.ts'

it('a source names all that it reads, and waits for nothing else', async () => {
  const phone = setupPhone('p0')
  await fillBranch(phone)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  const context = { phone, actor: await actorOf(phone), now: NOW } as unknown as TodayContext
  const sources = gatherTodaySources()
  expect(sources.length).toBeGreaterThan(2)
  for (const source of sources) {
    const alone = await source.load(context)
    // An async function, as 今日 has: Dexie follows the waiting of no other.
    const read = phone.db.transaction('r', [...source.tables], async () => await source.load(context))
    expect(await read).toEqual(alone)
  }
})

it('read before Dexie, 今日 says what it says read by Dexie', async () => {
  for (const personId of ['p0', 'p1', 'p7']) {
    const indexedDB = new IDBFactory()
    const phone = setupPhone(personId, indexedDB)
    await fillBranch(phone)
    for (const [n, date] of ['2026-11-20', '2026-11-24', '2026-11-24', '2026-11-27'].entries())
      await arrive(phone.db, 'meeting', `mt${n}`, { ...meetingFields(), date, title: `会议 ${n}` })
    const sources = gatherTodaySources()
    const tables = todayTables(sources)
    const byDexie = await phone.db.transaction('r', tables, async () => await readWhole(phone, sources, NOW))
    const plainly = await readPlainly(personId, tables, (db) => readWhole({ ...phone, db }, sources, NOW), {
      indexedDB,
    })
    const shown = async (read: typeof byDexie) => JSON.parse(JSON.stringify(await completeToday(read)))
    expect(plainly).toBeDefined()
    expect(await shown(plainly!)).toEqual(await shown(byDexie))
    expect(byDexie.items.flat().length).toBeGreaterThan(0)
  }
})
