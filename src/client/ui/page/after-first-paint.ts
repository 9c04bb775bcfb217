/** What the first screen does not show comes when it is there. */
import { defineAsyncComponent, type AsyncComponentLoader, type Component } from 'vue'

/** Longer than two frames: a page in the background paints none. */
const LONGEST_WAIT_MS = 1000

/** Two frames on, what was drawn last is on the screen. */
export const afterFirstPaint = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, LONGEST_WAIT_MS)
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0)))
  })

/** Starts something after the first paint. What cannot be had now is tried at the next start. @returns what stops it */
export function afterwards(start: () => Promise<() => void>): () => void {
  let isOver = false
  let stop: () => void = () => undefined
  const begin = async (): Promise<void> => {
    await afterFirstPaint()
    if (isOver) return
    stop = await start()
    if (isOver) stop()
  }
  void begin().catch(() => undefined)
  return () => {
    isOver = true
    stop()
  }
}

/** A part of the frame that has nothing to say at the start. */
export const comesLater = (load: AsyncComponentLoader): Component =>
  defineAsyncComponent({ loader: () => afterFirstPaint().then(load), delay: 60_000 })
