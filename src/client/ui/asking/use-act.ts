/**
 * An act that a press begins and that can fail.
 *
 * Guaranteed: a press while it runs begins nothing; what hindered it is told until the next attempt, and nothing is told to a
 * page that was left.
 */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { troubleOf, type Trouble } from './trouble.ts'

/** @param unforeseen what is said of an error that nobody foresaw: what was not lost, and what to do */
export function useAct(unforeseen?: string) {
  const isRunning = ref(false)
  const trouble = shallowRef<Trouble | null>(null)
  const abort = new AbortController()
  const { signal } = abort
  onScopeDispose(() => abort.abort())

  const fail = (error: unknown): void => {
    if (!signal.aborted) trouble.value = troubleOf(error, unforeseen)
  }
  /** An outcome that is no error: what is in the way, as a sentence. */
  const refuse = (text: string): void => {
    trouble.value = { title: '没有办成', text }
  }
  async function run(act: () => Promise<void>): Promise<void> {
    if (isRunning.value) return
    isRunning.value = true
    trouble.value = null
    try {
      await act()
    } catch (error) {
      fail(error)
    } finally {
      isRunning.value = false
    }
  }
  let last = Promise.resolve()
  /** After those that were begun before: the last one chosen is the last one done, and none is dropped. */
  const runInTurn = (act: () => Promise<void>): Promise<void> => (last = last.then(() => run(act)))

  return { isRunning, trouble, signal, run, runInTurn, fail, refuse }
}
