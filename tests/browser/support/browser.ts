/** A real Chromium with a profile of its own on disk, so that it can be closed and opened again as a phone is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { PASSWORD } from '../../support/endpoint.ts'
import { findBrowser } from './find-browser.ts'

/** It only ends what hangs, also on a slow machine that runs the other tests beside these. */
export const LONGEST_WAIT_MS = 40_000

export interface PhoneBrowser {
  context: BrowserContext
  page: Page
  /** Console errors and uncaught exceptions since the browser was opened. */
  troubles: string[]
  /** Closes the browser and opens it again on the same profile. */
  reopen(options?: { offline?: boolean }): Promise<void>
  close(): Promise<void>
}

export interface PhoneBrowserOptions {
  width?: number
  height?: number
  colorScheme?: 'light' | 'dark'
  /** Flags beside the usual ones, such as those of camera-film.ts. */
  flags?: readonly string[]
}

/** A request that fails because the network is off is what an offline test is about; the rest is a fault. */
const isExpected = (text: string) =>
  /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|Failed to load resource|net::ERR_/.test(text)

export function followTroubles(page: Page, troubles: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) troubles.push(message.text())
  })
  page.on('pageerror', (problem) => troubles.push(String(problem)))
}

/** The switch of the context reaches a new worker a moment late; nobody answers at this proxy, from the first request on. */
const NO_NETWORK = ['--proxy-server=127.0.0.1:9', '--proxy-bypass-list=<-loopback>']

export async function openBrowser(options: PhoneBrowserOptions = {}): Promise<PhoneBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'window-hall-profile-'))
  const { executablePath, args } = await findBrowser()
  const launch = async (flags: readonly string[] = []) => {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: [...args, ...(options.flags ?? []), ...flags],
      headless: true,
      viewport: { width: options.width ?? 390, height: options.height ?? 844 },
      colorScheme: options.colorScheme ?? 'light',
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      hasTouch: true,
    })
    context.setDefaultTimeout(LONGEST_WAIT_MS)
    return context
  }
  const context = await launch()
  const phone: PhoneBrowser = {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    troubles: [],
    async reopen({ offline = false } = {}) {
      await phone.context.close()
      phone.context = await launch(offline ? NO_NETWORK : [])
      await phone.context.setOffline(offline)
      phone.page = phone.context.pages()[0] ?? (await phone.context.newPage())
      followTroubles(phone.page, phone.troubles)
    },
    async close() {
      await phone.context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
  followTroubles(phone.page, phone.troubles)
  return phone
}

export async function signIn(page: Page, url: string, staffNo: string, password = PASSWORD): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('工号').fill(staffNo)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('heading', { name: '这五分钟' }).waitFor()
}

/** Waits until the service worker runs the page, so that a start without network has something to start from. */
export async function workerReady(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const worker = registration.active!
    if (worker.state !== 'activated') {
      await new Promise<void>((resolve) =>
        worker.addEventListener('statechange', () => worker.state === 'activated' && resolve()),
      )
    }
  })
}
