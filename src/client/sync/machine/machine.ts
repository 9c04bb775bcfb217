/**
 * The sync machine's words: phases, events, effects, state, and the four moves that every rule is made of (begin a step,
 * stay, rest, pause). Which of them, when: core.ts.
 */
import type { ErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { MAX_MUTATIONS } from '../../../shared/sync/protocol/push.ts'
import { pauseMs } from './back-off.ts'

export type Phase =
  | 'idle'
  | 'pushing'
  | 'pulling'
  | 'renewing-device'
  | 'waiting'
  | 'offline'
  | 'needs-sign-in'
  | 'needs-update'

/** Why the machine goes slowly although the endpoint answers; a sentence on the screen tells it. */
export type Held = 'renewals'

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
  | { step: 'push'; sent: number; settled: number; jitter?: number }
  /**
   * `news`: the page brought something. `released`: what waited for the end of a reload may be sent now. `dueMs`: until the first of
   * what is held back may be.
   */
  | {
      step: 'pull'
      more: boolean
      stale: boolean
      news?: boolean
      released?: boolean
      dueMs?: number
      jitter?: number
    }
  /** The endpoint took a push without mutations. */
  | { step: 'probe' }
  | { step: 'renew' }
  | { step: 'recount' }
  | { step: 'set-aside' }
  /** `sent`: how many mutations the failed request carried; `only`: the one, when it was one. `at`: the phone's clock. */
  | { step: 'failed'; failure: Failure; sent: number; only?: SentMutation; jitter: number; at?: number }

export type SyncEvent =
  | { type: 'wake'; reason: WakeReason }
  | { type: 'went-offline'; jitter?: number }
  | { type: 'signed-in' }
  | { type: 'waited'; ticket: number }
  | { type: 'step-done'; ticket: number; result: StepResult }

export type Effect =
  | { type: 'push'; ticket: number; limit: number }
  | { type: 'pull'; ticket: number }
  /** A push without mutations: is the endpoint well? */
  | { type: 'probe'; ticket: number }
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
  /** Times (phone's clock) of the last renewals, an hour back. */
  renewedAt: readonly number[]
  recounts: number
  stalePages: number
  /** Pushes in a row that the endpoint broke at. */
  internals: number
  /** What the probe under way is about. */
  suspects: { sent: number; only?: SentMutation } | null
  /** Broke the endpoint alone once; the second time it is set aside. */
  blamed: SentMutation | null
  held: Held | null
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
  renewedAt: [],
  recounts: 0,
  stalePages: 0,
  internals: 0,
  suspects: null,
  blamed: null,
  held: null,
}

export function isRunning(phase: Phase): boolean {
  return phase === 'pushing' || phase === 'pulling' || phase === 'renewing-device'
}

export type StepEffect =
  | { type: 'push' }
  | { type: 'pull' }
  | { type: 'probe' }
  | { type: 'recount' }
  | { type: 'renew'; restored: boolean }
  | { type: 'set-aside'; code: ErrorCode; only: SentMutation }

const PHASE_OF_STEP = {
  push: 'pushing',
  pull: 'pulling',
  probe: 'pushing',
  recount: 'pushing',
  renew: 'renewing-device',
  'set-aside': 'pushing',
} as const satisfies Record<StepEffect['type'], Phase>

export function start(state: SyncState, step: StepEffect): Next {
  const ticket = state.ticket + 1
  const effect: Effect =
    step.type === 'push' ? { type: 'push', ticket, limit: state.pushLimit } : { ...step, ticket }
  const again = step.type === 'push' ? false : state.again
  return {
    state: { ...state, phase: PHASE_OF_STEP[step.type], ticket, again, mustWait: false },
    effects: [effect],
  }
}

export const stay = (state: SyncState): Next => ({ state, effects: [] })

/** Rests until a wake, or until something is due. A pause under way no longer counts. */
export function rest(state: SyncState, phase: Phase, dueMs?: number): Next {
  const ticket = state.ticket + 1
  return {
    state: { ...state, phase, ticket, again: false, mustWait: false },
    effects: dueMs === undefined ? [] : [{ type: 'wait', ticket, delayMs: dueMs }],
  }
}

export function pause(
  state: SyncState,
  phase: 'waiting' | 'offline',
  jitter: number,
  retryAfterMs?: number,
): Next {
  const delayMs = pauseMs(state.failures, jitter, retryAfterMs)
  const ticket = state.ticket + 1
  const mustWait = retryAfterMs !== undefined
  return {
    state: { ...state, phase, ticket, mustWait, failures: state.failures + 1, again: false, suspects: null },
    effects: [{ type: 'wait', ticket, delayMs }],
  }
}
