/**
 * `npm run manual`: the pictures of docs/manual/ and of the README, made from the demo on a day that stands still, so that a second
 * run changes nothing unless a screen has changed. `-- --all FOLDER` takes all screens in all modes into a folder instead.
 *
 * Builds the app into a temporary folder, or takes the one in DIST_DIR.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { takeAllScreens } from './all-screens.ts'
import { takeManual } from './take-manual.ts'

const ROOT = join(import.meta.dirname, '../..')

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** @returns what was made and is to be removed */
function build(): string | undefined {
  if (process.env.DIST_DIR !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-manual-'))
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const words = [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error']
  const { status } = spawnSync(process.execPath, words, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) refuse('应用没有构建成，没有拍图。')
  process.env.DIST_DIR = folder
  return folder
}

const [word, folder, ...more] = process.argv.slice(2)
if (
  (word !== undefined && word !== '--all') ||
  (word === '--all') !== (folder !== undefined) ||
  more.length > 0
)
  refuse('用法：npm run manual，或 npm run manual -- --all 文件夹。')
const built = build()
try {
  if (folder === undefined) await takeManual(ROOT)
  else
    console.log(`${await takeAllScreens(resolve(folder))} pictures, ${join(resolve(folder), 'index.html')}`)
} finally {
  if (built !== undefined) rmSync(built, { recursive: true, force: true })
}
process.exit(0)
