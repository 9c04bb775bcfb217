// @vitest-environment happy-dom
/** 今日 as it was last seen: kept when the screen stands, gone with any change, shown to the same person on the same day only. */
import 'fake-indexeddb/auto'
import type { Window as HappyWindow } from 'happy-dom'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { startKeepingLastSeen } from '../../../src/client/app/last-seen/keep.ts'
import { LAST_SEEN, showLastSeen, type LastSeen } from '../../../src/client/app/last-seen/show.ts'
import { LOCK_AFTER_MS } from '../../../src/client/remote/remembered.ts'
import { PhoneDb } from '../../../src/client/storage/db.ts'
import { mountBehindBones } from '../../../src/client/ui/page/after-first-paint.ts'

const TODAY_PAGE = `
  <div class="failures" role="status">没有存下</div>
  <section aria-label="送达状态"><a href="/me/delivery">全部已送达</a></section>
  <div class="page-in"><main id="main" tabindex="-1"><span>11 月 23 日 周一</span><h1 tabindex="-1">这五分钟</h1>
    <a class="row" href="/study/lessons/3">第三课（示例） &lt;b&gt;</a><button type="button">还有 2 项</button>
    <section class="card-of-app">这一版有什么新的</section><!-- of the framework -->
  </main></div>
  <nav><a href="/today" aria-current="page">今日</a></nav>`
const BONES = '<div id="bones" class="skeleton" role="status"><p class="skeleton-over"></p></div>'
/** 10:00 in the hall. */
const MORNING = Date.parse('2026-11-23T02:00:00.000Z')
const MIDNIGHT = Date.parse('2026-11-23T16:00:00.000Z')

const session = (change: Record<string, unknown> = {}) =>
  localStorage.setItem(
    'wh-session',
    JSON.stringify({
      person: { id: 'p1', staffNo: '1005', name: '周敏' },
      roles: [],
      deviceId: 'd1',
      keyId: null,
      expired: false,
      lastContactAt: MORNING,
      ...change,
    }),
  )
const kept = (): { html: string } | null => {
  const list = JSON.parse(localStorage.getItem(LAST_SEEN) ?? 'null') as LastSeen | null
  return list && { html: localStorage.getItem(list.times[0]!.key)! }
}
const app = () => document.querySelector<HTMLElement>('#app')!
const shown = () => document.querySelector('#bones.last-seen')

const { happyDOM } = window as unknown as HappyWindow
// There is no such sheet; only its name counts.
happyDOM.settings.handleDisabledFileLoadingAsSuccess = true

let db: PhoneDb
let count = 0
let stop: () => void = () => undefined
const begin = (now = () => Date.now()) => {
  const delivery = { summary: ref({ waiting: 0, attention: 0, preparing: false }) }
  stop = startKeepingLastSeen({ now, db, delivery, person: { id: 'p1', name: '周敏' } } as never)
}
const settle = () => vi.advanceTimersByTimeAsync(600)
const longSettle = () => vi.advanceTimersByTimeAsync(3100)
/** What a new opening finds: the page of index.html, the same storage. */
const openAgain = (path = '/today') => {
  document.body.innerHTML = `${BONES}<div id="app"></div>`
  history.replaceState(null, '', path)
  showLastSeen()
}
/** Kept, the app gone, opened again. */
async function keepAndLeave(): Promise<void> {
  begin()
  await settle()
  expect(kept()).not.toBeNull()
}

beforeEach(async () => {
  db = new PhoneDb(`last-seen-${(count += 1)}`)
  await db.open()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: MORNING })
  localStorage.clear()
  session()
  document.head.innerHTML = '<link rel="stylesheet" href="/assets/style-1.css">'
  document.body.innerHTML = `<div id="app">${TODAY_PAGE}</div>`
  document.documentElement.removeAttribute('data-elder')
  history.replaceState(null, '', '/today')
})
afterEach(() => {
  stop()
  stop = () => undefined
  vi.useRealTimers()
  db.close()
  document.head.innerHTML = ''
  document.body.innerHTML = ''
  history.replaceState(null, '', '/')
})

describe('what is kept', () => {
  it('shows the words of the screen, and nothing of delivery or of the moment', async () => {
    await keepAndLeave()
    openAgain()
    const words = shown()!.textContent
    expect(words).toContain('这五分钟')
    expect(words).toContain('第三课（示例） <b>')
    expect(words).toContain('还有 2 项')
    expect(words).not.toContain('送达')
    expect(words).not.toContain('没有存下')
    expect(words).not.toContain('这一版')
    expect(kept()!.html).not.toContain('of the framework')
  })

  it('cannot be reached by key, by name or by the browser’s own ways', async () => {
    await keepAndLeave()
    openAgain()
    expect(shown()!.querySelectorAll('[href], [id], :not(button)[tabindex]')).toHaveLength(0)
    expect(shown()!.querySelector('button')!.getAttribute('tabindex')).toBe('-1')
    expect(shown()!.firstElementChild!.getAttribute('aria-hidden')).toBe('true')
    expect(document.querySelector('#bones')!.getAttribute('role')).toBe('status')
  })

  it('is of 今日 only, and only of one that stands', async () => {
    history.replaceState(null, '', '/me')
    begin()
    await settle()
    expect(kept()).toBeNull()
    history.replaceState(null, '', '/today')
    app().querySelector('main')!.innerHTML = '<div class="loading"></div>'
    await settle()
    expect(kept()).toBeNull()
    app().querySelector('main')!.innerHTML = '<span>11 月 23 日 周一</span><h1>这五分钟</h1>'
    await settle()
    expect(kept()?.html).toContain('这五分钟')
  })

  it('follows the screen', async () => {
    await keepAndLeave()
    app().querySelector('h1')!.firstChild!.textContent = '都做完了'
    await settle()
    expect(kept()?.html).toContain('都做完了')
  })

  it('is gone with the write itself, and comes again when the screen has followed', async () => {
    await keepAndLeave()
    await db.seen.put({ type: 'lesson', id: 'a', scope: 'org' } as never)
    expect(kept()).toBeNull()
    await settle()
    expect(kept()).toBeNull()
    app().querySelector('h1')!.firstChild!.textContent = '都做完了'
    await settle()
    expect(kept()?.html).toContain('都做完了')
  })

  it('comes again where a write has changed nothing on the screen', async () => {
    await keepAndLeave()
    await db.seen.put({ type: 'lesson', id: 'a', scope: 'org' } as never)
    await longSettle()
    expect(kept()).not.toBeNull()
  })

  it('does not come again while another page is open, or the app lies in the background', async () => {
    await keepAndLeave()
    history.replaceState(null, '', '/me')
    await db.seen.put({ type: 'lesson', id: 'a', scope: 'org' } as never)
    await longSettle()
    expect(kept()).toBeNull()
    history.replaceState(null, '', '/today')
    const visible = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    app().querySelector('h1')!.firstChild!.textContent = '都做完了'
    await longSettle()
    expect(kept()).toBeNull()
    visible.mockRestore()
    document.dispatchEvent(new Event('visibilitychange'))
    await longSettle()
    expect(kept()?.html).toContain('都做完了')
  })

  it('stays through a contact that brings nothing', async () => {
    await keepAndLeave()
    history.replaceState(null, '', '/me')
    await db.meta.put({ key: 'contact', value: 1 } as never)
    await settle()
    expect(kept()).not.toBeNull()
  })

  it('is of no day but the one that the screen names', async () => {
    // The clock has passed midnight, the screen has not.
    vi.setSystemTime(MIDNIGHT + 1000)
    begin()
    await settle()
    expect(kept()).toBeNull()
    app().querySelector('main span')!.textContent = '11 月 24 日 周二'
    await settle()
    expect(kept()?.html).toContain('周二')
  })

  it('is gone when the person leaves', async () => {
    await keepAndLeave()
    stop()
    expect(Object.keys(localStorage).filter((key) => key.startsWith(LAST_SEEN))).toEqual([])
  })

  it('is not what was there before, where there is no room for more', async () => {
    await keepAndLeave()
    const { localStorage: storage } = window
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => storage.getItem(key),
      removeItem: (key: string) => storage.removeItem(key),
      key: (at: number) => storage.key(at),
      get length() {
        return storage.length
      },
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    })
    app().querySelector('h1')!.firstChild!.textContent = '都做完了'
    await settle()
    vi.unstubAllGlobals()
    expect(kept()).toBeNull()
  })
})

describe('who sees it', () => {
  const STAYS_BONES: [string, () => void][] = [
    ['another person', () => session({ person: { id: 'p2', staffNo: '1006', name: '吴桐' } })],
    ['nobody is signed in', () => localStorage.removeItem('wh-session')],
    ['the session has ended', () => session({ expired: true })],
    ['the next day', () => vi.setSystemTime(MIDNIGHT)],
    ['a clock that was set back', () => vi.setSystemTime(MORNING - 60_000)],
    [
      'another version',
      () => (document.head.innerHTML = '<link rel="stylesheet" href="/assets/style-2.css">'),
    ],
    ['another width', () => vi.spyOn(window, 'innerWidth', 'get').mockReturnValue(1280)],
    ['damaged text', () => localStorage.setItem(LAST_SEEN, '{"html":')],
    ['text of another shape', () => localStorage.setItem(LAST_SEEN, '7')],
    ['a list whose picture is gone', () => localStorage.removeItem(`${LAST_SEEN}-${MORNING + 500}`)],
    ['a damaged session', () => localStorage.setItem('wh-session', '[]')],
  ]
  it.each(STAYS_BONES)('not %s: the bones stay', async (_, change) => {
    await keepAndLeave()
    change()
    openAgain()
    expect(shown()).toBeNull()
    expect(document.querySelector('#bones.skeleton')).not.toBeNull()
    vi.restoreAllMocks()
  })

  it('until the last moment of the hall’s day, whatever this phone’s clock says of the hall’s', async () => {
    const behind = 3 * 60_000
    begin(() => Date.now() + behind)
    await settle()
    vi.setSystemTime(MIDNIGHT - behind - 1)
    openAgain()
    expect(shown()).not.toBeNull()
    vi.setSystemTime(MIDNIGHT - behind)
    openAgain()
    expect(shown()).toBeNull()
  })

  it('not once the phone has been without contact for so long that its data are locked', async () => {
    session({ lastContactAt: MORNING - LOCK_AFTER_MS + 60_000 })
    await keepAndLeave()
    openAgain()
    expect(shown()).not.toBeNull()
    vi.setSystemTime(MORNING + 60_000)
    openAgain()
    expect(shown()).toBeNull()
  })

  it('not on another page', async () => {
    await keepAndLeave()
    openAgain('/me')
    expect(shown()).toBeNull()
  })

  it('in the look that was chosen, which stands before the app does', async () => {
    localStorage.setItem('window-hall.appearance', JSON.stringify({ theme: 'dark', elder: true }))
    openAgain('/me')
    expect(document.documentElement.dataset['theme']).toBe('dark')
    expect(document.documentElement.hasAttribute('data-elder')).toBe(true)
  })
})

describe('when the app stands', () => {
  it('takes its place, and a tap on it is carried out, once', async () => {
    await keepAndLeave()
    openAgain()
    const row = shown()!.querySelector<HTMLElement>('.row')!
    row.click()
    expect(row.classList.contains('taken')).toBe(true)
    const taps: string[] = []
    mountBehindBones(() => {
      app().addEventListener('click', (event) => {
        event.preventDefault()
        taps.push((event.target as Element).getAttribute('href')!)
      })
      app().innerHTML = '<div class="loading"></div>'
    })
    // What stands is painted before the app begins.
    expect(app().innerHTML).toBe('')
    await settle()
    expect([app().hidden, shown() === null, taps.length]).toEqual([true, false, 0])
    app().innerHTML = TODAY_PAGE
    await vi.advanceTimersByTimeAsync(0)
    expect([app().hidden, shown(), taps]).toEqual([false, null, ['/study/lessons/3']])
  })

  it('the last of several taps counts; one on something that is gone does nothing', async () => {
    await keepAndLeave()
    openAgain()
    shown()!.querySelector<HTMLElement>('.row')!.click()
    shown()!.querySelector<HTMLElement>('nav a')!.click()
    expect(shown()!.querySelectorAll('.taken')).toHaveLength(1)
    const taps: Event[] = []
    mountBehindBones(() => {
      app().addEventListener('click', (event) => taps.push(event))
      app().innerHTML = '<main>都做完了</main>'
    })
    await settle()
    expect([app().hidden, shown(), taps]).toEqual([false, null, []])
  })

  it('what was last seen stands longer than bones, and not for ever', async () => {
    await keepAndLeave()
    openAgain()
    mountBehindBones(() => (app().innerHTML = '<div class="loading"></div>'))
    await vi.advanceTimersByTimeAsync(7900)
    expect(app().hidden).toBe(true)
    await vi.advanceTimersByTimeAsync(100)
    expect([app().hidden, shown()]).toEqual([false, null])
  })
})
