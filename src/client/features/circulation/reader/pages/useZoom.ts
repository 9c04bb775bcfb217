/** Zoom of what lies in a frame that scrolls sideways, by steps or two fingers; the same place stays under the eye. */
import { computed, nextTick, ref, type ShallowRef } from 'vue'
import { usePinch } from '../usePinch.ts'

/** Of the width that fits. */
const LEAST = 1

interface Zoom {
  most: number
  /** Of the buttons: times as large. */
  step: number
  /** Of the frame, when it can be moved sideways. */
  label: string
}

export function useZoom(frame: Readonly<ShallowRef<HTMLElement | null>>, { most, step, label }: Zoom) {
  const zoom = ref(LEAST)

  async function zoomTo(next: number): Promise<void> {
    const box = frame.value
    if (box === null) return
    const before = { top: box.getBoundingClientRect().top, left: box.scrollLeft, zoom: zoom.value }
    zoom.value = Math.min(most, Math.max(LEAST, next))
    const share = zoom.value / before.zoom
    await nextTick()
    window.scrollBy(0, (window.innerHeight / 2 - before.top) * (share - 1))
    box.scrollLeft = (before.left + box.clientWidth / 2) * share - box.clientWidth / 2
  }
  usePinch(frame, { start: () => zoom.value, change: (next) => void zoomTo(next) })

  return {
    zoom,
    /** A step larger or smaller. */
    zoomBy: (direction: 1 | -1) => zoomTo(direction > 0 ? zoom.value * step : zoom.value / step),
    canShrink: computed(() => zoom.value > LEAST),
    canGrow: computed(() => zoom.value < most),
    /** Wider than the screen: a keyboard needs to stand on it to move it sideways. */
    wideFrame: computed(() =>
      zoom.value > LEAST ? { tabindex: 0, role: 'region', 'aria-label': label } : {},
    ),
  }
}
