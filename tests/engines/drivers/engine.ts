/**
 * A browser of one engine on a profile of its own, held by the two protocols of WebDriver. Both take the same actions of keys
 * and pointer; what is left of each is so small that it stands here, without a library to install.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A phone's screen. */
export const WIDTH = 390
export const HEIGHT = 844

export interface Engine {
  readonly name: string
  /** Console errors and uncaught exceptions since the profile was made, but for requests that found no network. */
  readonly troubles: string[]
  /** Starts the browser on its profile. */
  open(): Promise<void>
  /** At once (SIGKILL), with all its helpers, in the middle of whatever it does. */
  kill(): Promise<void>
  /** As a person closes it; some engines write cookies only then, or after a while. */
  quit(): Promise<void>
  goto(url: string): Promise<void>
  /** Runs a function in the page; it may use nothing but its arguments. Arguments and result go as JSON. */
  call<Args extends unknown[], Result>(
    work: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>
  /** Input sources as WebDriver has them. */
  perform(sources: readonly object[]): Promise<void>
  /** PNG of what is on the screen. */
  picture(): Promise<Buffer>
  remove(): Promise<void>
}

/** What both protocols run in the page: JSON in, JSON out. */
export const asJsonFunction = (work: (...args: never[]) => unknown): string =>
  `async (json) => JSON.stringify((await (${work.toString()})(...JSON.parse(json))) ?? null)`

/** What the engines write of a request that found no network. */
const OF_THE_LINE = [
  /NetworkError when attempting to fetch/,
  /Failed to load resource/,
  /Load(ing)? failed/i,
  // Firefox of a file that the service worker asked the network for in vain.
  /ServiceWorker intercepted the request and encountered/,
  /Could not connect to /,
  // Of a request and of a part whose page was left; all requests are to the app's own origin.
  /annot load .* due to access control checks|Importing a module script failed/,
  /error loading dynamically imported module/,
  /Connection refused|Connection terminated|Socket I\/O|network connection was lost/i,
]
export const isOfTheLine = (text: string): boolean => OF_THE_LINE.some((pattern) => pattern.test(text))

/** Kills a process with the group that it leads, and waits until it is gone. */
export async function killGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await gone
}

/** Resolves with the first group of the pattern in what a child says. */
export function saysOf(child: ChildProcess, stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    stream.on('data', (text: Buffer) => {
      said += text.toString()
      const found = pattern.exec(said)
      if (found !== null) resolve(found[1]!)
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)))
  })
}
