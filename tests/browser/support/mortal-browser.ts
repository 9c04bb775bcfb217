/** A real Chromium that can be killed (SIGKILL, all its processes) and started again on the same profile. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { findBrowser } from './find-browser.ts'

export interface MortalBrowser {
  page: Page
  context: BrowserContext
  isAlive(): boolean
  /** At once, in the middle of whatever it does. Resolves when its processes are gone. */
  kill(): Promise<void>
  /** As a person closes it: cookies are written, which a browser otherwise does within half a minute. */
  quit(): Promise<void>
  /** On the same profile. */
  start(): Promise<void>
  remove(): Promise<void>
}

const SAYS_WHERE = /DevTools listening on (ws:\/\/\S+)/

/** @returns where it listens for commands */
function whereOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr!.on('data', (text: Buffer) => {
      said += text.toString()
      const found = SAYS_WHERE.exec(said)
      if (found !== null) resolve(found[1]!)
    })
    child.on('exit', (code) => reject(new Error(`the browser ended with ${code}: ${said}`)))
  })
}

export async function startMortalBrowser(): Promise<MortalBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'window-hall-mortal-'))
  const { executablePath, args } = await findBrowser()
  const headless = args.some((word) => word.startsWith('--headless')) ? [] : ['--headless=new']
  let child: ChildProcess | undefined
  let browser: Browser | undefined
  const mortal = {
    isAlive: () => child !== undefined,
    async start() {
      // A group of its own, so that its helpers die with it.
      child = spawn(
        executablePath,
        [...args, ...headless, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
        { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
      )
      browser = await chromium.connectOverCDP(await whereOf(child))
      mortal.context = browser.contexts()[0]!
      mortal.context.setDefaultTimeout(20_000)
      mortal.page = mortal.context.pages()[0] ?? (await mortal.context.newPage())
    },
    async quit() {
      const ending = child
      child = undefined
      if (ending === undefined) return
      const gone = once(ending, 'exit')
      const session = await browser!.newBrowserCDPSession()
      await session.send('Browser.close')
      await gone
    },
    async kill() {
      const dying = child
      child = undefined
      if (dying?.pid === undefined) return
      const gone = once(dying, 'exit')
      process.kill(-dying.pid, 'SIGKILL')
      await gone
      await browser?.close().catch(() => undefined)
    },
    async remove() {
      await mortal.kill()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  } as MortalBrowser
  await mortal.start()
  return mortal
}
