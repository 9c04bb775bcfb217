/**
 * The browser of the tests: CHROME_PATH, an installed chromium or chrome, then the one from the npm registry. What was found
 * is said, so that a report names it.
 */
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface FoundBrowser {
  executablePath: string
  args: string[]
  from: string
}

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), mac].find(isExecutable)
}

export async function findBrowser(): Promise<FoundBrowser> {
  const given = process.env.CHROME_PATH
  if (given !== undefined && given !== '') {
    if (!isExecutable(given)) throw new Error(`CHROME_PATH is not a program: ${given}`)
    return { executablePath: given, args: QUIET, from: 'CHROME_PATH' }
  }
  const found = process.env.WINDOW_HALL_NPM_BROWSER === '1' ? undefined : installed()
  if (found !== undefined) return { executablePath: found, args: QUIET, from: 'installed' }
  // Without libnss3 on the machine it has to bring its own libraries along, which it does when it believes to be on Lambda.
  const hasNss = [
    '/usr/lib/x86_64-linux-gnu/libnss3.so',
    '/usr/lib/aarch64-linux-gnu/libnss3.so',
    '/usr/lib64/libnss3.so',
  ].some(existsSync)
  if (!hasNss) process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'
  const { default: chromium } = await import('@sparticuz/chromium')
  const executablePath = await chromium.executablePath()
  return { executablePath, args: [...QUIET, '--headless=shell', '--no-zygote'], from: 'npm registry' }
}
