/**
 * The sync machine: a pure function (state, event) -> (state, effects). It holds no records: the queue is on the disk, and
 * only outcomes take anything out of it (storage/outbox/outcomes.ts).
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
 *       │                     needs-update (protocol)  until the app or the endpoint is new; what is written is offered
 *       └─ … ◀─ pushing ◀──── renewing-device (forked, another person's id, store restored): a new id, all numbered anew
 *
 * idle also wakes by itself, when what was held back is due.
 *
 * A batch that the endpoint breaks at (`internal`) is tried three times; then an empty push asks whether the endpoint is
 * well, and if it is, the batch is halved until one mutation is left, which goes to 需处理. An endpoint that is ill for
 * everything is waited for, and nothing is blamed.
 *
 * Promises: never two steps at a time; an answer to an older step changes nothing; whoever writes during a round gets
 * another one; no step is repeated without a pause unless the last one made progress; nothing is retried without a bound;
 * phones that lose the endpoint at one instant do not come back at one instant.
 */
import { MAX_MUTATIONS } from '../../../shared/sync/protocol/push.ts'
import {
  isRunning,
  pause,
  rest,
  start,
  stay,
  type Next,
  type StepResult,
  type SyncEvent,
  type SyncState,
  type WakeReason,
} from './machine.ts'
import { onProbed, onRefused } from './refused.ts'

export { backOffMs, FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS } from './back-off.ts'
export { initialState, isRunning } from './machine.ts'
export type {
  Effect,
  Failure,
  Held,
  Next,
  Phase,
  SentMutation,
  StepResult,
  SyncEvent,
  SyncState,
  WakeReason,
} from './machine.ts'

const MAX_STALE_PAGES = 5

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
      return reason === 'start' || reason === 'visible' || reason === 'asked'
    case 'needs-update':
      // By the timer too: it may be the endpoint that is old, and nobody tells the phone when it is new. By a write: an
      // endpoint takes pushes of an app that is too old to pull.
      return reason !== 'online' && reason !== 'nudge'
    default:
      return false
  }
}

function onWake(state: SyncState, reason: WakeReason): Next {
  if (begins(state, reason)) return start(state, { type: 'push' })
  const asksAgain = reason === 'write' || reason === 'nudge' || reason === 'asked'
  return stay(isRunning(state.phase) && asksAgain ? { ...state, again: true } : state)
}

function onFailed(state: SyncState, result: Extract<StepResult, { step: 'failed' }>): Next {
  const { failure, jitter } = result
  if (failure.kind === 'offline') return pause(state, 'offline', jitter)
  if (failure.kind === 'storage') return pause(state, 'waiting', jitter)
  return onRefused(state, failure, result)
}

function onPushed(state: SyncState, result: Extract<StepResult, { step: 'push' }>): Next {
  const { sent, settled } = result
  if (sent === 0)
    return start({ ...state, pushLimit: MAX_MUTATIONS, internals: 0, blamed: null }, { type: 'pull' })
  // Answered without an outcome for anything: no progress, so not at once again.
  if (settled === 0) return pause(state, 'waiting', result.jitter ?? 0)
  const pushLimit = Math.min(state.pushLimit * 2, MAX_MUTATIONS)
  return start({ ...state, failures: 0, recounts: 0, held: null, pushLimit }, { type: 'push' })
}

function onPulled(state: SyncState, result: Extract<StepResult, { step: 'pull' }>): Next {
  if (result.stale) {
    if (state.stalePages >= MAX_STALE_PAGES)
      return pause({ ...state, stalePages: 0 }, 'waiting', result.jitter ?? 0)
    return start({ ...state, stalePages: state.stalePages + 1 }, { type: 'pull' })
  }
  const well: SyncState = { ...state, failures: 0, stalePages: 0, recounts: 0, held: null }
  if (state.again || result.released === true) return start(well, { type: 'push' })
  return result.more ? start(well, { type: 'pull' }) : rest(well, 'idle', result.dueMs)
}

function onStepDone(state: SyncState, result: StepResult): Next {
  switch (result.step) {
    case 'push':
      return onPushed(state, result)
    case 'pull':
      return onPulled(state, result)
    case 'probe':
      return onProbed(state)
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
      return state.phase === 'idle' ? pause(state, 'offline', event.jitter ?? 0) : stay(state)
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
