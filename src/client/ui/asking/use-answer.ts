/**
 * One question to the endpoint, asked when a page opens and whenever it asks for something else; the answer is never stored.
 *
 * Guaranteed: while a new answer is on its way the last one stays, and so does what went wrong; an answer that nobody waits for
 * any more is dropped, whenever it comes.
 */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { troubleOf, type Trouble } from './trouble.ts'

export interface Asked<Answer> {
  /** undefined: none yet. */
  answer: ShallowRef<Answer | undefined>
  trouble: ShallowRef<Trouble | null>
  isAsking: Readonly<Ref<boolean>>
  askAgain(): Promise<void>
}

/** @param about what is asked for: anything else is asked at once */
export function useAnswer<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  about: () => string = () => '',
): Asked<Answer> {
  const answer = shallowRef<Answer>()
  const trouble = shallowRef<Trouble | null>(null)
  const isAsking = ref(false)
  let current = new AbortController()

  async function askAgain(): Promise<void> {
    current.abort()
    const { signal } = (current = new AbortController())
    isAsking.value = true
    try {
      const fresh = await ask(signal)
      if (signal.aborted) return
      answer.value = fresh
      trouble.value = null
    } catch (error) {
      if (!signal.aborted) trouble.value = troubleOf(error)
    } finally {
      if (!signal.aborted) isAsking.value = false
    }
  }
  watch(about, () => void askAgain(), { immediate: true })
  onScopeDispose(() => current.abort())
  return { answer, trouble, isAsking, askAgain }
}
