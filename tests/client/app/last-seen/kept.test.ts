// @vitest-environment happy-dom
/** 今日 as it was last seen: kept when the screen stands, gone with any change. */
import 'fake-indexeddb/auto'
import { expect, it, vi } from 'vitest'
import { LAST_SEEN } from '../../../../src/client/app/last-seen/show.ts'
import {
  app,
  begin,
  keepAndLeave,
  kept,
  longSettle,
  MIDNIGHT,
  openAgain,
  seen,
  settle,
  shown,
  useSeenToday,
} from './seen-today.ts'

useSeenToday()

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
  await seen.db.seen.put({ type: 'lesson', id: 'a', scope: 'org' } as never)
  expect(kept()).toBeNull()
  await settle()
  expect(kept()).toBeNull()
  app().querySelector('h1')!.firstChild!.textContent = '都做完了'
  await settle()
  expect(kept()?.html).toContain('都做完了')
})

it('comes again where a write has changed nothing on the screen', async () => {
  await keepAndLeave()
  await seen.db.seen.put({ type: 'lesson', id: 'a', scope: 'org' } as never)
  await longSettle()
  expect(kept()).not.toBeNull()
})

it('does not come again while another page is open, or the app lies in the background', async () => {
  await keepAndLeave()
  history.replaceState(null, '', '/me')
  await seen.db.seen.put({ type: 'lesson', id: 'a', scope: 'org' } as never)
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
  await seen.db.meta.put({ key: 'contact', value: 1 } as never)
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
  seen.stop()
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
