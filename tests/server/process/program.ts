/** The endpoint and the operator's commands as programs of their own, in a copy of the tree that has a built app. */
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const node = process.execPath

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}
export interface Running {
  child: ChildProcess
  /** Resolves with what was printed as soon as it matches. */
  says: (pattern: RegExp) => Promise<string>
  ended: Promise<Ended>
}

export function makeTree() {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-program-'))
  for (const part of ['server', 'shared'])
    cpSync(join(root, 'src', part), join(folder, 'src', part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html><title>窗口先锋</title>')
  const running = new Set<ChildProcess>()

  const start = (
    program: string,
    words: readonly string[] = [],
    env: Record<string, string> = {},
  ): Running => {
    const child = spawn(
      node,
      ['--disable-warning=ExperimentalWarning', join(folder, 'src/server', program), ...words],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH ?? '',
          // Of all trees together: what lies in node_modules is compiled once for them.
          NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'),
          TZ: 'America/Los_Angeles',
          PORT: '0',
          HOST: '127.0.0.1',
          ...env,
        },
      },
    )
    running.add(child)
    let [stdout, stderr] = ['', '']
    const listeners = new Set<() => void>()
    child.stdout.on('data', (text: Buffer) => {
      stdout += text.toString()
      for (const listener of listeners) listener()
    })
    child.stderr.on('data', (text: Buffer) => void (stderr += text.toString()))
    const ended = new Promise<Ended>((resolve) =>
      child.on('close', (code, signal) => {
        running.delete(child)
        resolve({ code, signal, stdout, stderr })
      }),
    )
    const says = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => void (pattern.test(stdout) && resolve(stdout))
        listeners.add(look)
        look()
        void ended.then((end) => reject(new Error(`ended with ${end.code}: ${end.stderr}`)))
      })
    return { child, says, ended }
  }

  return {
    folder,
    start,
    run: (program: string, words: readonly string[] = [], env: Record<string, string> = {}) =>
      start(program, words, env).ended,
    path: (...parts: string[]) => join(folder, ...parts),
    remove: async () => {
      for (const child of running) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
export type Tree = ReturnType<typeof makeTree>
