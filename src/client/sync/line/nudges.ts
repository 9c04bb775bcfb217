/**
 * The endpoint's nudges ("scope X moved"), while somebody looks at the screen.
 *
 *      closed ── visible ──▶ opening ──▶ open ── moved, look ──▶ a wake, after a moment of chance
 *                               ▲          │ error, or silence after heartbeats
 *                               └── pause ─┘ grows with each failure, by chance
 *
 * The browser's own reconnection is not used: it is immediate, and after a restart a bureau's phones would come at one
 * instant. What may have been missed in between is asked for once the connection is back.
 */
import { nudgeMs, reconnectMs } from '../machine/back-off.ts'
import type { Timers } from '../clock.ts'

/** A connection that lasted so long is well: the next failure is the first. */
const WELL_AFTER_MS = 60_000
/** The endpoint's heart beats every 25 s; a connection that lies dead behind a proxy says nothing at all. */
const SILENCE_MS = 80_000
const PATH = '/api/live'

/** What of EventSource is used. */
export interface NudgeSource {
  addEventListener(type: string, run: (event: { data?: unknown }) => void): void
  close(): void
}

export interface NudgeParts {
  /** undefined: this browser has none; polling alone then. */
  open: ((path: string) => NudgeSource) | undefined
  timers: Timers
  /** 0 ≤ x < 1 */
  random: () => number
  onNudge: () => void
}

export interface Nudges {
  open(): void
  close(): void
  isOpen(): boolean
}

export function createNudges({ open: openSource, timers, random, onNudge }: NudgeParts): Nudges {
  let source: NudgeSource | undefined
  let isWell = false
  let failures = 0
  const noTimer = (): void => undefined
  let cancelRetry = noTimer
  let cancelWell = noTimer
  let cancelSilence = noTimer
  let isNudgeDue = false
  let cancelNudge = noTimer

  function nudge(scopes: string): void {
    if (isNudgeDue) return
    isNudgeDue = true
    cancelNudge = timers.after(nudgeMs(scopes, random()), () => {
      isNudgeDue = false
      onNudge()
    })
  }

  function drop(): void {
    source?.close()
    source = undefined
    isWell = false
    cancelRetry()
    cancelWell()
    cancelSilence()
  }

  function fail(): void {
    drop()
    const delayMs = reconnectMs(failures, random())
    failures += 1
    cancelRetry = timers.after(delayMs, connect)
  }

  function connect(): void {
    if (openSource === undefined) return
    const mine = openSource(PATH)
    source = mine
    const hear = (type: string, run: (data: string) => void) =>
      mine.addEventListener(type, ({ data }) => {
        if (source === mine) run(typeof data === 'string' ? data : '')
      })
    hear('open', () => {
      if (isWell) return
      isWell = true
      if (failures > 0) nudge('')
      cancelWell = timers.after(WELL_AFTER_MS, () => (failures = 0))
    })
    hear('moved', nudge)
    hear('look', nudge)
    hear('beat', () => {
      cancelSilence()
      cancelSilence = timers.after(SILENCE_MS, fail)
    })
    hear('error', fail)
  }

  return {
    open() {
      if (source !== undefined) return
      cancelRetry()
      // After failures a tab that is shown again, and again, does not ask faster.
      if (failures === 0) connect()
      else cancelRetry = timers.after(reconnectMs(failures - 1, random()), connect)
    },
    close() {
      drop()
      cancelNudge()
      isNudgeDue = false
    },
    isOpen: () => isWell,
  }
}
