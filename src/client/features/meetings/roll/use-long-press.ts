/** A press that lasts half a second. The click that follows it is swallowed; a finger that moves is scrolling. */
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
    pointercancel: stop,
    pointerleave: stop,
    contextmenu: (event: Event) => event.preventDefault(),
    click() {
      stop()
      if (!wasLong) onShort()
      wasLong = false
    },
  }
}
