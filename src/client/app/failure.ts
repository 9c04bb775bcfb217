/** What went wrong and nobody foresaw, as one quiet sentence on the screen. What was typed stays where it is. */
import { shallowRef, type App, type InjectionKey, type ShallowRef } from 'vue'
import { OUTDATED, sentenceOf } from '../ui/sentence-of.ts'

/** What one can do about it at once; null: only read. */
export type FailureAct = 'reopen' | 'clear-up' | null

export interface Failure {
  text: string
  act: FailureAct
  /** This window's database has ended: nothing that follows is news. */
  isOver?: true
}

export const failureKey: InjectionKey<ShallowRef<Failure | null>> = Symbol('failure')

/** By the kind of storage trouble: an app that is opened again, or room that is made. */
const MEANING: Readonly<Record<string, Omit<Failure, 'text'>>> = {
  quota: { act: 'clear-up' },
  'lost-connection': { act: 'reopen' },
  'part-missing': { act: 'reopen' },
  closed: { act: 'reopen', isOver: true },
  outdated: { act: 'reopen', isOver: true },
  wiped: { act: 'reopen', isOver: true },
}

/** null for what is no failure. */
export function failureOf(problem: unknown): Failure | null {
  // A download that was stopped.
  if (problem instanceof Error && problem.name === 'AbortError') return null
  const text = sentenceOf(problem)
  const kind: unknown = problem instanceof Error ? Reflect.get(problem, 'kind') : undefined
  if (typeof kind === 'string') return { text, ...(MEANING[kind] ?? { act: null }) }
  return { text, act: text === OUTDATED ? 'reopen' : null }
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
