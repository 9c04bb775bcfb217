/** WebKitGTK by WebDriver: the driver, a small browser that it starts, and a screen in memory for it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { asJsonFunction, HEIGHT, isOfTheLine, killGroup, saysOf, WIDTH, type Engine } from './engine.ts'

export const WEBKIT_BROWSER = join(import.meta.dirname, 'webkit-browser.py')
const START_TRIES = 100
/** The one way out for a script's answer: WebDriver's `done` takes no rejection. */
const RUN = `const done = arguments[arguments.length - 1];
(%)(arguments[0]).then((json) => done({ json }), (problem) => done({ problem: String(problem) }))`

interface Parts {
  driver: string
  python: string
  xvfb: string
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** Every line that the page wrote into the console as an error. */
function followConsole(child: ChildProcess, troubles: string[]): void {
  const hear = (text: Buffer): void => {
    for (const line of text.toString().split('\n')) {
      if (/\bCONSOLE (\w+ )?ERROR /.test(line) && !isOfTheLine(line)) troubles.push(line)
    }
  }
  child.stdout!.on('data', hear)
  child.stderr!.on('data', hear)
}

export async function createWebKit({ driver, python, xvfb }: Parts): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), 'window-hall-webkit-'))
  const screen = spawn(
    xvfb,
    ['-displayfd', '3', '-screen', '0', `${WIDTH + 100}x${HEIGHT + 100}x24`, '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  )
  const display = await saysOf(screen, screen.stdio[3] as NodeJS.ReadableStream, /(\d+)\n/)
  const troubles: string[] = []
  let child: ChildProcess | undefined
  let session = ''

  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(session + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }

  async function untilListening(address: string): Promise<void> {
    for (let n = 0; n < START_TRIES; n++) {
      if (await fetch(`${address}/status`).then(Boolean, () => false)) return
      await pause(100)
    }
    throw new Error('WebKitWebDriver does not listen')
  }

  async function kill(): Promise<void> {
    if (child !== undefined) await killGroup(child)
    child = undefined
  }

  return {
    name: 'WebKitGTK',
    troubles,
    async open() {
      const port = await freePort()
      child = spawn(driver, [`--port=${port}`], {
        detached: true,
        env: {
          ...process.env,
          DISPLAY: `:${display}`,
          GDK_BACKEND: 'x11',
          TZ: 'Asia/Shanghai',
          // A bus that the first browser launched would die with it, and the next wait for it without end.
          DBUS_SESSION_BUS_ADDRESS: 'disabled:',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      followConsole(child, troubles)
      session = `http://127.0.0.1:${port}`
      await untilListening(session)
      const binary = { binary: python, args: [WEBKIT_BROWSER, profile, String(WIDTH), String(HEIGHT)] }
      const { sessionId } = await ask<{ sessionId: string }>('POST', '/session', {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': binary } },
      })
      session += `/session/${sessionId}`
    },
    async goto(url) {
      await ask('POST', '/url', { url })
    },
    async call(work, ...args) {
      const answer = await ask<{ json?: string; problem?: string }>('POST', '/execute/async', {
        script: RUN.replace('%', () => asJsonFunction(work)),
        args: [JSON.stringify(args)],
      })
      if (answer.json === undefined) throw new Error(answer.problem)
      return JSON.parse(answer.json)
    },
    async perform(actions) {
      await ask('POST', '/actions', { actions })
    },
    picture: async () => Buffer.from(await ask<string>('GET', '/screenshot'), 'base64'),
    async quit() {
      await ask('DELETE', '')
      await kill()
    },
    kill,
    async remove() {
      await kill()
      screen.kill()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
