/** Two fingers on an element as a zoom factor. The element allows panning itself; the browser's own page zoom stays out. */
import { useEventListener } from '@vueuse/core'
import type { ShallowRef } from 'vue'

interface Pinch {
  /** The factor when the fingers come down. */
  start: () => number
  change: (factor: number) => void
}

const spread = (touches: TouchList): number => {
  const [a, b] = [touches[0], touches[1]]
  return a === undefined || b === undefined ? 0 : Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)
}

export function usePinch(element: Readonly<ShallowRef<HTMLElement | null>>, pinch: Pinch): void {
  let from: { spread: number; factor: number } | undefined
  useEventListener(element, 'touchstart', (event: TouchEvent) => {
    from = event.touches.length === 2 ? { spread: spread(event.touches), factor: pinch.start() } : undefined
  })
  useEventListener(
    element,
    'touchmove',
    (event: TouchEvent) => {
      if (from === undefined || from.spread === 0 || event.touches.length !== 2) return
      event.preventDefault()
      pinch.change((from.factor * spread(event.touches)) / from.spread)
    },
    { passive: false },
  )
  useEventListener(element, ['touchend', 'touchcancel'], () => (from = undefined))
}
