/**
 * The sync machine: a pure function (state, event) -> (state, effects). It holds no records: the queue is on the disk, and
 * only outcomes take anything out of it (storage/outcomes.ts).
 *
 *                      wake                    nothing to send            no more pages
 *      idle ────────────────────▶ pushing ───────────────────▶ pulling ───────────────────▶ idle
 *       ▲                        ▲  │  ▲ │                      │   │
 *       │                 waited │  │  └─┘ more to send         │   └─▶ pulling (more), or pushing when something was
 *       │                 or wake│  │                           │       written meanwhile
 *       │                        │  ▼                           ▼
 *       │                     waiting (back-off, Retry-After)   the same failures as pushing
 *       │                     offline (no answer from the endpoint; back-off, or until the network is back)
 *       │                     needs-sign-in (401)      until signed in; the queue is not touched
 *       │                     needs-update (protocol)  until the app is new
 *       └─ … ◀─ pushing ◀──── renewing-device (forked, another person's id, store restored): a new id, all numbered anew
 *
 * Promises: never two steps at a time; an answer to an older step changes nothing; whoever writes during a round gets
 * another one; no step is repeated without a pause unless the last one made progress.
 */
import { ERRORS, type ErrorCode } from '../../shared/sync/protocol/errors.ts'
import { MAX_MUTATIONS } from '../../shared/sync/protocol/push.ts'

export const FIRST_BACK_OFF_MS = 2_000
export const LONGEST_BACK_OFF_MS = 5 * 60_000
const MAX_RENEWALS = 3
const MAX_RECOUNTS = 3
const MAX_STALE_PAGES = 5

export type Phase =
  | 'idle'
  | 'pushing'
  | 'pulling'
  | 'renewing-device'
  | 'waiting'
  | 'offline'
  | 'needs-sign-in'
  | 'needs-update'

export type WakeReason = 'start' | 'online' | 'visible' | 'write' | 'timer' | 'nudge' | 'asked'

export type Failure =
  /** No answer, or not one of the endpoint (captive portal, cut in the middle). */
  | { kind: 'offline' }
  | { kind: 'refused'; code: ErrorCode; retryAfterMs?: number; field?: string }
  /** The phone's own database. */
  | { kind: 'storage' }

/** Which mutation was sent: another tab may have settled it meanwhile, and then it is not to blame. */
export interface SentMutation {
  n: number
  hash: string
}

export type StepResult =
  | { step: 'push'; sent: number; settled: number }
  | { step: 'pull'; more: boolean; stale: boolean }
  | { step: 'renew' }
  | { step: 'recount' }
  | { step: 'set-aside' }
  /** `sent`: how many mutations the failed request carried; `only`: the one, when it was one. */
  | { step: 'failed'; failure: Failure; sent: number; only?: SentMutation; jitter: number }

export type SyncEvent =
  | { type: 'wake'; reason: WakeReason }
  | { type: 'went-offline' }
  | { type: 'signed-in' }
  | { type: 'waited'; ticket: number }
  | { type: 'step-done'; ticket: number; result: StepResult }

export type Effect =
  | { type: 'push'; ticket: number; limit: number }
  | { type: 'pull'; ticket: number }
  /** A new device id; `restored`: the store is another one, load everything anew and offer again. */
  | { type: 'renew'; ticket: number; restored: boolean }
  /** Ask for the endpoint's counter and number anew what it never got. */
  | { type: 'recount'; ticket: number }
  /** The one mutation of the last request breaks every request: to 需处理 with it. */
  | { type: 'set-aside'; ticket: number; code: ErrorCode; only: SentMutation }
  | { type: 'wait'; ticket: number; delayMs: number }

export interface SyncState {
  phase: Phase
  /** Of the step or pause under way; answers to others are ignored. */
  ticket: number
  /** Something asked for a round while one was running. */
  again: boolean
  /** The endpoint named the pause: nothing may shorten it. */
  mustWait: boolean
  failures: number
  pushLimit: number
  renewals: number
  recounts: number
  stalePages: number
}

export interface Next {
  state: SyncState
  effects: Effect[]
}

export const initialState: SyncState = {
  phase: 'idle',
  ticket: 0,
  again: false,
  mustWait: false,
  failures: 0,
  pushLimit: MAX_MUTATIONS,
  renewals: 0,
  recounts: 0,
  stalePages: 0,
}

export function isRunning(phase: Phase): boolean {
  return phase === 'pushing' || phase === 'pulling' || phase === 'renewing-device'
}

type StepEffect =
  | { type: 'push' }
  | { type: 'pull' }
  | { type: 'recount' }
  | { type: 'renew'; restored: boolean }
  | { type: 'set-aside'; code: ErrorCode; only: SentMutation }

const PHASE_OF_STEP = {
  push: 'pushing',
  pull: 'pulling',
  recount: 'pushing',
  renew: 'renewing-device',
  'set-aside': 'pushing',
} as const satisfies Record<StepEffect['type'], Phase>

function start(state: SyncState, step: StepEffect): Next {
  const ticket = state.ticket + 1
  const effect: Effect =
    step.type === 'push' ? { type: 'push', ticket, limit: state.pushLimit } : { ...step, ticket }
  const again = step.type === 'push' ? false : state.again
  return {
    state: { ...state, phase: PHASE_OF_STEP[step.type], ticket, again, mustWait: false },
    effects: [effect],
  }
}

const stay = (state: SyncState): Next => ({ state, effects: [] })

/** Rests until a wake. A pause under way no longer counts. */
const rest = (state: SyncState, phase: Phase): Next =>
  stay({ ...state, phase, ticket: state.ticket + 1, again: false, mustWait: false })

/** Between half and the whole of the doubled pause, so that phones of one hall do not come back together. */
export function backOffMs(failures: number, jitter: number): number {
  const whole = Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(failures, 20), LONGEST_BACK_OFF_MS)
  return Math.round(whole * (0.5 + jitter / 2))
}

function pause(state: SyncState, phase: 'waiting' | 'offline', jitter: number, retryAfterMs?: number): Next {
  const ownMs = backOffMs(state.failures, jitter)
  const delayMs = Math.min(Math.max(ownMs, retryAfterMs ?? 0), LONGEST_BACK_OFF_MS)
  const ticket = state.ticket + 1
  const mustWait = retryAfterMs !== undefined
  return {
    state: { ...state, phase, ticket, mustWait, failures: state.failures + 1, again: false },
    effects: [{ type: 'wait', ticket, delayMs }],
  }
}

/** Which reasons begin a round from a phase in which the machine rests. */
function begins(state: SyncState, reason: WakeReason): boolean {
  if (state.mustWait) return false
  switch (state.phase) {
    case 'idle':
      return true
    case 'waiting':
    case 'offline':
      // A pause is under way: a write or the timer does not shorten it, a person or a network that is back does.
      return reason !== 'write' && reason !== 'timer'
    case 'needs-sign-in':
    case 'needs-update':
      return reason === 'start' || reason === 'visible' || reason === 'asked'
    default:
      return false
  }
}

function onWake(state: SyncState, reason: WakeReason): Next {
  if (begins(state, reason)) return start(state, { type: 'push' })
  const asksAgain = reason === 'write' || reason === 'nudge' || reason === 'asked'
  return stay(isRunning(state.phase) && asksAgain ? { ...state, again: true } : state)
}

/** The refusal is about one of the mutations, not about the request or who sends it. */
function blamesMutation(failure: { code: ErrorCode; field?: string }, sent: number): boolean {
  if (sent === 0) return false
  if (failure.code === 'body-too-large') return true
  return failure.code === 'bad-request' && (failure.field ?? '').startsWith('mutations')
}

function onRefused(
  state: SyncState,
  failure: Extract<Failure, { kind: 'refused' }>,
  { sent, only, jitter }: Extract<StepResult, { step: 'failed' }>,
): Next {
  const { code, retryAfterMs } = failure
  if (blamesMutation(failure, sent)) {
    if (sent === 1 && only !== undefined) return start(state, { type: 'set-aside', code, only })
    return start({ ...state, pushLimit: Math.max(1, Math.floor(sent / 2)) }, { type: 'push' })
  }
  if (code === 'mutation-gap' && state.recounts < MAX_RECOUNTS)
    return start({ ...state, recounts: state.recounts + 1 }, { type: 'recount' })
  switch (ERRORS[code].action) {
    case 'sign-in':
      return rest(state, 'needs-sign-in')
    case 'update-app':
      return rest(state, 'needs-update')
    case 'renew-device': {
      if (state.renewals >= MAX_RENEWALS) return pause({ ...state, renewals: 0 }, 'waiting', jitter)
      const restored = code === 'epoch-changed'
      return start({ ...state, renewals: state.renewals + 1 }, { type: 'renew', restored })
    }
    default:
      return pause({ ...state, recounts: 0 }, 'waiting', jitter, retryAfterMs)
  }
}

function onFailed(state: SyncState, result: Extract<StepResult, { step: 'failed' }>): Next {
  const { failure, jitter } = result
  if (failure.kind === 'offline') return pause(state, 'offline', jitter)
  if (failure.kind === 'storage') return pause(state, 'waiting', jitter)
  return onRefused(state, failure, result)
}

function onPushed(state: SyncState, sent: number, settled: number): Next {
  if (sent === 0) return start({ ...state, pushLimit: MAX_MUTATIONS }, { type: 'pull' })
  // Answered without an outcome for anything: no progress, so not at once again.
  if (settled === 0) return pause(state, 'waiting', 0)
  const pushLimit = Math.min(state.pushLimit * 2, MAX_MUTATIONS)
  return start({ ...state, failures: 0, recounts: 0, renewals: 0, pushLimit }, { type: 'push' })
}

function onPulled(state: SyncState, more: boolean, stale: boolean): Next {
  if (stale) {
    if (state.stalePages >= MAX_STALE_PAGES) return pause({ ...state, stalePages: 0 }, 'waiting', 0)
    return start({ ...state, stalePages: state.stalePages + 1 }, { type: 'pull' })
  }
  const well = { ...state, failures: 0, stalePages: 0, recounts: 0, renewals: more ? state.renewals : 0 }
  if (state.again) return start(well, { type: 'push' })
  return more ? start(well, { type: 'pull' }) : rest(well, 'idle')
}

function onStepDone(state: SyncState, result: StepResult): Next {
  switch (result.step) {
    case 'push':
      return onPushed(state, result.sent, result.settled)
    case 'pull':
      return onPulled(state, result.more, result.stale)
    case 'renew':
    case 'recount':
    case 'set-aside':
      return start(state, { type: 'push' })
    case 'failed':
      return onFailed(state, result)
  }
}

export function advance(state: SyncState, event: SyncEvent): Next {
  switch (event.type) {
    case 'wake':
      return onWake(state, event.reason)
    case 'went-offline':
      // With a timer all the same: some browsers never say that the network is back.
      return state.phase === 'idle' ? pause(state, 'offline', 0) : stay(state)
    case 'signed-in':
      return isRunning(state.phase) ? stay({ ...state, again: true }) : start(state, { type: 'push' })
    case 'waited': {
      const isOver = event.ticket === state.ticket && !isRunning(state.phase)
      return isOver ? start({ ...state, mustWait: false }, { type: 'push' }) : stay(state)
    }
    case 'step-done':
      return event.ticket === state.ticket && isRunning(state.phase)
        ? onStepDone(state, event.result)
        : stay(state)
  }
}
