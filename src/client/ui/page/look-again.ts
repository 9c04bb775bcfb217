/** What depends on the time of day is looked at again: every so often, and when somebody comes back to the page. */
import { onScopeDispose } from 'vue'

/** @param look runs at each time, not at once */
export function lookAgain(look: () => void, everyMs: number): void {
  const timer = setInterval(look, everyMs)
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  })
}
