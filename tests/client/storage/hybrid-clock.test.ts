/** The hybrid clock of a phone whose wall clock was years ahead: held back when that harms nothing that is on its way. */
import { afterEach, expect, it } from 'vitest'
import { readMeta } from '../../../src/client/storage/meta.ts'
import { noteContact } from '../../../src/client/storage/outbox/outcomes.ts'
import { CLOCK_LEAD_MS, parseHlc } from '../../../src/shared/sync/hlc.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import { noteFields } from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

afterEach(closePhones)

const YEARS_MS = 3 * 365 * 86_400_000
const contact = ({ phone, clock }: TestPhone, serverTime: number) =>
  phone.db.transaction('rw', phone.db.meta, phone.db.outbox, () =>
    noteContact(phone.db, serverTime, clock.now()),
  )
const msOf = async ({ phone }: TestPhone) => parseHlc((await readMeta(phone.db, 'hlc')) ?? '').ms

it('stays ahead while an edit that was made under it waits, so that the next edit wins over that one', async () => {
  const a = await setupPhone(new FakeEndpoint())
  const right = a.clock.now()
  a.clock.jump(YEARS_MS)
  await a.phone.store.edit('note', 'n', { text: '先写' }, { create: noteFields('') })
  await contact(a, right)
  expect(await msOf(a)).toBe(right + YEARS_MS)
  await a.phone.store.edit('note', 'n', { text: '后写' })
  const [entry] = await a.phone.db.outbox.toArray()
  expect(parseHlc(entry?.hlc ?? '').ms).toBe(right + YEARS_MS)
})

it('is held back as the endpoint holds it back once nothing waits, and by no answer that came late', async () => {
  const a = await setupPhone(new FakeEndpoint())
  const right = a.clock.now()
  a.clock.jump(YEARS_MS)
  await a.phone.store.edit('note', 'n', { text: '先写' }, { create: noteFields('') })
  await a.phone.db.outbox.clear()
  await contact(a, right + 60_000)
  expect(await msOf(a)).toBe(right + 60_000 + CLOCK_LEAD_MS)
  // Another tab's answer, older than the one before.
  await contact(a, right)
  expect(await msOf(a)).toBe(right + 60_000 + CLOCK_LEAD_MS)
})
