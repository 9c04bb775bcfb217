/** A phone on a Friday at 10:07: the month ends on the Monday after it, and with that Monday comes a lesson. */
import { afterEach, beforeEach, vi } from 'vitest'
import { drawAhead, type DrawnPage } from '../../../../src/client/app/last-seen/draw-ahead.ts'
import { civilInstant, DAY_MS } from '../../../../src/shared/civil-time.ts'
import { giveUnits, ME, setupPhone, type TestPhone } from '../../features/lessons/fake-phone.ts'

export const FRIDAY = civilInstant('2026-11-27', '10:07')
export const at = (date: string, time: string) => civilInstant(date, time)

/** Of the test that runs. */
export const week = {} as TestPhone
export const phoneOf = () => ({ ...week.phone, now: () => Date.now() })

export const meeting = (id: string, date: string, time: string, more: object = {}) =>
  week.give('meeting', id, {
    unitId: 'b1',
    kindId: 'general',
    title: `党小组会 ${id}（示例）`,
    date,
    sittings: [{ id: `s-${id}`, name: '全体', startsAt: at(date, time), place: '三楼会议室' }],
    agenda: '',
    chairId: null,
    recorderId: null,
    guests: [],
    attachments: [],
    state: 'planned',
    ...more,
  } as never)
const REVISION = {
  revision: 1,
  files: [{ sha256: '0'.repeat(64), size: 90_000, name: '正文.pdf', role: 'body', pages: 2 }],
  chapter: null,
  note: '',
  at: FRIDAY - 9 * DAY_MS,
}
export const circulation = (id: string, deadline: string, more: object = {}) =>
  week.give('circulation', id, {
    unitId: 'b1',
    documentId: id,
    title: `关于排班的通知 ${id}（示例）`,
    documentNo: '',
    issuer: '办公室',
    receivedOn: '2026-11-20',
    revisions: [REVISION],
    recipients: [{ personId: ME.id, name: ME.name }],
    dispatchedAt: FRIDAY - 9 * DAY_MS,
    dispatchedBy: 'x',
    deadline,
    state: 'open',
    ...more,
  } as never)

async function fillDays(): Promise<void> {
  await giveUnits(week)
  await week.give('meeting-kind', 'general', {
    name: '党小组会',
    order: 0,
    unitKinds: ['branch'],
    roster: 'members',
    cadence: null,
    quorum: null,
    passing: null,
  } as never)
  await week.db.meta.bulkPut([
    { key: 'cursor', value: 'c' },
    { key: 'lastContactAt', value: FRIDAY },
  ])
}
export async function drawn(): Promise<DrawnPage[]> {
  const pages: DrawnPage[] = []
  for await (const ofDay of drawAhead(phoneOf())) pages.push(...ofDay)
  return pages
}

export function useWeek(): void {
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: FRIDAY })
    vi.stubGlobal('requestIdleCallback', (act: () => void) => setImmediate(act))
    localStorage.clear()
    document.body.innerHTML = ''
    Object.assign(week, setupPhone())
    await fillDays()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    week.db.closeForGood()
  })
}
