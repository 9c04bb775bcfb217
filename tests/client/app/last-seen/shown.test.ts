// @vitest-environment happy-dom
/** 今日 as it was last seen is shown to the same person on the same day only, until the app takes its place. */
import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { LAST_SEEN } from '../../../../src/client/app/last-seen/show.ts'
import { LOCK_AFTER_MS } from '../../../../src/client/remote/remembered.ts'
import { mountBehindBones } from '../../../../src/client/ui/page/after-first-paint.ts'
import {
  app,
  begin,
  keepAndLeave,
  MIDNIGHT,
  MORNING,
  openAgain,
  session,
  settle,
  shown,
  TODAY_PAGE,
  useSeenToday,
} from './seen-today.ts'

useSeenToday()

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
