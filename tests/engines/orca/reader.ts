/**
 * Orca, the screen reader of GNOME, on a screen and a session of its own: what it would say is read from its log, since nothing
 * here has a voice. Runs inside `dbus-run-session` (main.ts).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export const SCREEN = { width: 700, height: 1000 }
const AT_SPI = ['/usr/libexec/at-spi-bus-launcher', '/usr/lib/at-spi2-core/at-spi-bus-launcher']
/** It says that it is there, or does not run. */
const LONGEST_START_MS = 30_000

export interface Reader {
  /** What programs need to be heard by it. */
  env: Record<string, string>
  /** A key as a hand presses it, by its X name: `Tab`, `Down`. */
  press(key: string): void
  /** What was said since the last call, once it has been silent for `silentMs`. */
  heard(silentMs?: number): Promise<string[]>
  close(): void
}

/** Orca reads it at its start. Otherwise the last things said stay in the log's buffer. */
const CUSTOMIZATIONS = 'import orca.debug\norca.debug.debugFile.reconfigure(line_buffering=True)\n'

/** Orca's log has a line for each thing that it gives to the voice. */
const SAID = /SPEECH OUTPUT: '(.*?)'(?:[[{]|$)/gm

export async function startReader(): Promise<Reader> {
  const home = mkdtempSync(join(tmpdir(), 'window-hall-orca-'))
  const log = join(home, 'orca.log')
  const settings = join(home, '.local/share/orca')
  mkdirSync(settings, { recursive: true })
  writeFileSync(join(settings, 'orca-customizations.py'), CUSTOMIZATIONS)
  const started: ChildProcess[] = []
  const start = (
    program: string,
    args: string[],
    env: NodeJS.ProcessEnv,
    third: 'ignore' | 'pipe' = 'ignore',
  ) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'ignore', third] })
    started.push(child)
    return child
  }
  const screen = start(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${SCREEN.width}x${SCREEN.height}x24`, '-nolisten', 'tcp'],
    process.env,
    'pipe',
  )
  const display = await new Promise<string>((resolve, reject) => {
    screen.stdio[3]!.once('data', (told: Buffer) => resolve(`:${String(told).trim()}`))
    screen.once('exit', () => reject(new Error('Xvfb did not start')))
  })
  const env = { DISPLAY: display, HOME: home, LANG: 'C.UTF-8', ACCESSIBILITY_ENABLED: '1' }
  const whole = { ...process.env, ...env }
  spawnSync('gsettings', ['set', 'org.gnome.desktop.interface', 'toolkit-accessibility', 'true'], {
    env: whole,
  })
  const bus = AT_SPI.find((path) => existsSync(path))
  if (bus === undefined) throw new Error(`at-spi2-core is not installed: none of ${AT_SPI.join(', ')}`)
  start(bus, ['--launch-immediately'], whole)
  // It does not say when it is ready, and Orca asks once.
  await pause(1500)
  start('orca', ['--replace', `--debug-file=${log}`], whole)

  let from = 0
  const saidSince = (): { lines: string[]; end: number } => {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : ''
    const lines = [...text.slice(from).matchAll(SAID)].map(([, words]) => words!.trim())
    return { lines: lines.filter((words) => words !== ''), end: text.length }
  }
  const until = Date.now() + LONGEST_START_MS
  while (saidSince().lines.length === 0) {
    if (Date.now() > until) throw new Error('Orca did not say that it is on')
    await pause(200)
  }
  return {
    env,
    press: (key) => void spawnSync('xdotool', ['key', '--clearmodifiers', key], { env: whole }),
    async heard(silentMs = 1200) {
      let { lines, end } = saidSince()
      for (;;) {
        await pause(silentMs)
        const next = saidSince()
        if (next.lines.length === lines.length) break
        ;({ lines, end } = next)
      }
      from = end
      return lines
    },
    close() {
      for (const child of started.reverse()) child.kill('SIGKILL')
      rmSync(home, { recursive: true, force: true })
    },
  }
}
