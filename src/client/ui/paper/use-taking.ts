/** Taking something along as a file: one at a time, with the sentence of what went wrong; given up when the page is left. */
import { onScopeDispose, ref } from 'vue'
import { sentenceOf } from '../sentence-of.ts'

export function useTaking() {
  const isTaking = ref(false)
  /** Why the last one failed; empty: no trouble. */
  const trouble = ref('')
  const abort = new AbortController()
  onScopeDispose(() => abort.abort())

  /** @returns whether it was done; not while another one is under way */
  async function once(act: () => Promise<unknown>, advice: string): Promise<boolean> {
    if (isTaking.value) return false
    isTaking.value = true
    trouble.value = ''
    try {
      await act()
      return true
    } catch (error) {
      if (!abort.signal.aborted) trouble.value = sentenceOf(error, advice)
      return false
    } finally {
      isTaking.value = false
    }
  }
  return { isTaking, trouble, once, signal: abort.signal }
}
