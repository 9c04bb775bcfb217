/**
 * Pages are drawn one after another, the one nearest to the eye first: a scan takes a slow phone most of a second a page, and
 * whoever opens page 60 does not wait for 57, 58 and 59.
 */
export interface DrawingTurns {
  /** @param distance from the middle of the screen, asked when the turn comes; @param draw never rejects */
  ask(distance: () => number, draw: () => Promise<void>): void
  /**
   * For what nobody waits for: when nothing was asked for a while and the app is on the screen.
   * @param act never rejects; ends early on the signal, which is given as soon as somebody asks
   */
  idle(act: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Nothing idle begins any more. */
  close(): void
}

/** From the last drawing that was asked for: longer than it takes to go on reading. */
const QUIET_MS = 1500
/** Between two acts of which nobody waits. */
const BREATH_MS = 30

export function createDrawingTurns(): DrawingTurns {
  let waiting: { distance: () => number; draw: () => Promise<void> }[] = []
  let isDrawing = false
  let askedAt: number | undefined
  let isClosed = false
  let giveWay: AbortController | undefined

  async function go(): Promise<void> {
    if (isDrawing) return
    isDrawing = true
    // All that ask in this moment are compared; the browser tells of each page on its own.
    await new Promise((resolve) => setTimeout(resolve))
    while (waiting.length > 0) {
      const nearest = waiting.reduce((a, b) => (b.distance() < a.distance() ? b : a))
      waiting = waiting.filter((one) => one !== nearest)
      await nearest.draw()
    }
    isDrawing = false
  }
  const isQuiet = (): boolean =>
    !isDrawing && !document.hidden && performance.now() - (askedAt ?? 0) >= QUIET_MS
  const mayBegin = (): boolean => isClosed || isQuiet()
  return {
    ask(distance, draw) {
      waiting.push({ distance, draw })
      askedAt = performance.now()
      giveWay?.abort()
      void go()
    },
    async idle(act) {
      askedAt ??= performance.now()
      do await new Promise((resolve) => setTimeout(resolve, BREATH_MS))
      while (!mayBegin())
      if (isClosed) return
      isDrawing = true
      giveWay = new AbortController()
      await act(giveWay.signal)
      giveWay = undefined
      isDrawing = false
      if (waiting.length > 0) void go()
    },
    close() {
      isClosed = true
      giveWay?.abort()
    },
  }
}
