// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, expect, it, vi } from 'vitest'
import { countDue, keepAhead } from '../../../src/client/app/keep-badge.ts'
import type { TodayItem, TodaySource } from '../../../src/client/ui/today.ts'
import { eventually } from '../../support/eventually.ts'
import { setupPhone } from '../features/lessons/fake-phone.ts'

const item = (group: TodayItem['group'], more: Partial<TodayItem> = {}): TodayItem => ({
  key: group,
  title: group,
  second: '',
  group,
  to: '/today',
  ...more,
})
const due: TodaySource = {
  order: 1,
  tables: [],
  load: () => Promise.resolve([item('overdue'), item('today'), item('week'), item('officer')]),
}
const lesson: TodaySource = {
  order: 2,
  tables: [],
  load: () => Promise.resolve([item('now', { lead: { column: '课', body: '' } })]),
}
const broken: TodaySource = { order: 3, tables: [], load: () => Promise.reject(new Error('unreadable')) }

afterEach(() => vi.unstubAllGlobals())

it('counts what is due today and what is refused; a lesson is offered, never owed', async () => {
  const { phone, db } = setupPhone()
  expect(await countDue(phone, [due, lesson, broken])).toBe(2)
  await db.attention.add({ type: 'opinion' } as never)
  expect(await countDue(phone, [due, lesson, broken])).toBe(3)
})

it('is on the icon of the installed app only, and leaves it with the person', async () => {
  const { phone } = setupPhone()
  const set = vi.fn(() => Promise.resolve())
  const clear = vi.fn(() => Promise.resolve())
  const browser = { userAgent: 'Chrome', maxTouchPoints: 0, setAppBadge: set, clearAppBadge: clear }
  vi.stubGlobal('navigator', browser)
  keepAhead(phone, [due])()
  expect(clear).not.toHaveBeenCalled()
  vi.stubGlobal('navigator', { ...browser, standalone: true })
  const stop = keepAhead(phone, [due])
  await eventually(() => expect(set).toHaveBeenCalledWith(2))
  stop()
  expect(clear).toHaveBeenCalled()
})
