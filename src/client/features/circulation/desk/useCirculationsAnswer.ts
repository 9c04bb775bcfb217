/** The whole bureau's progress, asked from the endpoint when the page opens; never stored. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { askCirculations, type DocumentProgress } from './answers.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

export function useCirculationsAnswer() {
  const documents = shallowRef<DocumentProgress[]>()
  const trouble = ref('')
  const isAsking = ref(false)
  const abort = new AbortController()

  async function askAgain(): Promise<void> {
    if (isAsking.value) return
    isAsking.value = true
    try {
      documents.value = await askCirculations(abort.signal)
      trouble.value = ''
    } catch (error) {
      if (!abort.signal.aborted) trouble.value = sentenceOf(error, '请再试一次；若仍不行，请告诉系统管理员。')
    } finally {
      isAsking.value = false
    }
  }
  void askAgain()
  onScopeDispose(() => abort.abort())
  return { documents, trouble, isAsking, askAgain }
}
