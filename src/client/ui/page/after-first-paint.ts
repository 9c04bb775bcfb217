/** What the first screen does not show comes when it is there. */
import { defineAsyncComponent, type AsyncComponentLoader, type Component } from 'vue'
import { isAtToday } from './opens-today.ts'

/** A page in the background paints nothing, and one that waits for the network may stay at its bones. */
const LONGEST_WAIT_MS = 3000
const LOOK_MS = 50

/** Of OpeningState, LoadingState and what was last seen: the first screen's words will stand there. */
const BONES = '.skeleton, .loading, .last-seen'
export const isStillComing = (): boolean => document.querySelector(BONES) !== null

/** Of index.html; they look as OpeningState does, or show 今日 as it was last seen. */
const STATIC_BONES = '#bones'
/** What takes longer is drawn as far as it is. What was last seen can be read meanwhile. */
const LONGEST_BEHIND_BONES_MS = 1200
const LONGEST_BEHIND_LAST_SEEN_MS = 8000
const LONGEST_FRAME_MS = 300

/**
 * 今日 grows unseen behind the bones that stand already, and is drawn once, with its words: each state on the way there would
 * cost an old phone a layout and a frame. Every other page is drawn from the beginning, so that it may focus and measure.
 */
export function mountBehindBones(
  mount: () => void,
  root = document.querySelector<HTMLElement>('#app')!,
): void {
  const bones = document.querySelector<HTMLElement>(STATIC_BONES)
  const isSeen = bones?.className === 'last-seen'
  const lift = (): void => {
    growing.disconnect()
    clearTimeout(timer)
    root.hidden = false
    bones?.remove()
    if (!isSeen) return
    // It stands already: nothing fades in, and a tap on it is carried out.
    for (const fading of root.querySelector('.page-in')?.getAnimations() ?? []) fading.cancel()
    root.querySelector<HTMLElement>(`a[href="${bones.dataset['to']}"]`)?.click()
  }
  const growing = new MutationObserver(() => {
    if (root.querySelector('main') !== null && root.querySelector(BONES) === null) lift()
  })
  const timer = setTimeout(lift, isSeen ? LONGEST_BEHIND_LAST_SEEN_MS : LONGEST_BEHIND_BONES_MS)
  const isToday = isAtToday()
  root.hidden = isToday
  if (isToday) growing.observe(root, { childList: true, subtree: true })
  if (isSeen) afterFrame(mount)
  else mount()
  if (!isToday) lift()
}

/** What stands is painted first. A page in the background has no frames. */
function afterFrame(act: () => void): void {
  let isDone = false
  const once = (): void => {
    if (!isDone) act()
    isDone = true
  }
  requestAnimationFrame(() => setTimeout(once, 0))
  setTimeout(once, LONGEST_FRAME_MS)
}

/**
 * The screen can be read: two frames on, what was drawn last is there, and nothing in it waits any more. While bones stand no frame
 * is asked for: a dozen parts of the app wait here, and each frame costs an old phone what the rows need.
 */
export const afterFirstPaint = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, LONGEST_WAIT_MS)
    const look = (): void => {
      if (isStillComing()) setTimeout(look, LOOK_MS)
      else requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(settle, 0)))
    }
    const settle = (): void => (isStillComing() ? look() : resolve())
    setTimeout(look, 0)
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
