/**
 * What the machine does when the endpoint refuses a request: by the error table, with a bound for everything. What is to
 * blame is set aside with its data, never skipped and never lost.
 */
import { ERRORS, type ErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { pause, rest, start, type Failure, type Next, type StepResult, type SyncState } from './machine.ts'

const MAX_RECOUNTS = 3
/** So often a batch is sent that the endpoint answers with `internal`, before it is asked whether the batch is to blame. */
export const MAX_INTERNALS = 3
export const MAX_RENEWALS_PER_HOUR = 5
const HOUR_MS = 3_600_000

/** The refusal is about one of the mutations, not about the request or who sends it. */
function blamesMutation(failure: { code: ErrorCode; field?: string }, sent: number): boolean {
  if (sent === 0) return false
  if (failure.code === 'body-too-large') return true
  return failure.code === 'bad-request' && (failure.field ?? '').startsWith('mutations')
}

/** Three tries with pauses; then it is told apart whether the endpoint is ill or the batch. */
function onInternal(state: SyncState, { sent, only, jitter }: Extract<StepResult, { step: 'failed' }>): Next {
  const internals = state.internals + 1
  if (internals < MAX_INTERNALS) return pause({ ...state, internals }, 'waiting', jitter)
  const suspects = only === undefined ? { sent } : { sent, only }
  return start({ ...state, internals, suspects }, { type: 'probe' })
}

/** The endpoint is well, so it is the batch: half of it, and at last the one, after it was tried once more. */
export function onProbed(state: SyncState): Next {
  const { suspects, blamed } = state
  const cleared = { ...state, suspects: null }
  if (suspects === null) return start(cleared, { type: 'push' })
  const { sent, only } = suspects
  if (sent > 1 || only === undefined)
    return start({ ...cleared, pushLimit: Math.max(1, Math.floor(sent / 2)) }, { type: 'push' })
  if (blamed?.hash !== only.hash) return pause({ ...cleared, blamed: only, pushLimit: 1 }, 'waiting', 0.5)
  return start(
    { ...cleared, blamed: null, internals: 0, failures: 0 },
    { type: 'set-aside', code: 'internal', only },
  )
}

/** @param at the phone's clock; one that jumps makes the hour longer or shorter, never endless */
function onRenewal(state: SyncState, restored: boolean, at: number, jitter: number): Next {
  const renewedAt = state.renewedAt.filter((before) => Math.abs(at - before) < HOUR_MS)
  if (renewedAt.length >= MAX_RENEWALS_PER_HOUR)
    return pause({ ...state, renewedAt, held: 'renewals' }, 'waiting', jitter)
  return start({ ...state, renewedAt: [...renewedAt, at] }, { type: 'renew', restored })
}

export function onRefused(
  state: SyncState,
  failure: Extract<Failure, { kind: 'refused' }>,
  result: Extract<StepResult, { step: 'failed' }>,
): Next {
  const { sent, only, jitter } = result
  const { code, retryAfterMs } = failure
  if (blamesMutation(failure, sent)) {
    if (sent === 1 && only !== undefined) return start(state, { type: 'set-aside', code, only })
    return start({ ...state, pushLimit: Math.max(1, Math.floor(sent / 2)) }, { type: 'push' })
  }
  if (code === 'internal' && sent > 0) return onInternal(state, result)
  if (code === 'mutation-gap' && state.recounts < MAX_RECOUNTS)
    return start({ ...state, recounts: state.recounts + 1 }, { type: 'recount' })
  switch (ERRORS[code].action) {
    case 'sign-in':
      return rest(state, 'needs-sign-in')
    case 'update-app':
      // What was written while the page was asked for may still be taken; a push that is refused itself is not repeated.
      if (state.phase === 'pulling' && state.again) return start(state, { type: 'push' })
      return rest(state, 'needs-update')
    case 'renew-device':
      return onRenewal(state, code === 'epoch-changed', result.at ?? 0, jitter)
    default:
      return pause({ ...state, recounts: 0 }, 'waiting', jitter, retryAfterMs)
  }
}
