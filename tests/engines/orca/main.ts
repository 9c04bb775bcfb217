/**
 * `npm run test:engines -- orca`: the main paths with a real screen reader, Orca, over a real Chromium with a window. Prints all
 * that was said; ends with 1 when something that has to be heard was not, or a program is missing. Needs a build.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { DEMO_PASSWORD } from '../../../src/server/demo/accounts.ts'
import { allDelivered } from '../../browser/support/acts.ts'
import { signIn } from '../../browser/support/browser.ts'
import { findBrowser } from '../../browser/support/find-browser.ts'
import { serveDemo } from '../../browser/support/walk/demo-hall.ts'
import { placesOf } from '../../browser/support/walk/places.ts'
import { PATHS } from './paths.ts'
import { SCREEN, startReader, type Reader } from './reader.ts'

const PROGRAMS = ['orca', 'Xvfb', 'xdotool', 'dbus-run-session', 'gsettings', 'speech-dispatcher']
const INSTALL =
  'apt-get install orca xvfb xdotool dbus at-spi2-core libglib2.0-bin speech-dispatcher fonts-noto-cjk'
const LONGEST_WAIT_MS = 20_000

const missing = PROGRAMS.filter((name) => spawnSync('which', [name]).status !== 0)
if (missing.length > 0) {
  process.stderr.write(`${missing.join(', ')} not installed. Install with: ${INSTALL}\n`)
  process.exit(1)
}
// A session bus of its own: nothing of the desktop that this may run on hears or is heard.
if (process.env['ORCA_SESSION'] === undefined) {
  const env = { ...process.env, ORCA_SESSION: '1' }
  const { status } = spawnSync('dbus-run-session', ['--', process.execPath, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'ignore'],
    env,
  })
  process.exit(status ?? 1)
}

/** Questions of the browser's own would take the focus. */
const QUIET = {
  credentials_enable_service: false,
  profile: { password_manager_enabled: false },
  translate: { enabled: false },
}

async function openWindow(reader: Reader, url: string): Promise<{ page: Page; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'window-hall-orca-profile-'))
  mkdirSync(join(profile, 'Default'))
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(QUIET))
  const { executablePath, args } = await findBrowser()
  const size = `--window-size=${SCREEN.width - 100},${SCREEN.height - 50}`
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: false,
    viewport: null,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    args: [...args, '--force-renderer-accessibility', `--app=${url}/sign-in`, size, '--window-position=0,0'],
    env: { ...(process.env as Record<string, string>), ...reader.env },
  })
  const close = async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
  return { page: context.pages()[0]!, close }
}

/** All that is said until the last of the words, or until nobody speaks any more. */
function listener(reader: Reader) {
  let rest: string[] = []
  return async (...words: readonly RegExp[]): Promise<void> => {
    const until = Date.now() + LONGEST_WAIT_MS
    for (const wanted of words) {
      let at = rest.findIndex((line) => wanted.test(line))
      while (at < 0 && Date.now() < until) {
        const more = await reader.heard()
        for (const line of more) console.log(`    ${line}`)
        rest.push(...more)
        at = rest.findIndex((line) => wanted.test(line))
      }
      if (at < 0) throw new Error(`not heard: ${String(wanted)}`)
      rest = rest.slice(at + 1)
    }
  }
}

const hall = await serveDemo()
const places = await placesOf(hall)
let failed = 0
for (const path of PATHS) {
  const reader = await startReader()
  const { page, close } = await openWindow(reader, hall.url)
  console.log(`\n${path.name}`)
  try {
    await signIn(page, hall.url, path.staffNo, DEMO_PASSWORD)
    await allDelivered(page)
    await reader.heard()
    await path.walk({ page, places, press: reader.press, hears: listener(reader) })
    console.log('  heard')
  } catch (problem) {
    failed += 1
    console.log(`  FAILED: ${(problem as Error).message}`)
  } finally {
    await close()
    reader.close()
  }
}
await hall.close()
console.log(`\n${PATHS.length - failed} heard, ${failed} not`)
process.exit(failed === 0 ? 0 : 1)
