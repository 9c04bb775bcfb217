/**
 * How long to wait. Pure. The promise: phones that lose the endpoint at one instant, or hear the same word from it, do not
 * come back at one instant; no pause grows beyond its bound.
 */
export const FIRST_BACK_OFF_MS = 10_000
export const LONGEST_BACK_OFF_MS = 5 * 60_000
/** What stands between phone and endpoint must not send the phone away for days. */
export const LONGEST_RETRY_AFTER_MS = 30 * 60_000
const MIN_RETRY_SPREAD_MS = 10_000
const MAX_RETRY_SPREAD_MS = 60_000
const FIRST_RECONNECT_SPREAD_MS = 30_000
const MIN_RECONNECT_MS = 1_000
export const FIRST_POLL_MS = 60_000
export const LONGEST_POLL_MS = 5 * 60_000
/** The network of a hall comes back for all its phones together. */
const ONLINE_SPREAD_MS = 5_000
const NUDGE_SPREAD_MS = 1_500
/** What everyone reads moved: a bureau's phones have heard it together. */
const NUDGE_ALL_SPREAD_MS = 10_000

/** Between a fifth and the whole of the doubled pause, so that phones of one hall do not come back together. */
export function backOffMs(failures: number, jitter: number): number {
  const whole = Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(failures, 20), LONGEST_BACK_OFF_MS)
  return Math.round(whole * (0.2 + jitter * 0.8))
}

/** Never before the moment that the endpoint named, and not all at that moment. */
export function pauseMs(failures: number, jitter: number, retryAfterMs?: number): number {
  const ownMs = backOffMs(failures, jitter)
  if (retryAfterMs === undefined) return ownMs
  const askedMs = Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS)
  const spreadMs = Math.min(Math.max(askedMs / 2, MIN_RETRY_SPREAD_MS), MAX_RETRY_SPREAD_MS)
  return Math.max(ownMs, Math.round(askedMs + jitter * spreadMs))
}

/** Until the connection for nudges is opened again. @param failures in a row, from 0; @param random 0 ≤ x < 1, as everywhere here */
export function reconnectMs(failures: number, random: number): number {
  const spreadMs = Math.min(FIRST_RECONNECT_SPREAD_MS * 2 ** Math.min(failures, 20), LONGEST_BACK_OFF_MS)
  return Math.round(MIN_RECONNECT_MS + random * spreadMs)
}

/**
 * Until the phone asks by itself again: a minute, growing to five while nothing changes, and five at once while nudges come.
 * @param quietRounds rounds in a row that brought and took nothing
 */
export function pollMs(quietRounds: number, hasNudges: boolean, random: number): number {
  const growing = Math.min(FIRST_POLL_MS * 2 ** Math.min(quietRounds, 20), LONGEST_POLL_MS)
  return Math.round((hasNudges ? LONGEST_POLL_MS : growing) * (0.75 + random * 0.5))
}

export const onlineMs = (random: number): number => Math.round(random * ONLINE_SPREAD_MS)

/** @param scopes as the nudge names them, with spaces between; empty when it does not say */
export function nudgeMs(scopes: string, random: number): number {
  const isForAll = scopes === '' || scopes.split(' ').includes('org')
  return Math.round(random * (isForAll ? NUDGE_ALL_SPREAD_MS : NUDGE_SPREAD_MS))
}
