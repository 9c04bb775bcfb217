/** The built app in a real Chromium, on a profile that stays on disk: opened, slowed down, watched. */
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
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

/** Signed in as the member, the worker in charge and everything that may be kept without a network kept. */
export async function signInAsMember(page: Page, url: string): Promise<void> {
  await signIn(page, url, MEMBER, PASSWORD)
  await workerReady(page)
}
