/**
 * The shell around core.ts: turns what happens (start, network, a write, a nudge) into events, runs the effects one at a
 * time, and tells screens the phase. It decides nothing.
 */
import { guarded, toTrouble } from '../storage/trouble.ts'
import type { Timers } from './clock.ts'
import {
  advance,
  initialState,
  isRunning,
  type Effect,
  type Held,
  type Phase,
  type StepResult,
  type SyncEvent,
  type WakeReason,
} from './machine/core.ts'
import type { WithLock } from './lock.ts'
import { createPaging } from './paging.ts'
import { askPage, failed, runStep, type Step, type StepParts } from './steps.ts'
import type { Triggers } from './line/triggers.ts'

/** A burst of writes (a roll that is tapped down) goes together. */
export const WRITE_PAUSE_MS = 300

export interface EngineParts extends StepParts {
  timers: Timers
  withLock: WithLock
  /** Absent in tests that call `syncNow` themselves. */
  triggers?: Triggers
  onPhase?: (phase: Phase) => void
  /** Why it goes slowly although the endpoint answers; null: it does not. */
  onHeld?: (held: Held | null) => void
  /** The endpoint no longer knows the session. */
  onSignInNeeded?: () => void
  /** A step broke on the phone itself; it is tried again after a pause. */
  onTrouble?: (trouble: Error) => void
  /** Looks for what is damaged on the disk. @returns whether the next try has a better chance; nobody is told then */
  mend?: (trouble: Error) => Promise<boolean>
}

export interface Engine {
  phase(): Phase
  start(): void
  wake(reason: WakeReason): void
  /** After the person signed in again. */
  signedIn(): void
  /** One round; resolves when the machine rests, however it went. */
  syncNow(): Promise<void>
  /** No step begins any more; resolves when the one under way has ended. */
  stop(): Promise<void>
}

export function createEngine(parts: EngineParts): Engine {
  let state = initialState
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let cancelWait: () => void = () => undefined
  let cancelWrite: () => void = () => undefined
  let stopTriggers: () => void = () => undefined
  let resting: (() => void)[] = []
  /** Rounds in a row that brought and took nothing: the phone then asks less often. */
  let quietRounds = 0
  let hasNews = false
  const paging = createPaging({
    send: (request, limit) => askPage(parts, request, limit),
    pageLimit: parts.pageLimit,
    now: parts.now,
  })

  function noteNews(result: StepResult): void {
    if (result.step === 'push') hasNews ||= result.settled > 0
    if (result.step === 'pull') hasNews ||= result.news === true
  }

  function noteRound(): void {
    quietRounds = hasNews ? 0 : quietRounds + 1
    hasNews = false
  }

  async function runSafely(step: Step): Promise<void> {
    try {
      const result = await parts.withLock(() => guarded(parts.db, () => runStep(parts, step, paging)))
      dispatch({ type: 'step-done', ticket: step.ticket, result })
    } catch (error) {
      const trouble = toTrouble(error)
      if ((await parts.mend?.(trouble)) !== true) parts.onTrouble?.(trouble)
      dispatch({ type: 'step-done', ticket: step.ticket, result: failed(parts, { kind: 'storage' }) })
    }
  }

  function run(effect: Effect): void {
    if (effect.type === 'wait') {
      const { ticket } = effect
      cancelWait = parts.timers.after(effect.delayMs, () => dispatch({ type: 'waited', ticket }))
    } else running = runSafely(effect)
  }

  function dispatch(event: SyncEvent): void {
    if (stopped) {
      release()
      return
    }
    const { phase: before, held: heldBefore } = state
    if (event.type === 'step-done') noteNews(event.result)
    const next = advance(state, event)
    const moved = next.state.ticket !== state.ticket
    state = next.state
    if (moved) cancelWait()
    if (state.held !== heldBefore) parts.onHeld?.(state.held)
    if (state.phase !== before) {
      if (state.phase === 'idle') noteRound()
      parts.onPhase?.(state.phase)
      if (state.phase === 'needs-sign-in') parts.onSignInNeeded?.()
    }
    for (const effect of next.effects) run(effect)
    if (!isRunning(state.phase)) release()
  }

  function release(): void {
    const waiting = resting
    resting = []
    for (const resolve of waiting) resolve()
  }

  function wake(reason: WakeReason): void {
    if (reason !== 'write') {
      dispatch({ type: 'wake', reason })
      return
    }
    paging.noteWrite()
    cancelWrite()
    cancelWrite = parts.timers.after(WRITE_PAUSE_MS, () => dispatch({ type: 'wake', reason }))
  }

  return {
    phase: () => state.phase,
    start() {
      stopTriggers =
        parts.triggers?.({
          wake,
          wentOffline: () => dispatch({ type: 'went-offline', jitter: parts.random() }),
          quietRounds: () => quietRounds,
        }) ?? stopTriggers
      wake('start')
    },
    wake,
    signedIn: () => dispatch({ type: 'signed-in' }),
    syncNow() {
      const rested = new Promise<void>((resolve) => resting.push(resolve))
      dispatch({ type: 'wake', reason: 'asked' })
      return rested
    },
    async stop() {
      stopped = true
      stopTriggers()
      cancelWait()
      cancelWrite()
      await running
      release()
    },
  }
}
