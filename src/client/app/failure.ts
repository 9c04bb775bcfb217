/** What went wrong and nobody foresaw, as one quiet sentence on the screen. What was typed stays where it is. */
import { shallowRef, type App, type InjectionKey, type ShallowRef } from 'vue'

/** What one can do about it at once; null: only read. */
export type FailureAct = 'reopen' | 'clear-up' | null

export interface Failure {
  text: string
  act: FailureAct
  /** This window's database has ended: nothing that follows is news. */
  isOver?: true
}

export const failureKey: InjectionKey<ShallowRef<Failure | null>> = Symbol('failure')

const UNFORESEEN = '这里出了点问题，已经存下的内容都在。可以再试一次；若仍不行，请在“意见建议”里告诉我们。'
const NOT_HERE = '这个页面还没有存到本机。请连上网络后再打开。'
/** Online, a part that cannot be fetched has gone with the version before. */
const OUTDATED = '有新版本，请重新打开本应用。若仍打不开，请换个有网络的地方再试。已经存下的内容都在。'

/** Errors of our own carry a Chinese sentence that says what to do. */
const SPEAKING = new Set(['storage-trouble', 'remote-problem', 'invalid-fields', 'wrong-bytes'])

/** null for what is no failure: a download that was stopped. */
export function sentenceOf(problem: unknown): string | null {
  if (!(problem instanceof Error)) return UNFORESEEN
  if (problem.name === 'AbortError') return null
  const type: unknown = Reflect.get(problem, 'type')
  if (typeof type === 'string' && SPEAKING.has(type)) return problem.message
  if (!isMissingPart(problem)) return UNFORESEEN
  // Safari's 'Load failed' is said of any request: only of the line, never of a version.
  return navigator.onLine && !/load failed/i.test(problem.message) ? OUTDATED : NOT_HERE
}

/** By the kind of storage trouble: an app that is opened again, or room that is made. */
const MEANING: Readonly<Record<string, Omit<Failure, 'text'>>> = {
  quota: { act: 'clear-up' },
  'lost-connection': { act: 'reopen' },
  closed: { act: 'reopen', isOver: true },
  outdated: { act: 'reopen', isOver: true },
  wiped: { act: 'reopen', isOver: true },
}

/** null for what is no failure. */
export function failureOf(problem: unknown): Failure | null {
  const text = sentenceOf(problem)
  if (text === null) return null
  const kind: unknown = problem instanceof Error ? Reflect.get(problem, 'kind') : undefined
  if (typeof kind === 'string') return { text, ...(MEANING[kind] ?? { act: null }) }
  return { text, act: text === OUTDATED ? 'reopen' : null }
}

/** A lazy part of the app that is neither on the phone nor reachable: the browsers' words for it. */
export function isMissingPart(problem: Error): boolean {
  return /dynamically imported module|module script failed|preload CSS|load failed/i.test(problem.message)
}

/**
 * What stands on the screen after one more problem. A database that ended under the app breaks whatever was reading it too:
 * the sentence that says what to do about the cause stays above what follows from it.
 */
export function failureAfter(shown: Failure | null, problem: unknown): Failure | null {
  const next = failureOf(problem)
  if (next === null) return shown
  return shown?.isOver === true && next.isOver !== true ? shown : next
}

/** Fields without a page of their own: vue's errors, unhandled rejections. Returns what is to be shown. */
export function catchFailures(app: App): ShallowRef<Failure | null> {
  const failure = shallowRef<Failure | null>(null)
  const tell = (problem: unknown): void => {
    failure.value = failureAfter(failure.value, problem)
    // For whoever looks at the console of a phone; contents of records are never in a message.
    if (import.meta.env.DEV) reportError(problem)
  }
  app.config.errorHandler = tell
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    tell(event.reason)
  })
  app.provide(failureKey, failure)
  return failure
}
