/**
 * Answers of the endpoint about circulations, asked when a page opens and whenever it asks for something else; never stored.
 * While a new answer is on its way the last one stays; an answer that nobody waits for any more is dropped.
 */
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import { askDocument } from './answers.ts'

/** @param asked what is asked for, as one string: another one is asked at once */
export function useAnswer<Answer>(asked: () => string, ask: (signal: AbortSignal) => Promise<Answer>) {
  const answer = shallowRef<Answer>()
  const trouble = ref('')
  const isAsking = ref(false)
  let current = new AbortController()

  async function askAgain(): Promise<void> {
    current.abort()
    const own = (current = new AbortController())
    isAsking.value = true
    try {
      const fresh = await ask(own.signal)
      if (own.signal.aborted) return
      answer.value = fresh
      trouble.value = ''
    } catch (error) {
      if (!own.signal.aborted) trouble.value = sentenceOf(error, '请再试一次；若仍不行，请告诉系统管理员。')
    } finally {
      if (!own.signal.aborted) isAsking.value = false
    }
  }
  watch(asked, () => void askAgain(), { immediate: true })
  onScopeDispose(() => current.abort())
  return { answer, trouble, isAsking, askAgain }
}

/** Where one document is: undefined while it isn't known, null when it was never dispatched. */
export function useDocumentProgress(documentId: () => string) {
  const { answer, ...rest } = useAnswer(documentId, async (signal) => {
    const id = documentId()
    return { id, document: await askDocument(id, signal) }
  })
  return { ...rest, answer }
}
