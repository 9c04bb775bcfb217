import { onActivated, onBeforeUnmount, onDeactivated, onMounted, watch } from 'vue'
import type { Ref } from 'vue'

/**
 * Tells the document how much of the window's lower edge the page's foot covers (`--foot-clear`), so that toasts stand
 * above it and a focused field scrolls clear of it. Nothing is covered when there is no foot, or when it scrolls with the
 * page, as in a low window.
 */
export const useFootClearance = (foot: Readonly<Ref<HTMLElement | null>>): void => {
  const root = document.documentElement
  let observer: ResizeObserver | undefined

  const measure = (): void => {
    const isFixed = foot.value !== null && getComputedStyle(foot.value).position !== 'static'
    const top = isFixed ? foot.value.getBoundingClientRect().top : window.innerHeight
    root.style.setProperty('--foot-clear', `${Math.max(0, window.innerHeight - top)}px`)
  }
  const begin = (): void => {
    end()
    if (!foot.value || typeof ResizeObserver === 'undefined') return
    observer = new ResizeObserver(measure)
    observer.observe(foot.value)
    observer.observe(root)
  }
  /** Of a page without a foot nothing is taken back: another page's may stand there. */
  const end = (): void => {
    if (observer === undefined) return
    observer.disconnect()
    observer = undefined
    root.style.removeProperty('--foot-clear')
  }
  onMounted(begin)
  // A foot that comes or goes after the page is there, such as when a form becomes open.
  watch(foot, begin, { flush: 'post' })
  onActivated(begin)
  onDeactivated(end)
  onBeforeUnmount(end)
}
