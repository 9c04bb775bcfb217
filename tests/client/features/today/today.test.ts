// @vitest-environment happy-dom
// First: Dexie looks for the global once, and liveQuery stays silent without it.
import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { arrangeToday, sumInWords } from '../../../../src/client/features/today/arrange.ts'
import { routes } from '../../../../src/client/features/today/today.routes.ts'
import {
  todaySourcesKey,
  type TodayItem,
  type TodayPhone,
  type TodaySource,
} from '../../../../src/client/ui/today.ts'
import { NOW, openPage, setupPhone } from '../lessons/fake-phone.ts'

const item = (key: string, changes: Partial<TodayItem> = {}): TodayItem => ({
  key,
  title: key,
  second: '',
  group: 'week',
  to: `/${key}`,
  ...changes,
})

let close = () => undefined as void
const WHOLE = { lastContactAt: NOW, cursor: 'c' }
const open = async (sources: TodaySource[], held: object = WHOLE) => {
  const phone = setupPhone()
  await phone.db.meta.bulkPut(Object.entries(held).map(([key, value]) => ({ key, value })))
  const page = await openPage(phone, routes, '/today', { [todaySourcesKey as symbol]: sources })
  close = page.close
  return phone
}
const source = (order: number, items: TodayItem[]): TodaySource => ({
  order,
  tables: [],
  load: () => Promise.resolve(items),
})
afterEach(() => {
  close()
  document.body.innerHTML = ''
})

describe('arrangeToday', () => {
  it('orders by what is due, then by source, and heads only groups that have something', () => {
    const { groups } = arrangeToday([
      { order: 2, item: item('later', { dueAt: 20 }) },
      { order: 1, item: item('whenever') },
      { order: 3, item: item('sooner', { dueAt: 10 }) },
      { order: 1, item: item('roll', { group: 'officer' }) },
      { order: 1, item: item('lesson', { group: 'now', lead: { column: '', body: '' } }) },
    ])
    expect(groups.map((group) => [group.heading, group.items.map((one) => one.item.key)])).toEqual([
      ['', ['lesson']],
      ['支部工作', ['roll']],
      ['接下来', ['sooner', 'later', 'whenever']],
    ])
  })
  it('heads what is late, of today and to come each by a name that is true of it', () => {
    const { groups } = arrangeToday([
      { order: 1, item: item('tomorrow', { dueAt: 30 }) },
      { order: 1, item: item('late', { group: 'overdue', dueAt: 10 }) },
      { order: 1, item: item('due', { group: 'today', dueAt: 20 }) },
    ])
    expect(groups.map((group) => [group.heading, group.items.map((one) => one.item.key)])).toEqual([
      ['已过截止日', ['late']],
      ['今天', ['due']],
      ['接下来', ['tomorrow']],
    ])
  })
  it('puts what is late before the large card', () => {
    const { groups } = arrangeToday([
      { order: 1, item: item('lesson', { group: 'now', lead: { column: '', body: '' } }) },
      { order: 2, item: item('late', { group: 'overdue', dueAt: 10 }) },
    ])
    expect(groups.map(({ group }) => group)).toEqual(['overdue', 'now'])
  })
  it('puts what is on now, without a card of its own, first of what is of today', () => {
    const { groups } = arrangeToday([
      { order: 1, item: item('due', { group: 'today', dueAt: 1 }) },
      { order: 2, item: item('meeting', { group: 'now' }) },
    ])
    expect(groups[0]?.items.map((one) => one.item.key)).toEqual(['meeting', 'due'])
  })
})

describe('the sum of the day', () => {
  const sumOf = (...items: TodayItem[]) =>
    sumInWords(arrangeToday(items.map((one) => ({ order: 1, item: one }))), NOW)
  const lead = { column: '', body: '' }
  const lesson = item('lesson', { group: 'now', minutes: 4, lead })

  it('counts what is late, of today and the large card, and adds their minutes', () => {
    const late = item('late', { group: 'overdue', minutes: 3 })
    const due = item('due', { group: 'today', minutes: 5 })
    expect(sumOf(lesson, late, due, item('later', { minutes: 9 }))).toBe('今天 3 件，约 12 分钟')
  })
  it('says how many of them have minutes when some have none', () => {
    expect(sumOf(lesson, item('meeting', { group: 'today' }))).toBe('今天 2 件，其中 1 件约 4 分钟')
    expect(sumOf(item('meeting', { group: 'today' }))).toBe('今天 1 件')
  })
  it('counts work of an office when it is due by tonight', () => {
    const roll = item('roll', { group: 'officer', dueAt: NOW + 60_000 })
    const open = item('open', { group: 'officer', dueAt: NOW + 3 * 86_400_000 })
    expect(sumOf(roll, open, item('whenever', { group: 'officer' }))).toBe('今天 1 件')
  })
  it('goes down by what was done, and says how much that is', () => {
    const sumAfter = (done: number, ...items: TodayItem[]) =>
      sumInWords({ ...arrangeToday(items.map((one) => ({ order: 1, item: one }))), done }, NOW)
    const late = item('late', { group: 'overdue', minutes: 3 })
    expect(sumAfter(0, late, lesson)).toBe('今天 2 件，约 7 分钟')
    expect(sumAfter(1, late, { ...lesson, due: { count: 0 } })).toBe('今天还有 1 件，约 3 分钟，已办 1 件')
    expect(sumAfter(2, { ...lesson, due: { count: 0 } })).toBe('今天办了 2 件，下面的不必今天做。')
    expect(sumAfter(2)).toBe('今天办了 2 件。')
  })
  it('counts of several in one row those that are of today, with their minutes', () => {
    const papers = item('papers', { group: 'overdue', minutes: 9, due: { count: 2, minutes: 5 } })
    expect(sumOf(papers, item('meeting', { group: 'today' }))).toBe('今天 3 件，其中 2 件约 5 分钟')
  })
  it('is quiet when nothing is due, and says nothing when there is nothing', () => {
    expect(sumOf(item('later', { minutes: 9 }))).toBe('今天没有截止的事，下面的不必今天做。')
    expect(sumOf()).toBe('')
  })
})

describe('今日', () => {
  it('says 接着读 for a lesson that was begun', async () => {
    const lead = { column: '廉政提醒', body: '本周一课 · 第 48 周' }
    await open([source(1, [item('a', { group: 'now', second: '读到第 3 段，共 7 段', minutes: 4, lead })])])
    await eventually(() => expect(document.body.textContent).toContain('接着读'))
    expect(document.body.textContent).toContain('11 月 24 日 周二')
    expect(document.querySelector('p.lead')?.textContent).toBe('今天 1 件，约 4 分钟')
  })
  it('teaches when there is nothing to do', async () => {
    await open([source(1, [])])
    await eventually(() => expect(document.body.textContent).toContain('现在没有等着你的事'))
  })
  it.each([
    ['nothing was pulled yet', { lastContactAt: NOW }],
    ['a scope has come in part', { ...WHOLE, preparing: ['org'] }],
    ['all is loaded anew', { lastContactAt: NOW, reload: { scopes: [], offerAgain: false } }],
  ])('never says that nothing waits while %s, and says it when all has come', async (_what, held) => {
    const phone = await open([source(1, [])], held)
    await eventually(() => expect(document.body.textContent).toContain('正在准备本周的内容'))
    expect(document.body.textContent).not.toContain('现在没有等着你的事')
    await phone.db.transaction('rw', phone.db.meta, async () => {
      await phone.db.meta.bulkDelete(['preparing', 'reload'])
      await phone.db.meta.put({ key: 'cursor', value: 'c' })
    })
    await eventually(() => expect(document.body.textContent).toContain('现在没有等着你的事'))
  })
  it('keeps a long list to what five minutes hold, and opens the rest when asked', async () => {
    await open([
      source(
        1,
        Array.from({ length: 9 }, (_, n) => item(`第 ${n + 1} 件`)),
      ),
    ])
    await eventually(() => expect(document.body.textContent).toContain('还有 3 项'))
    expect(document.body.textContent).not.toContain('第 7 件')
    document.querySelector<HTMLButtonElement>('.more button')?.click()
    await eventually(() => expect(document.body.textContent).toContain('第 9 件'))
    expect(document.body.textContent).not.toContain('还有 3 项')
  })
  it('shows the rest when one source fails, and says so', async () => {
    const failing: TodaySource = { order: 1, tables: [], load: () => Promise.reject(new Error('broken')) }
    await open([failing, source(2, [item('文件待签')])])
    await eventually(() => expect(document.body.textContent).toContain('文件待签'))
    expect(document.body.textContent).toContain('有一部分暂时读不出来')
    // A sum without what could not be read would be too small.
    expect(document.querySelector('p.lead')).toBeNull()
  })
  it('says what an item knows more of once its part of the app is there, and the rest where that does not come', async () => {
    const begun = (key: string, more: TodayItem['more']) => item(key, { second: `${key}：第 3 段`, more })
    await open([
      source(1, [
        begun('来了', async () => ({ second: '来了：第 3 段，共 7 段', minutes: 2 })),
        begun('没来', () => Promise.reject(new Error('no network'))),
      ]),
    ])
    await eventually(() => expect(document.body.textContent).toContain('来了：第 3 段，共 7 段'))
    expect(document.body.textContent).toContain('没来：第 3 段')
    expect(document.body.textContent).not.toContain('有一部分暂时读不出来')
  })
  it('reads all sources in one transaction', async () => {
    // A page may read more than once, and then in a transaction for each time.
    const seen: (typeof Dexie.currentTransaction)[][] = [[], []]
    const reading = (order: number): TodaySource => ({
      order,
      tables: ['lesson'],
      load: async ({ phone }) => {
        await phone.db.records('lesson').count()
        seen[order]!.push(Dexie.currentTransaction)
        return [item(`读了 ${order}`)]
      },
    })
    await open([reading(0), reading(1)])
    await eventually(() => expect(document.body.textContent).toContain('读了 1'))
    const [first, second] = seen
    expect(first![0]).toMatchObject({ mode: 'readonly' })
    for (const [time, transaction] of second!.entries()) expect(transaction).toBe(first![time])
  })
  it.each([
    ['waits for something else', () => new Promise((resolve) => setTimeout(resolve, 20))],
    ['reads a table that it does not name', ({ db }: TodayPhone) => db.records('column').count()],
  ])('shows everything when a source %s in that transaction', async (_what, act) => {
    const odd: TodaySource = {
      order: 1,
      tables: ['lesson'],
      load: async ({ phone }) => {
        await act(phone)
        await phone.db.records('lesson').count()
        return [item('另外的')]
      },
    }
    await open([odd, { ...source(2, [item('文件待签')]), tables: ['lesson'] }])
    await eventually(() => expect(document.body.textContent).toContain('文件待签'))
    expect(document.body.textContent).toContain('另外的')
    expect(document.body.textContent).not.toContain('有一部分暂时读不出来')
  })
})
