/** What is too old leaves the phone in the round that brings it, and later by a look at everything once a day. */
import { afterEach, expect, it } from 'vitest'
import { readMeta, writeMeta } from '../../../src/client/storage/meta.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import { opinionFields } from '../../support/client/records.ts'
import { closePhones, setupPhone } from '../../support/client/setup-phone.ts'

const YEARS_MS = 3 * 366 * 86_400_000

afterEach(closePhones)

async function fill(pageLimit: number) {
  const endpoint = new FakeEndpoint()
  const phone = await setupPhone(endpoint, { more: { pageLimit } })
  const scope = `file:root:${phone.phone.person.id}`
  const seed = (id: string, ageMs: number) =>
    endpoint.seed('opinion', id, scope, opinionFields(id), { receivedAt: endpoint.now() - ageMs })
  const held = () => phone.phone.db.rows('opinion').toCollection().primaryKeys()
  return { endpoint, phone, seed, held, sync: () => phone.phone.engine.syncNow() }
}

it.each([2, 2000])(
  'rows that are too old when they first come do not stay, in pages of %d',
  async (pageLimit) => {
    const { seed, held, sync } = await fill(pageLimit)
    seed('old-1', YEARS_MS)
    for (let n = 1; n <= 5; n++) seed(`young-${n}`, 1000)
    seed('old-2', YEARS_MS)
    for (let n = 6; n <= 9; n++) seed(`young-${n}`, 1000)
    await sync()
    expect(await held()).toEqual(Array.from({ length: 9 }, (_, n) => `young-${n + 1}`))
  },
)

it('a phone that has just been filled counts as looked through; a day later what has grown old leaves', async () => {
  const { endpoint, phone, seed, held, sync } = await fill(2000)
  seed('young', 1000)
  await sync()
  expect(await readMeta(phone.phone.db, 'prunedAt')).toBeGreaterThan(0)
  expect(await held()).toEqual(['young'])
  endpoint.now = (
    (now) => () =>
      now + YEARS_MS
  )(endpoint.now())
  await sync()
  expect(await held()).toEqual([])
})

it('what waits stays, however old', async () => {
  const { phone, seed, held, sync, endpoint } = await fill(2000)
  seed('old', 1000)
  await sync()
  await phone.phone.db.rows('opinion').update('old', { pending: 1 })
  await writeMeta(phone.phone.db, 'prunedAt', 0)
  endpoint.now = (
    (now) => () =>
      now + YEARS_MS
  )(endpoint.now())
  await sync()
  expect(await held()).toEqual(['old'])
})
