/**
 * When a page can be read: from the start of the navigation to the frame after the one in which the first row of its content
 * was there, as a watcher inside the page sees it. Also what the main thread had to bear until then.
 */
import type { BrowserContext, Page } from 'playwright-core'

export interface Readable {
  /** Milliseconds from the start of the navigation: the document's first byte, the first paint of anything, the rows. */
  responseMs: number
  firstPaintMs: number
  ms: number
  /** Tasks over 50 ms until then. */
  longTasksMs: number[]
}

/** What is content on each page: on 今日 every link of its main part is a thing to do; a skeleton has none. */
export const TODAY = { path: '/today', content: '#main a' } as const

declare global {
  // oxlint-disable-next-line no-var -- what a page's own script leaves behind is a global
  var benchReadable: Promise<number> | undefined
}

/** For every page of the context that is opened from now on. */
export function watchFor(context: BrowserContext, content: string): Promise<unknown> {
  return context.addInitScript((selector) => {
    globalThis.benchReadable = new Promise<number>((resolve) => {
      const painted = () => {
        const channel = new MessageChannel()
        channel.port1.addEventListener('message', () => resolve(performance.now()))
        channel.port1.start()
        requestAnimationFrame(() => channel.port2.postMessage(null))
      }
      const look = (observer?: MutationObserver) => {
        if (document.querySelector(selector) === null) return false
        observer?.disconnect()
        painted()
        return true
      }
      if (!look())
        new MutationObserver((_, observer) => look(observer)).observe(document, {
          subtree: true,
          childList: true,
        })
    })
  }, content)
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
    return { responseMs: navigation?.responseStart ?? 0, firstPaintMs, ms, longTasksMs }
  })
}

/** What a reader of 今日 reads, line by line; what the app itself has to say comes a little later, and is not among it. */
export const rowsOfToday = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('#main section:not(.card-of-app) h2, #main .item .words')].map((row) =>
      row.textContent.trim(),
    ),
  )
