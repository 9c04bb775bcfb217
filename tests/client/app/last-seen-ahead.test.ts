// @vitest-environment happy-dom
/**
 * 今日 drawn ahead: of each moment of this day and the next three it is what the page itself shows at that moment of the same rows,
 * it does nothing but draw, and it goes with any change.
 */
import 'fake-indexeddb/auto'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { drawAhead, type DrawnPage } from '../../../src/client/app/last-seen/draw-ahead.ts'
import { startKeepingLastSeen } from '../../../src/client/app/last-seen/keep.ts'
import { MOST_CHARACTERS } from '../../../src/client/app/last-seen/kept.ts'
import { pageOf } from '../../../src/client/app/last-seen/picture.ts'
import { LAST_SEEN, showLastSeen, type LastSeen } from '../../../src/client/app/last-seen/show.ts'
import { timesOf } from '../../../src/client/app/last-seen/times-of.ts'
import { gatherTodaySources } from '../../../src/client/app/today-sources.ts'
import { routes } from '../../../src/client/features/today/today.routes.ts'
import { todaySourcesKey } from '../../../src/client/ui/today.ts'
import { civilDate, civilInstant, DAY_MS } from '../../../src/shared/civil-time.ts'
import { eventually } from '../../support/eventually.ts'
import {
  giveUnits,
  lessonFields,
  ME,
  openPage,
  setupPhone,
  type TestPhone,
} from '../features/lessons/fake-phone.ts'

vi.setConfig({ testTimeout: 60_000 })

/** The month ends on the Monday after it, and with that Monday comes a lesson. */
const FRIDAY = civilInstant('2026-11-27', '10:07')
const at = (date: string, time: string) => civilInstant(date, time)

let test: TestPhone
const phoneOf = () => ({ ...test.phone, now: () => Date.now() })
const textOf = (html: string): string => {
  const part = document.createElement('div')
  part.innerHTML = html
  return part.textContent
}

const meeting = (id: string, date: string, time: string, more: object = {}) =>
  test.give('meeting', id, {
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
const circulation = (id: string, deadline: string, more: object = {}) =>
  test.give('circulation', id, {
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
  await giveUnits(test)
  await test.give('meeting-kind', 'general', {
    name: '党小组会',
    order: 0,
    unitKinds: ['branch'],
    roster: 'members',
    cadence: null,
    quorum: null,
    passing: null,
  } as never)
  await test.db.meta.bulkPut([
    { key: 'cursor', value: 'c' },
    { key: 'lastContactAt', value: FRIDAY },
  ])
}
/** What lies on the phone, and what some of its pages say. */
const DAYS: [string, () => Promise<unknown>, ...string[]][] = [
  ['nothing at all', () => Promise.resolve(), '现在没有等着你的事'],
  [
    'a lesson of this week, and one that comes on Monday at eight',
    async () => {
      await test.give('column', 'c1', { name: '廉政提醒', order: 0 } as never)
      await test.give('lesson', 'l1', lessonFields())
      const publishAt = at('2026-11-30', '08:00')
      const monday = { issueId: 'l2', week: '2026-W49', title: '下一课（示例）', publishAt }
      await test.give('lesson', 'l2', lessonFields(monday))
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
      return test.give('month-result', 'r1', result as never, FRIDAY - 7 * DAY_MS + 26 * 3_600_000 + 12_345)
    },
    '结果已定稿',
    '现在没有等着你的事',
  ],
  [
    'a month that ends with an assessment not written',
    () =>
      test.give('indicator-set', 'i1', {
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

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: FRIDAY })
  vi.stubGlobal('requestIdleCallback', (act: () => void) => setImmediate(act))
  localStorage.clear()
  document.body.innerHTML = ''
  test = setupPhone()
  await fillDays()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  test.db.closeForGood()
})

async function drawn(): Promise<DrawnPage[]> {
  const pages: DrawnPage[] = []
  for await (const ofDay of drawAhead(phoneOf())) pages.push(...ofDay)
  return pages
}

/** What keep.ts would see of the page itself, opened when the clock stands there. */
async function seenAt(moment: number): Promise<string> {
  vi.setSystemTime(moment)
  const sources = gatherTodaySources()
  const { app, close } = await openPage({ ...test, phone: phoneOf() }, routes, '/today', {
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

describe('of each moment it is what the page itself shows then', () => {
  it.each(DAYS)('%s', async (_name, fill, ...words) => {
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
})

it('a day is cut where what is read changes, and nowhere else, whatever changes when', async () => {
  const turn = fc.integer({ min: 1, max: DAY_MS - 1 })
  const property = fc.asyncProperty(fc.uniqueArray(turn, { maxLength: 5 }), async (unordered) => {
    const turns = unordered.sort((a, b) => a - b)
    const stateAt = (now: number) => turns.filter((each) => each <= now).length
    const times = await timesOf(FRIDAY, FRIDAY + DAY_MS, (now) =>
      Promise.resolve({ groups: [], hasFailed: false, isComing: false, state: stateAt(now - FRIDAY) }),
    )
    for (const { from, until, today } of times) {
      const { state } = today as unknown as { state: number }
      expect([stateAt(from - FRIDAY), stateAt(until - 1 - FRIDAY)]).toEqual([state, state])
    }
    const ends = [FRIDAY, ...times.flatMap(({ from, until }) => [from, until]), FRIDAY + DAY_MS]
    for (let n = 0; n < ends.length; n += 2) {
      const [from, until] = [ends[n]! - FRIDAY, ends[n + 1]! - FRIDAY]
      const left = turns.filter((each) => each > from - 60_000 && each < until + 60_000)
      // Only around turns, and no more than a minute for each.
      expect(until - from).toBeLessThanOrEqual(left.length * 60_000)
    }
  })
  await fc.assert(property, { numRuns: 200 })
})

it('what changes all the time is not drawn ahead', async () => {
  const always = timesOf(FRIDAY, FRIDAY + DAY_MS, (now) =>
    Promise.resolve({ groups: [], hasFailed: false, isComing: false, at: now }),
  )
  await expect(always).rejects.toThrow('all the time')
})

describe('what is kept of it', () => {
  const FRAME = `<div><section class="top-line" aria-label="送达状态"><a href="/me/delivery">全部已送达</a></section>
    <div class="page-in"><div class="shell"><main id="main"><i>11 月 27 日 周五</i><h1>这五分钟</h1></main></div></div>
    <nav class="tabs"><a href="/today">今日</a><a href="/me">我的</a></nav></div>`
  const summary = shallowRef({ waiting: 0, attention: 0, preparing: false })
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(LAST_SEEN))
  const list = () => JSON.parse(localStorage.getItem(LAST_SEEN) ?? 'null') as LastSeen | null
  /** Kept until the end of the third day from now: all of it is drawn. */
  const isDrawn = () => list()?.times.at(-1)?.until === civilInstant(civilDate(Date.now())) + 4 * DAY_MS
  /** Still this day, whatever the test has waited. */
  const LATER = FRIDAY + 3_600_000
  let stop: () => void
  const begin = () => {
    stop = startKeepingLastSeen({ ...phoneOf(), delivery: { summary } } as never)
  }
  /** The clock goes on meanwhile, by two minutes at most. */
  const comes = async (holds: () => boolean): Promise<void> => {
    for (let step = 0; step < 500 && !holds(); step++) {
      await vi.advanceTimersByTimeAsync(250)
      // What the database answers.
      for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(holds()).toBe(true)
  }
  const drawnOnce = () => comes(isDrawn)
  /** What a new opening at that moment shows. */
  const opened = (now: number): string | undefined => {
    const bones = document.createElement('div')
    bones.id = 'bones'
    bones.className = 'skeleton'
    document.body.append(bones)
    const path = location.pathname
    history.replaceState(null, '', '/today')
    showLastSeen(now)
    history.replaceState(null, '', path)
    bones.remove()
    return bones.className === 'last-seen' ? bones.textContent! : undefined
  }

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: FRIDAY })
    summary.value = { waiting: 0, attention: 0, preparing: false }
    document.body.innerHTML = `<div id="app">${FRAME}</div>`
    history.replaceState(null, '', '/today')
    const person = { id: ME.id, staffNo: '1', name: ME.name }
    const session = { person, roles: [], deviceId: 'd', keyId: null, expired: false, lastContactAt: FRIDAY }
    localStorage.setItem('wh-session', JSON.stringify(session))
    await circulation('d1', '2026-11-28')
  })
  afterEach(() => {
    stop()
    vi.restoreAllMocks()
    history.replaceState(null, '', '/')
  })

  it('stands in the frame that was seen, for this day and three more; on the fourth there are bones', async () => {
    begin()
    await drawnOnce()
    const nav = '今日我的'
    expect(opened(LATER)).toMatch(new RegExp(`11 月 27 日 周五.*明天截止.*${nav}`, 's'))
    expect(opened(at('2026-11-28', '08:30'))).toMatch(/11 月 28 日 周六.*今天.*1 份文件待签.*今天截止/s)
    expect(opened(at('2026-11-29', '00:00'))).toMatch(/11 月 29 日 周日.*已过截止日/s)
    expect(opened(at('2026-12-01', '00:00') - 1)).toContain('11 月 30 日 周一')
    expect(opened(at('2026-12-01', '00:00'))).toBeUndefined()
    // Set back, before it was drawn.
    expect(opened(FRIDAY - 2 * DAY_MS)).toBeUndefined()
    expect(opened(FRIDAY - 1)).toBeUndefined()
    expect(keys().reduce((sum, key) => sum + localStorage.getItem(key)!.length, 0)).toBeLessThan(
      MOST_CHARACTERS,
    )
    expect(opened(at('2026-11-28', '08:30'))).not.toContain('送达')
  })

  it('is of the civil day of the hall, wherever the phone thinks that it is', () => {
    // The suite runs in Los Angeles: there the hall's midnight is eight in the morning of the day before.
    expect(new Date(at('2026-11-28', '00:00')).getDate()).toBe(27)
  })

  it('goes with a change on any page at once, and comes again with what has changed', async () => {
    begin()
    await drawnOnce()
    history.replaceState(null, '', '/study')
    document.querySelector('.page-in')!.innerHTML = '<div class="shell"><h1>学习</h1></div>'
    await circulation('d2', '2026-11-28')
    expect(keys()).toEqual([])
    expect(opened(at('2026-11-28', '08:30'))).toBeUndefined()
    await drawnOnce()
    expect(opened(at('2026-11-28', '08:30'))).toMatch(/11 月 28 日 周六.*2 份文件待签.*今日我的/s)
    expect(opened(LATER)).toContain('2 份文件待签')
    expect(opened(LATER)).not.toContain('学习')
  })

  it('a change in the middle of the drawing leaves nothing of what was before', async () => {
    const held: (() => void)[] = []
    let left = 8
    vi.stubGlobal('requestIdleCallback', (act: () => void) => {
      if (left-- > 0) setImmediate(act)
      else held.push(act)
    })
    begin()
    await comes(() => held.length === 1)
    await circulation('d2', '2026-11-28')
    expect(keys()).toEqual([])
    left = 1000
    for (const act of held) act()
    await vi.advanceTimersByTimeAsync(1000)
    expect(opened(at('2026-11-28', '08:30'))).toBeUndefined()
    await drawnOnce()
    expect(opened(at('2026-11-28', '08:30'))).toContain('2 份文件待签')
  })

  it('does nothing else: no name, no focus, no listener, no timer, no request, and another page’s foot stays', async () => {
    const app = document.querySelector('#app')!
    document.title = '学习'
    document.documentElement.style.setProperty('--foot-clear', '60px')
    const fetched = vi.spyOn(globalThis, 'fetch')
    const spies = [
      vi.spyOn(document, 'addEventListener'),
      vi.spyOn(window, 'addEventListener'),
      vi.spyOn(globalThis, 'setInterval'),
      vi.spyOn(HTMLElement.prototype, 'focus'),
      vi.spyOn(window, 'scrollTo'),
      vi.spyOn(history, 'pushState'),
    ]
    const before = app.innerHTML
    const focused = document.activeElement
    expect((await drawn()).length).toBeGreaterThan(3)
    for (const spy of spies) expect(spy.mock.calls).toEqual([])
    expect(fetched.mock.calls).toEqual([])
    expect([document.title, document.activeElement, app.innerHTML]).toEqual(['学习', focused, before])
    expect(document.documentElement.style.getPropertyValue('--foot-clear')).toBe('60px')
    document.documentElement.style.removeProperty('--foot-clear')
    vi.restoreAllMocks()
    stop = () => undefined
  })

  it('is gone where the tabs would say something else, and at another width', async () => {
    begin()
    await drawnOnce()
    summary.value = { ...summary.value, attention: 1 }
    await vi.advanceTimersByTimeAsync(0)
    expect(keys()).toEqual([])
    summary.value = { ...summary.value, attention: 0 }
    await vi.advanceTimersByTimeAsync(0)
    expect(isDrawn()).toBe(true)
    vi.spyOn(window, 'innerWidth', 'get').mockReturnValue(500)
    expect(opened(LATER)).toBeUndefined()
    vi.restoreAllMocks()
    expect(opened(LATER)).toBeDefined()
  })

  it('takes its frame from an earlier opening, where 今日 was not seen in this one', async () => {
    begin()
    await drawnOnce()
    const before = { ...localStorage } as Record<string, string>
    stop()
    expect(keys()).toEqual([])
    // The app was closed, not left: what was kept is there still.
    for (const [key, text] of Object.entries(before)) localStorage.setItem(key, text)
    history.replaceState(null, '', '/study')
    document.querySelector('.page-in')!.innerHTML = '<div class="shell"><h1>学习</h1></div>'
    begin()
    await circulation('d2', '2026-11-28')
    await drawnOnce()
    expect(opened(at('2026-11-28', '08:30'))).toMatch(/2 份文件待签.*今日我的/s)
  })

  it('an earlier opening’s stays while this one shows the same, and goes where it shows something else', async () => {
    begin()
    await drawnOnce()
    const before = { ...localStorage } as Record<string, string>
    const { page } = (await drawn())[0]!
    for (const same of [true, false]) {
      stop()
      for (const [key, text] of Object.entries(before)) localStorage.setItem(key, text)
      document.querySelector('.page-in')!.innerHTML = page
      if (!same) document.querySelector('h1')!.textContent = '别的'
      begin()
      await vi.advanceTimersByTimeAsync(700)
      expect(isDrawn()).toBe(same)
      expect(opened(LATER)).toContain(same ? '这五分钟' : '别的')
    }
  })

  it('of what has not all come, or can’t be read, nothing is drawn', async () => {
    await test.db.records('circulation').clear()
    await test.db.meta.delete('cursor')
    await expect(drawn()).rejects.toThrow('not all has come')
    await test.give('circulation', 'broken', { state: 'open' } as never)
    await expect(drawn()).rejects.toThrow()
    stop = () => undefined
  })

  it('where there is no room for all of it, the later days are left out', async () => {
    const { keepPictures } = await import('../../../src/client/app/last-seen/kept.ts')
    const of = { person: ME.id, sheet: '', width: innerWidth, attention: 0, tabs: '' }
    const html = '今'.repeat(MOST_CHARACTERS / 2 - 10)
    const days = [0, 1, 2].map((day) => ({
      from: FRIDAY + day * DAY_MS,
      until: FRIDAY + (day + 1) * DAY_MS,
      html,
    }))
    keepPictures(of, days)
    expect(list()!.times.map(({ from }) => from)).toEqual([FRIDAY, FRIDAY + DAY_MS])
    expect(keys()).toHaveLength(3)
    stop = () => undefined
  })
})
