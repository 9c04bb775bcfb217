/**
 * The list stays where it is under the thumb: what grows or shrinks above it (a strip with one figure more, a line that another
 * phone's news brings) scrolls the page by as much, before it is painted. Browsers that do this by themselves don't at the very
 * top, and some never do.
 */
import { useResizeObserver } from '@vueuse/core'
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** A page that has just come still puts itself together: nobody aims at a row yet. */
const SETTLING_MS = 800

/** @param isFree the list may move: nothing can be marked in it now */
export function useSteadyList(
  above: readonly Readonly<Ref<HTMLElement | null>>[],
  isFree: () => boolean,
): void {
  let movesFrom = Infinity
  const known = new WeakMap<Element, { width: number; height: number }>()
  const root = document.documentElement
  onMounted(() => {
    root.style.overflowAnchor = 'none'
    movesFrom = performance.now() + SETTLING_MS
  })
  onBeforeUnmount(() => (root.style.overflowAnchor = ''))
  useResizeObserver([...above], (entries) => {
    for (const { target } of entries) {
      const { width, height } = target.getBoundingClientRect()
      const before = known.get(target)
      known.set(target, { width, height })
      // Turned, or zoomed: everything is elsewhere anyway.
      if (before === undefined || before.width !== width || isFree()) continue
      if (performance.now() < movesFrom) continue
      if (before.height !== height) window.scrollBy({ top: height - before.height, behavior: 'instant' })
    }
  })
}
