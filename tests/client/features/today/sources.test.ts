import { expect, it } from 'vitest'
import { gatherTodaySources } from '../../../../src/client/app/today-sources.ts'
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
