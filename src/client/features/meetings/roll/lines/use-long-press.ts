/**
 * A press that lasts half a second. The click that follows it is swallowed; a finger that moves is scrolling, and a press that
 * leaves or is taken away has no click to swallow: the next one counts.
 */
const LONG_MS = 500
const STILL_PX = 10

export function createLongPress(onLong: () => void, onShort: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let wasLong = false
  let from = { x: 0, y: 0 }
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const forget = () => {
    stop()
    wasLong = false
  }
  return {
    pointerdown(event: PointerEvent) {
      wasLong = false
      from = { x: event.clientX, y: event.clientY }
      if (event.button !== 0) return
      stop()
      timer = setTimeout(() => {
        wasLong = true
        timer = undefined
        onLong()
      }, LONG_MS)
    },
    pointermove(event: PointerEvent) {
      const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX
      if (far) stop()
    },
    pointerup: stop,
    pointercancel: forget,
    pointerleave(event: PointerEvent) {
      // A finger that is lifted leaves before its click; only a button that is still down leaves without one.
      if (event.buttons === 0) stop()
      else forget()
    },
    contextmenu: (event: Event) => event.preventDefault(),
    click() {
      stop()
      if (!wasLong) onShort()
      wasLong = false
    },
  }
}
