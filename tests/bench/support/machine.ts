/** On what it was measured, without names or paths of the machine. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { findBrowser } from '../../browser/support/find-browser.ts'

const versionOf = (name: string, folder: string): string => {
  const text = readFileSync(new URL(`${folder}/node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return `${name} ${(JSON.parse(text) as { version: string }).version}`
}

export async function machineLine(): Promise<string> {
  const { executablePath } = await findBrowser()
  const browser = execFileSync(executablePath, ['--version', '--no-sandbox'], { encoding: 'utf8' }).trim()
  const own = ['dexie', 'hono', 'kysely'].map((name) => versionOf(name, '../../..'))
  const peers = ['pouchdb', 'express-pouchdb', 'rxdb', 'lighthouse'].map((name) => versionOf(name, '..'))
  const [load = 0] = loadavg()
  return [
    `${new Date().toISOString().slice(0, 10)} · ${cpus().length} cores (${cpus()[0]?.model.trim() ?? '?'}), `,
    `${Math.round(totalmem() / 2 ** 30)} GB, load ${load.toFixed(1)} at the start · Node ${process.versions.node}, `,
    `SQLite ${process.versions.sqlite ?? '?'}, ${browser.split(' built')[0]} · ${[...own, ...peers].join(', ')}`,
  ].join('')
}
