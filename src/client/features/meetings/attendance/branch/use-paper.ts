/** Paper that is made when it is printed: 300 people twice in a page would be a wait for nothing. */
import { useEventListener } from '@vueuse/core'
import { nextTick, ref } from 'vue'

export function usePaper() {
  const isOnPaper = ref(false)
  useEventListener('beforeprint', () => {
    isOnPaper.value = true
  })
  useEventListener('afterprint', () => {
    isOnPaper.value = false
  })
  async function print(): Promise<void> {
    isOnPaper.value = true
    await nextTick()
    window.print()
  }
  return { isOnPaper, print }
}
