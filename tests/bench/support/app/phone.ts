/** The built app in a real Chromium, on a profile that stays on disk: opened, slowed down, watched. */
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import type { LastSeen } from '../../../../src/client/app/last-seen/show.ts'
import { DAY_MS } from '../../../../src/shared/civil-time.ts'
import { followTroubles, signIn, workerReady } from '../../../browser/support/browser.ts'
import { MEMBER, PASSWORD } from '../../fill/fill-hall.ts'
import type { Bench } from '../bench.ts'

export interface AppPhone {
  context: BrowserContext
  page: Page
  cdp: CDPSession
  /** Console errors and uncaught exceptions. */
  troubles: string[]
  close(): Promise<void>
}

export interface PhoneOptions {
  profile: string
  /** How many times slower the page's main thread is. Workers and the browser's own process are not slowed. */
  slowdown?: number
  offline?: boolean
  flags?: readonly string[]
}

/** The switch of the page reaches a new worker a moment late; nobody answers at this proxy, from the first request on. */
const NO_NETWORK = ['--proxy-server=127.0.0.1:9', '--proxy-bypass-list=<-loopback>']

export const slowDown = (cdp: CDPSession, rate: number) =>
  cdp.send('Emulation.setCPUThrottlingRate', { rate })

export async function openPhone(bench: Bench, options: PhoneOptions): Promise<AppPhone> {
  const { profile, slowdown = 1, offline = false, flags = [] } = options
  const context = await bench.launch(
    profile,
    ['--enable-precise-memory-info', ...(offline ? NO_NETWORK : []), ...flags],
    {
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      hasTouch: true,
    },
  )
  context.setDefaultTimeout(60_000)
  const troubles: string[] = []
  const page = context.pages()[0] ?? (await context.newPage())
  followTroubles(page, troubles)
  const cdp = await context.newCDPSession(page)
  if (offline) await context.setOffline(true)
  if (slowdown !== 1) await slowDown(cdp, slowdown)
  return { context, page, cdp, troubles, close: () => context.close() }
}

/** As many as the app draws, which a page alone can import. */
const DAYS_AHEAD = 3

/** 今日 stands, and has been drawn for the days to come. */
export const drawnAhead = (page: Page): Promise<unknown> =>
  page.waitForFunction((threeDays) => {
    const kept = JSON.parse(localStorage.getItem('wh-last-seen') ?? 'null') as LastSeen | null
    return (kept?.times.at(-1)?.until ?? 0) > Date.now() + threeDays
  }, DAYS_AHEAD * DAY_MS)

/** In pages that are opened from now on; what measures time in them is left as it is. */
export const setClockOn = (context: BrowserContext, days: number): Promise<unknown> =>
  context.addInitScript((later) => {
    const Real = Date
    globalThis.Date = class extends Real {
      constructor(...given: []) {
        if (given.length === 0) super(Real.now() + later)
        else super(...given)
      }
      static override now = () => Real.now() + later
    } as DateConstructor
  }, days * DAY_MS)

/** Signed in as the member, the worker in charge and everything that may be kept without a network kept. */
export async function signInAsMember(page: Page, url: string): Promise<void> {
  await signIn(page, url, MEMBER, PASSWORD)
  await workerReady(page)
}
