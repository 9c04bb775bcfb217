/**
 * A phone whose clock is wrong by hours or days still takes a roll: what supersedes what is said by the marks themselves, and
 * rights are judged by the endpoint's clock. Only the times that are shown are doubtful, and that is said.
 */
import { DAY_MS } from '../civil-time.ts'

/** A roll opens an hour before, people and clocks are slow: more than this before the sitting is no roll of it. */
const BEFORE_MS = DAY_MS / 2
/** Phone and endpoint may disagree by so much without anybody being wrong. */
const APART_MS = 15 * 60_000

/** 'early': before its sitting could be. 'ahead': later than the moment at which the endpoint received it. */
export type ClockDoubt = 'early' | 'ahead'

export function clockDoubtOf(
  mark: { observedAt: number; receivedAt: number | null },
  startsAt: number,
): ClockDoubt | null {
  if (mark.receivedAt !== null && mark.observedAt > mark.receivedAt + APART_MS) return 'ahead'
  return mark.observedAt < startsAt - BEFORE_MS ? 'early' : null
}

/** This phone's own clock against the endpoint's, as far as they have met. @param offset endpoint's minus phone's (ms) */
export const isClockWrong = (offset: number | undefined): boolean => Math.abs(offset ?? 0) > APART_MS
