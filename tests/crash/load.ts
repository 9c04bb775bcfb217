/** What writers and readers do together against one endpoint, and what the one who kills waits for. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from '../support/endpoint.ts'

export interface Load {
  /** Pushes that were begun, and pushes that were answered with outcomes. */
  begun: number
  answered: number
  /** Answers 503. */
  refused: number
  pages: number
  /** Requests that a kill cut off: whether they had an effect nobody knew then. */
  cutOff: number
  /** How the last of them ended, in the system's words. */
  lastCut: string
  /** No more is written: queues run empty. */
  isOver: boolean
  /** They are empty: readers read to the end. */
  isDelivered: boolean
  /** What may not be; everybody stops at the first. */
  problems: string[]
}

export const createLoad = (): Load => ({
  begun: 0,
  answered: 0,
  refused: 0,
  pages: 0,
  cutOff: 0,
  lastCut: '',
  isOver: false,
  isDelivered: false,
  problems: [],
})

/** No wait of a test decides anything; this one only ends what hangs. */
const LONGEST_WAIT_MS = 90_000

/** @throws when somebody met a problem, or when it never comes */
export async function until(load: Load, what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + LONGEST_WAIT_MS
  const { begun, answered, refused, cutOff } = load
  while (!isSo()) {
    if (load.problems.length > 0) throw new Error(`stopped while waiting until ${what}`)
    if (Date.now() > end)
      throw new Error(
        `waited in vain until ${what}: ${load.begun - begun} pushes begun, ${load.answered - answered} answered, ` +
          `${load.refused - refused} requests refused, ${load.cutOff - cutOff} cut off (${load.lastCut})`,
      )
    await pause(1)
  }
}

export interface Answer {
  status: number
  body: unknown
}

/**
 * Asks whichever process is there. @returns undefined when no whole answer came, or `503`: the same is to be asked again
 * @throws for every other answer than 200
 */
export async function ask(load: Load, c: Connection, path: string, body: unknown): Promise<unknown> {
  let response: Response
  let text: string
  try {
    response = await c.post(path, body)
    text = await response.text()
  } catch (problem) {
    if (!isLineGone(problem)) throw problem
    if ((problem as Error).message !== NOBODY) {
      load.cutOff += 1
      const { cause, message } = problem as Error
      load.lastCut = String((cause as NodeJS.ErrnoException | undefined)?.code ?? message)
    }
    return undefined
  }
  if (response.status === 503) {
    if (response.headers.get('retry-after') === null) throw new Error(`${path}: 503 without Retry-After`)
    load.refused += 1
    return undefined
  }
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text) as unknown
}

/** Said of a request that was never sent. */
export const NOBODY = 'nobody is there'

/** As fetch tells it: nobody listens, cut off, or no answer for too long. */
function isLineGone(problem: unknown): boolean {
  return problem instanceof TypeError || (problem instanceof Error && problem.name === 'TimeoutError')
}

/** Runs one of them until it is done; a problem is told to all. */
export async function join(load: Load, name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (problem) {
    load.problems.push(
      `${name}: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}`,
    )
  }
}
