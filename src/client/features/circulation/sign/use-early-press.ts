/**
 * A press while something goes on that ends by itself.
 *
 * Guaranteed: it is carried out when that has ended, once, as if it were pressed then; never after the page was left.
 */
import { ref, watch, type Ref } from 'vue'

/** @returns whether a press waits; set by who finds it too early */
export function useEarlyPress(goesOn: () => boolean, press: () => Promise<void>): Ref<boolean> {
  const isAwaited = ref(false)
  watch(
    () => isAwaited.value && !goesOn(),
    (isItsTurn) => {
      if (!isItsTurn) return
      isAwaited.value = false
      void press()
    },
  )
  return isAwaited
}
