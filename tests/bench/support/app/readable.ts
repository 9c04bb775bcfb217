/**
 * When a page can be read: from the start of the navigation to the frame after the one in which the first row of its content
 * was there, as a watcher inside the page sees it: as it was last seen, and of the app itself. Also what the main thread had to
 * bear until then.
 */
import type { BrowserContext, Page } from 'playwright-core'

export interface Readable {
  /** Milliseconds from the start of the navigation: the document's first byte, the first paint of anything, the rows. */
  responseMs: number
  firstPaintMs: number
  /** Undefined where nothing was kept. */
  lastSeen: { ms: number; rows: string[] } | undefined
  ms: number
  /** Tasks over 50 ms until then. */
  longTasksMs: number[]
}

/** What is content on each page: on 今日 every link of its main part is a thing to do; a skeleton has none. */
export const TODAY = { path: '/today', content: '#main a' } as const
/** The same before the app runs. */
const LAST_SEEN = '#bones main [data-to]'
const rowsIn = (root: string) => `${root} section:not(.card-of-app) h2, ${root} .item .words`

declare global {
  // oxlint-disable-next-line no-var -- what a page's own script leaves behind is a global
  var benchReadable: Promise<number> | undefined
  // oxlint-disable-next-line no-var
  var benchLastSeen: { ms: number; rows: string[] } | undefined
}

/** For every page of the context that is opened from now on. */
export function watchFor(context: BrowserContext, content: string): Promise<unknown> {
  return context.addInitScript(
    ([selector, lastSeen, lastSeenRows]) => {
      const painted = () =>
        new Promise<number>((resolve) => {
          const channel = new MessageChannel()
          channel.port1.addEventListener('message', () => resolve(performance.now()))
          channel.port1.start()
          requestAnimationFrame(() => channel.port2.postMessage(null))
        })
      const stands = (what: string) =>
        new Promise<void>((resolve) => {
          const look = (observer?: MutationObserver) => {
            if (document.querySelector(what) === null) return
            observer?.disconnect()
            resolve()
          }
          new MutationObserver((_, observer) => look(observer)).observe(document, {
            subtree: true,
            childList: true,
          })
          look()
        })
      globalThis.benchReadable = stands(selector!).then(painted)
      void stands(lastSeen!).then(async () => {
        const rows = [...document.querySelectorAll(lastSeenRows!)].map((row) => row.textContent.trim())
        globalThis.benchLastSeen = { ms: await painted(), rows }
      })
    },
    [content, LAST_SEEN, rowsIn('#bones main')],
  )
}

export async function openReadable(page: Page, address: string): Promise<Readable> {
  await page.goto(address, { waitUntil: 'commit' })
  return page.evaluate(async () => {
    const ms = (await globalThis.benchReadable)!
    // Entries of what was painted come a little after it.
    await new Promise((resolve) => setTimeout(resolve, 300))
    const longTasksMs = await new Promise<number[]>((resolve) => {
      const observer = new PerformanceObserver((list) => {
        observer.disconnect()
        resolve(
          list
            .getEntries()
            .filter((entry) => entry.startTime < ms)
            .map((entry) => entry.duration),
        )
      })
      observer.observe({ type: 'longtask', buffered: true })
      setTimeout(() => resolve([]), 300)
    })
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const firstPaintMs = performance.getEntriesByName('first-paint')[0]?.startTime ?? 0
    return {
      responseMs: navigation?.responseStart ?? 0,
      firstPaintMs,
      ms,
      longTasksMs,
      lastSeen: globalThis.benchLastSeen,
    }
  })
}

/** What a reader of 今日 reads, line by line; what the app itself has to say comes a little later, and is not among it. */
export const rowsOfToday = (page: Page): Promise<string[]> =>
  page.evaluate(
    (rows) => [...document.querySelectorAll(rows)].map((row) => row.textContent.trim()),
    rowsIn('#main'),
  )
