/** 今日 names the sitting that suits the own shift; without shifts it says what it said. */
import { expect, it } from 'vitest'
import { todayItems } from '../../../../../src/client/features/meetings/meetings.today.ts'
import { civilInstant } from '../../../../../src/shared/civil-time.ts'
import type { ShiftKind } from '../../../../../src/shared/org/shifts/shift-roster.ts'
import { actorOf, arrive, BRANCH, fillBranch, meetingFields, setupPhone } from '../fixtures.ts'

const NOW = civilInstant('2026-11-23', '06:00')
const sittings = [
  { id: 'a', name: '早班场', startsAt: civilInstant('2026-11-23', '16:30'), place: '三楼会议室' },
  { id: 'b', name: '晚班场', startsAt: civilInstant('2026-11-23', '14:30'), place: '' },
]

async function secondLine(kind: ShiftKind | undefined, now = NOW): Promise<string | undefined> {
  const phone = setupPhone('p3')
  phone.setNow(now)
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ sittings }))
  const days = kind === undefined ? { p2: { '23': 'early' } } : { p3: { '23': kind } }
  await arrive(phone.db, 'shift-roster', 'r', { unitId: BRANCH, month: '2026-11', days, hours: {} })
  const [item] = await todayItems.load({ phone, actor: await actorOf(phone), now })
  return (await item?.more?.())?.second ?? item?.second
}

it.each([
  ['early', '按排班赶得上早班场 16:30 · 三楼会议室'],
  ['late', '按排班赶得上晚班场 14:30'],
  ['rest', '休息时有晚班场 14:30'],
  ['leave', '你在请假 · 14:30'],
  [undefined, '14:30'],
] as const)('%s: %s', async (kind, second) => {
  expect(await secondLine(kind)).toBe(second)
})

it('does not offer a sitting that is over', async () => {
  expect(await secondLine('late', civilInstant('2026-11-23', '15:00'))).toMatch(/^各场都在当班时间/)
})
