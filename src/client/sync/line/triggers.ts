/**
 * What wakes the engine in a browser: the network, the screen, nudges of the endpoint, and a timer that grows slower while
 * nothing changes. What reaches a whole hall at one instant (the network is back, everyone's content moved) is spread by
 * chance; what one person does is not.
 */
import { onlineMs, pollMs } from '../machine/back-off.ts'
import { systemTimers } from '../clock.ts'
import type { WakeReason } from '../machine/core.ts'
import { browserAround, type Surroundings } from './surroundings.ts'
import { createNudges } from './nudges.ts'

export interface TriggerTarget {
  wake(reason: WakeReason): void
  wentOffline(): void
  /** Rounds in a row that brought and took nothing. */
  quietRounds(): number
}

/** Begins to listen. @returns what stops it */
export type Triggers = (target: TriggerTarget) => () => void

export function createTriggers(around: Surroundings): Triggers {
  return (target) => {
    const { timers, random } = around
    const nudges = createNudges({
      open: around.openNudges,
      timers,
      random,
      onNudge: () => target.wake('nudge'),
    })
    let cancelPoll: () => void = () => undefined
    let cancelOnline: () => void = () => undefined
    const poll = (): void => {
      cancelPoll()
      if (!around.isVisible()) return
      cancelPoll = timers.after(pollMs(target.quietRounds(), nudges.isOpen(), random()), () => {
        target.wake('timer')
        poll()
      })
    }
    /** A hidden page keeps no connection open: phones close it anyway, and it costs battery. */
    const follow = (): void => {
      if (around.isVisible()) nudges.open()
      else nudges.close()
      poll()
    }
    const stops = [
      around.on('visibility', () => {
        follow()
        if (around.isVisible()) target.wake('visible')
      }),
      around.on('online', () => {
        cancelOnline()
        cancelOnline = timers.after(onlineMs(random()), () => target.wake('online'))
      }),
      around.on('offline', () => {
        cancelOnline()
        target.wentOffline()
      }),
    ]
    follow()
    return () => {
      nudges.close()
      cancelPoll()
      cancelOnline()
      for (const stop of stops) stop()
    }
  }
}

export const browserTriggers: Triggers = (target) =>
  createTriggers({
    ...browserAround,
    openNudges: typeof EventSource === 'undefined' ? undefined : (path) => new EventSource(path),
    timers: systemTimers,
    random: Math.random,
  })(target)
