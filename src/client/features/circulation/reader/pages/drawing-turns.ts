/**
 * Pages are drawn one after another, the one nearest to the eye first: a scan takes a slow phone most of a second a page, and
 * whoever opens page 60 does not wait for 57, 58 and 59.
 */
export interface DrawingTurns {
  /** @param distance from the middle of the screen, asked when the turn comes; @param draw never rejects */
  ask(distance: () => number, draw: () => Promise<void>): void
}

export function createDrawingTurns(): DrawingTurns {
  let waiting: { distance: () => number; draw: () => Promise<void> }[] = []
  let isDrawing = false

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
  return {
    ask(distance, draw) {
      waiting.push({ distance, draw })
      void go()
    },
  }
}
