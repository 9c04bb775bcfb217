/** What a page and its workers fetch when it is opened, and what the service worker keeps. */
import type { Page } from 'playwright-core'
import { workerReady } from '../../../browser/support/browser.ts'
import { openReadable, rowsOfToday, TODAY } from './readable.ts'

export interface Fetched {
  path: string
  kind: 'js' | 'css' | 'api' | 'other'
  /** Asked for before 今日 could be read. */
  early: boolean
  encoding: string
}

/** The app fetches more when nothing else is to be done. */
export const QUIET_MS = 4000

const kindOf = (path: string): Fetched['kind'] => {
  if (path.startsWith('/api/')) return 'api'
  if (path.endsWith('.js') || path.endsWith('.mjs')) return 'js'
  return path.endsWith('.css') ? 'css' : 'other'
}

/** Of the page and its workers; what the service worker fetches to keep is not part of the first visit. */
export async function firstVisit(page: Page, url: string): Promise<{ fetched: Fetched[]; rows: string[] }> {
  const found = new Map<string, Fetched>()
  let early = true
  const reading: Promise<unknown>[] = []
  page.on('response', (response) => {
    const request = response.request()
    if (request.serviceWorker() !== null || !response.url().startsWith(url)) return
    const { pathname } = new URL(response.url())
    if (found.has(pathname)) return
    const one: Fetched = { path: pathname, kind: kindOf(pathname), early, encoding: '' }
    found.set(pathname, one)
    const noted = response.headerValue('content-encoding').then((value) => (one.encoding = value ?? ''))
    reading.push(noted.catch(() => undefined))
  })
  await openReadable(page, url + TODAY.path)
  early = false
  const rows = await rowsOfToday(page)
  await page.waitForTimeout(QUIET_MS)
  await Promise.all(reading)
  return { fetched: [...found.values()], rows }
}

/** Paths of the precache; the pages of the benchmark itself left out. */
export async function keptPaths(page: Page): Promise<string[]> {
  await workerReady(page)
  const paths = await page.evaluate(async () => {
    const kept: string[] = []
    for (const name of (await caches.keys()).filter((one) => one.includes('precache')))
      for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname)
    return kept
  })
  return paths.filter((path) => !path.startsWith('/bench-'))
}
