/** What only a page hears of the browser: whether somebody looks at it, and the network's comings and goings. */
import type { Timers } from '../clock.ts'
import type { NudgeSource } from './nudges.ts'

/** The browser around the page. */
export interface Surroundings {
  isVisible(): boolean
  /** @returns what stops listening */
  on(event: 'visibility' | 'online' | 'offline', run: () => void): () => void
  openNudges: ((path: string) => NudgeSource) | undefined
  timers: Timers
  random: () => number
}

function listen(to: EventTarget, type: string, run: () => void): () => void {
  to.addEventListener(type, run)
  return () => to.removeEventListener(type, run)
}

export const browserAround: Pick<Surroundings, 'isVisible' | 'on'> = {
  isVisible: () => document.visibilityState === 'visible',
  on: (event, run) =>
    event === 'visibility' ? listen(document, 'visibilitychange', run) : listen(window, event, run),
}
