/**
 * The endpoint judges rights by its own clock. A phone that is wrong by days, and has met the endpoint, hides and shows by the
 * same time: an officer of today is not locked out, and who is none any more, or not yet, is not led to a refusal.
 */
import { describe, expect, it } from 'vitest'
import { readOfficers } from '../../../../../src/client/features/meetings/codes/officers.ts'
import { readMeeting } from '../../../../../src/client/features/meetings/detail/read-meeting.ts'
import { mayTakeRoll } from '../../../../../src/client/features/meetings/roll/roll-acts.ts'
import { writeMeta } from '../../../../../src/client/storage/meta.ts'
import { DAY_MS } from '../../../../../src/shared/civil-time.ts'
import { spanHolds } from '../../../../../src/shared/org/actor.ts'
import { arrive, BRANCH, fillBranch, meetingFields, NOW, setupPhone } from '../fixtures.ts'

/** p2 takes rolls from 20 to 30 November; the bureau has the 23rd. */
async function phoneOf(wrongByMs: number, { hasMet = true, from = '2026-11-20', to = '2026-11-30' } = {}) {
  const phone = setupPhone('p2')
  await fillBranch(phone, 4)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  await arrive(phone.db, 'role', 'r-p2', {
    personId: 'p2',
    unitId: BRANCH,
    name: '',
    role: 'branch-officer',
    title: '纪检委员',
    from,
    to,
    revokedForCause: false,
  })
  phone.setNow(NOW + wrongByMs)
  if (hasMet) {
    await writeMeta(phone.db, 'serverOffset', -wrongByMs)
    await writeMeta(phone.db, 'serverTimeSeen', NOW)
  }
  return phone
}
const asked = async (phone: Awaited<ReturnType<typeof phoneOf>>) => [
  await mayTakeRoll(phone, BRANCH),
  (await readMeeting(phone, 'mt'))?.isOfficer,
  (await readOfficers(phone))('p2', BRANCH),
]

describe.each([-40, -9, 9, 400])('a phone that is wrong by %i days', (days) => {
  const wrongByMs = days * DAY_MS
  it('takes the roll of an officer of today', async () => {
    expect(await asked(await phoneOf(wrongByMs))).toEqual([true, true, true])
  })
  it('does not offer what the endpoint would refuse', async () => {
    const role =
      days < 0 ? { from: '2026-01-01', to: '2026-11-20' } : { from: '2026-12-01', to: '2099-01-01' }
    expect([spanHolds(role, NOW + wrongByMs), spanHolds(role, NOW)]).toEqual([true, false])
    expect(await asked(await phoneOf(wrongByMs, role))).toEqual([false, false, false])
  })
})

it('by its own clock as long as it has never met the endpoint', async () => {
  expect(await asked(await phoneOf(-40 * DAY_MS, { hasMet: false }))).toEqual([false, false, false])
  expect(await asked(await phoneOf(0, { hasMet: false }))).toEqual([true, true, true])
})

it('whose clock was set back since is not earlier than what the endpoint has told', async () => {
  const phone = await phoneOf(0)
  phone.setNow(NOW - 40 * DAY_MS)
  expect(await asked(phone)).toEqual([true, true, true])
})
