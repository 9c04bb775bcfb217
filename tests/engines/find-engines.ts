/** What of the engines is on this machine, and the sentence that says what to install when something is not. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createFirefox } from './drivers/firefox.ts'
import type { Engine } from './drivers/engine.ts'
import { createWebKit, WEBKIT_BROWSER } from './drivers/webkit.ts'

export interface FoundEngine {
  name: string
  /** As the report names it. */
  version: string
  create(): Promise<Engine>
}

export const INSTALL =
  'apt-get install firefox-esr webkit2gtk-driver gir1.2-webkit2-4.1 python3-gi xvfb fonts-noto-cjk'
/** Debian's own Python has its bindings of WebKit; another one that comes first on the PATH has not. */
const PYTHON = '/usr/bin/python3'

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @throws with a sentence for the person who runs it */
function find(names: readonly string[], variable: string): string {
  const given = process.env[variable]
  if (given !== undefined && given !== '') {
    if (!isExecutable(given)) throw new Error(`${variable} is not a program: ${given}`)
    return given
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable)
  if (found === undefined)
    throw new Error(`${names[0]} is not installed (or set ${variable}). Install with: ${INSTALL}`)
  return found
}

function answerOf(path: string, args: string[]): string | undefined {
  const { status, stdout } = spawnSync(path, args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

function findFirefox(): FoundEngine {
  const path = find(['firefox-esr', 'firefox'], 'FIREFOX_PATH')
  return {
    name: 'Firefox',
    version: answerOf(path, ['--version'])?.replace('Mozilla ', '') ?? 'Firefox',
    create: () => createFirefox(path),
  }
}

function findWebKit(): FoundEngine {
  const driver = find(['WebKitWebDriver'], 'WEBKIT_DRIVER_PATH')
  const xvfb = find(['Xvfb'], 'XVFB_PATH')
  const version = answerOf(PYTHON, [WEBKIT_BROWSER, '--version'])
  if (version === undefined)
    throw new Error(`${PYTHON} cannot show a page with WebKitGTK. Install with: ${INSTALL}`)
  return {
    name: 'WebKitGTK',
    version: `WebKitGTK ${version}${process.env.PAGE_CACHE === '0' ? ' (page cache off)' : ''}`,
    create: () => createWebKit({ driver, python: PYTHON, xvfb }),
  }
}

/** @returns the engines, and a sentence for each one that cannot be driven */
export function findEngines(): { found: FoundEngine[]; missing: string[] } {
  const found: FoundEngine[] = []
  const missing: string[] = []
  for (const look of [findFirefox, findWebKit]) {
    try {
      found.push(look())
    } catch (problem) {
      missing.push((problem as Error).message)
    }
  }
  return { found, missing }
}
