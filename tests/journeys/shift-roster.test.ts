/**
 * The roster of shifts between phones. Two officers fill it offline, the same person on different days too: both keep what
 * they wrote, in whatever order it arrives. A member reads it and cannot write it.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { shiftRosterId } from '../../src/shared/org/shifts/shift-roster.ts'
import { shiftOn } from '../../src/shared/org/shifts/shifts.ts'
import { branchId, personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'

const unitId = branchId('第一支部')
const month = '2026-12'
const id = shiftRosterId(unitId, month)
const member = personIdOf('1003')
let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})
const paint = (p: JourneyPhone, changes: Record<string, unknown>) =>
  p.phone.store.edit('shift-roster', id, changes, { create: { unitId, month } })
const rosterOn = async (p: JourneyPhone) => (await p.phone.store.get('shift-roster', id))?.fields

it('two officers who filled it offline both keep what they wrote, of the same person too', async () => {
  const [first, second, reader] = [
    await setupPhone(endpoint, '1001'),
    await setupPhone(endpoint, '1007'),
    await setupPhone(endpoint, '1003'),
  ]
  for (const p of [first, second, reader]) await p.sync()
  for (const p of [first, second]) p.line.online = false
  await paint(first, {
    [`days/${member}/01`]: 'early',
    [`days/${member}/02`]: 'early',
    'hours/night': '22:00-06:00',
  })
  await paint(second, { [`days/${member}/03`]: 'night', [`days/${personIdOf('1001')}/01`]: 'leave' })
  await paint(first, { [`days/${member}/02`]: null })
  for (const p of [second, first]) {
    p.line.online = true
    await p.sync()
  }
  for (const p of [first, second, reader, second]) await p.sync()
  const expected = {
    days: {
      [member]: { '01': 'early', '02': null, '03': 'night' },
      [personIdOf('1001')]: { '01': 'leave' },
    },
    hours: { night: '22:00-06:00' },
  }
  for (const p of [first, second, reader]) {
    expect(await rosterOn(p)).toMatchObject(expected)
    expect(await p.phone.db.outbox.count()).toBe(0)
  }
  const shift = shiftOn([(await rosterOn(reader))!], member, '2026-12-03')
  expect(new Date(shift!.to).toISOString()).toBe('2026-12-03T22:00:00.000Z')
})

it('a member who writes it is refused, and what officers wrote stays', async () => {
  const [officer, reader] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1003')]
  await officer.sync()
  await paint(officer, { [`days/${member}/01`]: 'late' })
  await officer.sync()
  await reader.sync()
  await paint(reader, { [`days/${member}/01`]: 'rest' })
  await reader.sync()
  const [item] = await reader.phone.db.attention.toArray()
  expect(item?.code).toBe('forbidden')
  await officer.sync()
  expect((await rosterOn(officer))?.days?.[member]).toEqual({ '01': 'late' })
})
