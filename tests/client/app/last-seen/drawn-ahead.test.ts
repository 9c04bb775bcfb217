// @vitest-environment happy-dom
/** 今日 drawn ahead: of each moment of this day and the next three it is what the page itself shows at that moment of the same rows. */
import 'fake-indexeddb/auto'
import { expect, it, vi } from 'vitest'
import { pageOf } from '../../../../src/client/app/last-seen/picture.ts'
import { gatherTodaySources } from '../../../../src/client/app/today-sources.ts'
import { routes } from '../../../../src/client/features/today/today.routes.ts'
import { todaySourcesKey } from '../../../../src/client/ui/today.ts'
import { DAY_MS } from '../../../../src/shared/civil-time.ts'
import { eventually } from '../../../support/eventually.ts'
import { lessonFields, ME, openPage } from '../../features/lessons/fake-phone.ts'
import { at, circulation, drawn, FRIDAY, meeting, phoneOf, useWeek, week } from './week.ts'

vi.setConfig({ testTimeout: 60_000 })
useWeek()

const textOf = (html: string): string => {
  const part = document.createElement('div')
  part.innerHTML = html
  return part.textContent
}

/** What lies on the phone, and what some of its pages say. */
const DAYS: [string, () => Promise<unknown>, ...string[]][] = [
  ['nothing at all', () => Promise.resolve(), '现在没有等着你的事'],
  [
    'a lesson of this week, and one that comes on Monday at eight',
    async () => {
      await week.give('column', 'c1', { name: '廉政提醒', order: 0 } as never)
      await week.give('lesson', 'l1', lessonFields())
      const publishAt = at('2026-11-30', '08:00')
      const monday = { issueId: 'l2', week: '2026-W49', title: '下一课（示例）', publishAt }
      await week.give('lesson', 'l2', lessonFields(monday))
    },
    '三种样子',
    '下一课',
    '现在没有等着你的事',
  ],
  [
    'papers due today, tomorrow, and overdue since yesterday',
    async () => {
      await circulation('d1', '2026-11-27')
      await circulation('d2', '2026-11-28')
    },
    '2 份文件待签',
    '已过截止日',
    '今天截止',
  ],
  [
    'a paper that is valid until tomorrow',
    () => circulation('d4', '2026-12-20', { expiresOn: '2026-11-28' }),
    '1 份文件待签',
    '现在没有等着你的事',
  ],
  [
    'a meeting tomorrow, one a week ahead, one over midnight',
    async () => {
      await meeting('m1', '2026-11-28', '14:00')
      await meeting('m2', '2026-12-05', '09:30')
      await meeting('m3', '2026-11-29', '23:15')
    },
    '党小组会 m1',
    '党小组会 m2',
    '今天 1 件',
  ],
  [
    'a result whose week of newness ends at no round time',
    () => {
      const result = { personId: ME.id, unitId: 'b1', month: '2026-10', side: 'party', total: 90, lines: [] }
      return week.give('month-result', 'r1', result as never, FRIDAY - 7 * DAY_MS + 26 * 3_600_000 + 12_345)
    },
    '结果已定稿',
    '现在没有等着你的事',
  ],
  [
    'a month that ends with an assessment not written',
    () =>
      week.give('indicator-set', 'i1', {
        name: '党建指标（示例）',
        side: 'party',
        version: 1,
        sample: true,
        validFrom: '2026-01-01',
        indicators: [{ id: 'a', title: '参加会议', max: 60 }],
      } as never),
    '11 月自评',
    '明天截止',
    '今天 1 件',
  ],
]

/** What keep.ts would see of the page itself, opened when the clock stands there. */
async function seenAt(moment: number): Promise<string> {
  vi.setSystemTime(moment)
  const sources = gatherTodaySources()
  const { app, close } = await openPage({ ...week, phone: phoneOf() }, routes, '/today', {
    [todaySourcesKey]: sources,
  })
  await eventually(() => {
    expect(app.element.querySelector('.loading')).toBeNull()
    expect(app.element.querySelector('.list, .lead.card, .empty')).not.toBeNull()
  })
  const html = pageOf(app.element.querySelector('.shell')!.parentElement!)
  close()
  return html
}

it.each(DAYS)('of each moment it is what the page itself shows then: %s', async (_name, fill, ...words) => {
  await fill()
  const pages = await drawn()
  expect([pages[0]!.from, pages.at(-1)!.until]).toEqual([FRIDAY, at('2026-12-01', '00:00')])
  const said = pages.map(({ page }) => textOf(page)).join('')
  for (const word of words) expect(said).toContain(word)
  const gaps = pages.flatMap(({ from }, n) => (n === 0 ? [] : [from - pages[n - 1]!.until]))
  expect(Math.max(...gaps)).toBeLessThan(60_000)
  const edges = pages.flatMap(({ from, until }) => [from, until - 1])
  const between = [0.01, 0.2, 0.4, 0.7, 0.95].map((part) => Math.round(FRIDAY + part * 3.5 * DAY_MS))
  for (const moment of [...edges, ...between]) {
    const page = pages.find(({ from, until }) => from <= moment && moment < until)
    expect(page!.page, new Date(moment).toISOString()).toBe(await seenAt(moment))
  }
})
