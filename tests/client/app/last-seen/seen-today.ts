/** 今日 as it stands on a Monday morning, what is kept of it, and what a new opening finds. */
import type { Window as HappyWindow } from 'happy-dom'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { ref } from 'vue'
import { startKeepingLastSeen } from '../../../../src/client/app/last-seen/keep.ts'
import { LAST_SEEN, showLastSeen, type LastSeen } from '../../../../src/client/app/last-seen/show.ts'
import { PhoneDb } from '../../../../src/client/storage/db.ts'

export const TODAY_PAGE = `
  <div class="failures" role="status">没有存下</div>
  <section aria-label="送达状态"><a href="/me/delivery">全部已送达</a></section>
  <div class="page-in"><main id="main" tabindex="-1"><span>11 月 23 日 周一</span><h1 tabindex="-1">这五分钟</h1>
    <a class="row" href="/study/lessons/3">第三课（示例） &lt;b&gt;</a><button type="button">还有 2 项</button>
    <section class="card-of-app">这一版有什么新的</section><!-- of the framework -->
  </main></div>
  <nav><a href="/today" aria-current="page">今日</a></nav>`
const BONES = '<div id="bones" class="skeleton" role="status"><p class="skeleton-over"></p></div>'
/** 10:00 in the hall. */
export const MORNING = Date.parse('2026-11-23T02:00:00.000Z')
export const MIDNIGHT = Date.parse('2026-11-23T16:00:00.000Z')

export const session = (change: Record<string, unknown> = {}) =>
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
export const kept = (): { html: string } | null => {
  const list = JSON.parse(localStorage.getItem(LAST_SEEN) ?? 'null') as LastSeen | null
  return list && { html: localStorage.getItem(list.times[0]!.key)! }
}
export const app = () => document.querySelector<HTMLElement>('#app')!
export const shown = () => document.querySelector('#bones.last-seen')

const { happyDOM } = window as unknown as HappyWindow
// There is no such sheet; only its name counts.
happyDOM.settings.handleDisabledFileLoadingAsSuccess = true

/** Of the test that runs. */
export const seen = {} as { db: PhoneDb; stop: () => void }
let count = 0
export const begin = (now = () => Date.now()) => {
  const delivery = { summary: ref({ waiting: 0, attention: 0, preparing: false }) }
  seen.stop = startKeepingLastSeen({
    now,
    db: seen.db,
    delivery,
    person: { id: 'p1', name: '周敏' },
  } as never)
}
export const settle = () => vi.advanceTimersByTimeAsync(600)
export const longSettle = () => vi.advanceTimersByTimeAsync(3100)
/** What a new opening finds: the page of index.html, the same storage. */
export const openAgain = (path = '/today') => {
  document.body.innerHTML = `${BONES}<div id="app"></div>`
  history.replaceState(null, '', path)
  showLastSeen()
}
/** Kept, the app gone, opened again. */
export async function keepAndLeave(): Promise<void> {
  begin()
  await settle()
  expect(kept()).not.toBeNull()
}

export function useSeenToday(): void {
  beforeEach(async () => {
    seen.db = new PhoneDb(`last-seen-${(count += 1)}`)
    seen.stop = () => undefined
    await seen.db.open()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: MORNING })
    localStorage.clear()
    session()
    document.head.innerHTML = '<link rel="stylesheet" href="/assets/style-1.css">'
    document.body.innerHTML = `<div id="app">${TODAY_PAGE}</div>`
    document.documentElement.removeAttribute('data-elder')
    history.replaceState(null, '', '/today')
  })
  afterEach(() => {
    seen.stop()
    vi.useRealTimers()
    seen.db.close()
    document.head.innerHTML = ''
    document.body.innerHTML = ''
    history.replaceState(null, '', '/')
  })
}
