/** What the first screen does not show comes when it is there. */
import { defineAsyncComponent, type AsyncComponentLoader, type Component } from 'vue'

/** A page in the background paints nothing, and one that waits for the network may stay at its bones. */
const LONGEST_WAIT_MS = 3000
const LOOK_MS = 50

/** Of OpeningState and LoadingState: the first screen's words will stand there. */
const BONES = '.skeleton, .loading'

/** The screen can be read: two frames on, what was drawn last is there, and nothing in it waits any more. */
export const afterFirstPaint = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, LONGEST_WAIT_MS)
    const look = (): void => {
      if (document.querySelector(BONES) === null) resolve()
      else setTimeout(begin, LOOK_MS)
    }
    const begin = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(look, 0)))
    begin()
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
