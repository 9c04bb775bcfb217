/**
 * When the page is hidden or left: what is saved a moment after the last key is saved here at once. A phone that goes to
 * another app always gets this far; a tab that is closed or reloaded within that moment may not.
 */
import { onScopeDispose } from 'vue'

export function useWhenLeaving(save: () => void): void {
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') save()
  }
  window.addEventListener('pagehide', save)
  document.addEventListener('visibilitychange', onVisibility)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', save)
    document.removeEventListener('visibilitychange', onVisibility)
  })
}
