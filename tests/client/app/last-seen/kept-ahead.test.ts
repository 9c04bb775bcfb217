// @vitest-environment happy-dom
/** What is kept of the days drawn ahead: it stands in the frame that was seen, goes with any change, and drawing does nothing else. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { startKeepingLastSeen } from '../../../../src/client/app/last-seen/keep.ts'
import { keepPictures, MOST_CHARACTERS } from '../../../../src/client/app/last-seen/kept.ts'
import { LAST_SEEN, showLastSeen, type LastSeen } from '../../../../src/client/app/last-seen/show.ts'
import { civilDate, civilInstant, DAY_MS } from '../../../../src/shared/civil-time.ts'
import { ME } from '../../features/lessons/fake-phone.ts'
import { at, circulation, drawn, FRIDAY, phoneOf, useWeek, week } from './week.ts'

vi.setConfig({ testTimeout: 60_000 })
useWeek()

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

  it('renders, puts into words and writes with a turn of the browser between', async () => {
    const log: string[] = []
    vi.stubGlobal('requestIdleCallback', (act: () => void) =>
      setImmediate(() => {
        log.push('idle')
        act()
      }),
    )
    const create = document.createElement.bind(document)
    vi.spyOn(document, 'createElement').mockImplementation((name: string) => {
      if (name === 'main') log.push('rendered')
      return create(name)
    })
    const clone = Element.prototype.cloneNode
    vi.spyOn(Element.prototype, 'cloneNode').mockImplementation(function (this: Element, deep) {
      // A page that is drawn stands in no frame, and the frame of what is written in no document.
      const isFrame = this.querySelector('.page-in') !== null
      if (!isFrame && this.querySelector('main') !== null) log.push('worded')
      if (isFrame && !this.isConnected) log.push('written')
      return clone.call(this, deep)
    })
    begin()
    await drawnOnce()
    const pieces = log.slice(log.indexOf('rendered')).filter((piece, at, all) => piece !== all[at - 1])
    expect(pieces.filter((piece) => piece === 'rendered').length).toBeGreaterThan(3)
    expect(pieces.filter((piece) => piece === 'worded').length).toBeGreaterThan(3)
    expect(pieces).toContain('written')
    for (const [at, piece] of pieces.entries())
      if (at > 0 && piece !== 'idle') expect(pieces[at - 1], `before ${at}: ${piece}`).toBe('idle')
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
    await week.db.records('circulation').clear()
    await week.db.meta.delete('cursor')
    await expect(drawn()).rejects.toThrow('not all has come')
    await week.give('circulation', 'broken', { state: 'open' } as never)
    await expect(drawn()).rejects.toThrow()
    stop = () => undefined
  })

  it('where there is no room for all of it, the later days are left out', () => {
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
