/** Several people at once in one Chromium, each in a profile of their own that lasts as long as the test. */
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { followTroubles, LONGEST_WAIT_MS } from './browser.ts'
import { findBrowser } from './find-browser.ts'

export const SMALL = { width: 360, height: 740 }
export const PHONE = { width: 390, height: 844 }
export const DESK = { width: 1280, height: 800 }

/**
 * For phones of a test that never opens the app without a network: installing the worker fetches the whole app once more, which is
 * dearer than most tests. Each file that leaves it out has it on one phone at least.
 */
export const WITHOUT_WORKER = { serviceWorkers: 'block' } as const

export interface Phone {
  context: BrowserContext
  page: Page
  /** Console errors and uncaught exceptions. */
  troubles: string[]
}

export interface Phones {
  open(size?: { width: number; height: number }, options?: BrowserContextOptions): Promise<Phone>
  close(): Promise<void>
}

/** How often it is asked again, and how long a worker that has just ended is waited for. */
const MOST_CUTS = 20
const ANSWER_MS = 1000

/** Whether the line of every worker is as it should be; one that does not answer is none any more. */
async function isSoForWorkers(context: BrowserContext, offline: boolean): Promise<boolean> {
  const ask = () =>
    fetch('/api/about', { cache: 'no-store' }).then(
      () => false,
      () => true,
    )
  const workers = context.pages().flatMap((page) => page.workers())
  const cut = workers.map((worker) =>
    Promise.race([
      worker.evaluate(ask).catch(() => offline),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(offline), ANSWER_MS)),
    ]),
  )
  return (await Promise.all(cut)).every((isCut) => isCut === offline)
}

/** A worker that begins at the moment of the cut is missed by the browser now and then: what it sends would arrive. */
function cutForWorkersToo(context: BrowserContext): void {
  const cut = context.setOffline.bind(context)
  context.setOffline = async (offline) => {
    for (let tries = 0; tries < MOST_CUTS; tries++) {
      await cut(offline)
      if (await isSoForWorkers(context, offline)) return
    }
    throw new Error(`the network of a worker could not be ${offline ? 'cut' : 'given back'}`)
  }
}

/** @param moreArgs of the browser, such as what its camera sees */
export async function startPhones(moreArgs: readonly string[] = []): Promise<Phones> {
  const { executablePath, args } = await findBrowser()
  const browser: Browser = await chromium.launch({
    executablePath,
    args: [...args, ...moreArgs],
    headless: true,
  })
  return {
    async open(size = PHONE, options = {}) {
      const context = await browser.newContext({
        viewport: size,
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        hasTouch: true,
        ...options,
      })
      cutForWorkersToo(context)
      context.setDefaultTimeout(LONGEST_WAIT_MS)
      const troubles: string[] = []
      context.on('page', (page) => followTroubles(page, troubles))
      return { context, page: await context.newPage(), troubles }
    },
    close: () => browser.close(),
  }
}
