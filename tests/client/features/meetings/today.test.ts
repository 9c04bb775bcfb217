import { beforeEach, describe, expect, it } from 'vitest'
import { civilInstant, DAY_MS } from '../../../../src/shared/civil-time.ts'
import { todayItems } from '../../../../src/client/features/meetings/meetings.today.ts'
import {
  actorOf,
  arrive,
  BRANCH,
  fillBranch,
  meetingFields,
  NOW,
  setupPhone,
  type TestPhone,
} from './fixtures.ts'

const load = async (phone: TestPhone, now = NOW) => {
  phone.setNow(now)
  const items = await todayItems.load({ phone, actor: await actorOf(phone), now })
  return items.map(({ key, group, second }) => ({ key, group, second }))
}
const mark = (personId: string, state: string, leaveKind: string | null = null) => ({
  unitId: BRANCH,
  meetingId: 'mt',
  sittingId: 'st1',
  personId,
  name: personId,
  state,
  leaveKind,
  method: 'tap',
  markedBy: 'p0',
  reason: '',
  supersedes: [],
})

async function phoneOf(personId: string): Promise<TestPhone> {
  const phone = setupPhone(personId)
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  return phone
}

describe('今日 of a member', () => {
  let phone: TestPhone
  beforeEach(async () => (phone = await phoneOf('p3')))

  it("names today's meeting with time and place", async () => {
    expect(await load(phone)).toEqual([{ key: 'meeting:mt', group: 'today', second: '20:45 · 三楼会议室' }])
  })
  it('names it as going on when it began before midnight', async () => {
    const startsAt = civilInstant('2026-11-23', '23:30')
    const sittings = [{ id: 'st1', name: '全体', startsAt, place: '' }]
    await arrive(phone.db, 'meeting', 'mt', meetingFields({ sittings }))
    expect((await load(phone, startsAt + 3_600_000))[0]).toMatchObject({ key: 'meeting:mt', group: 'now' })
  })
  it('announces it in the week before, not earlier', async () => {
    expect((await load(phone, NOW - 3 * DAY_MS))[0]).toMatchObject({ group: 'week' })
    expect(await load(phone, NOW - 9 * DAY_MS)).toEqual([])
  })
  it('is silent once the person is marked, or the meeting is off', async () => {
    await arrive(phone.db, 'roll-mark', 'k', mark('p3', 'present'))
    expect(await load(phone)).toEqual([])
    await phone.db.records('roll-mark').clear()
    await arrive(phone.db, 'meeting', 'mt', meetingFields({ state: 'cancelled' }))
    expect(await load(phone)).toEqual([])
  })
  it('offers 补学 after a leave until it is written', async () => {
    await arrive(phone.db, 'roll-mark', 'k', mark('p3', 'leave', 'duty'))
    const minutes = { unitId: BRANCH, meetingId: 'mt', title: '', stage: 'fixed', body: '议定两项。' }
    await arrive(phone.db, 'minutes', 'mt-fixed', minutes)
    expect(await load(phone, NOW + DAY_MS)).toEqual([
      { key: 'make-up:mt', group: 'week', second: '请假（值班），看过纪要写一句就好' },
    ])
    await phone.store.put('make-up', { unitId: BRANCH, meetingId: 'mt', personId: 'p3', sentence: '学过了' })
    expect(await load(phone, NOW + DAY_MS)).toEqual([])
  })
})

describe('今日 of an officer', () => {
  it('asks for a roll that has begun until everyone is marked', async () => {
    const phone = await phoneOf('p0')
    const rolls = async (now = NOW) => (await load(phone, now)).filter((item) => item.group === 'officer')
    expect(await rolls(NOW - 2 * 3_600_000)).toEqual([])
    expect(await rolls()).toEqual([{ key: 'roll:st1', group: 'officer', second: '应到 6 人，还没有考勤' }])
    for (const at of [0, 1, 2, 3, 4]) await arrive(phone.db, 'roll-mark', `k${at}`, mark(`p${at}`, 'present'))
    expect(await rolls()).toMatchObject([{ second: '还有 1 人未点' }])
    await arrive(phone.db, 'roll-mark', 'k5', mark('p5', 'absent'))
    expect(await rolls()).toEqual([])
  })
})
