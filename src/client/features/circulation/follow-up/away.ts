/** Why somebody can't be asked to sign now, by the shift rosters on this phone: what was not written is not claimed. */
import { civilDate } from '../../../../shared/civil-time.ts'
import { onLeaveUntil, shiftOn, type RosterFacts } from '../../../../shared/org/shifts/shifts.ts'
import { dayInWords } from '../../../ui/words.ts'

export type Away =
  | { kind: 'leave'; until: string; isPastDeadline: boolean }
  | { kind: 'rest' }
  /** At work, by night: reminded then, and not by day. */
  | { kind: 'night' }

export function awayOf(
  rosters: readonly RosterFacts[],
  personId: string,
  deadline: string,
  now: number,
): Away | null {
  const today = civilDate(now)
  const until = onLeaveUntil(rosters, personId, today)
  if (until !== null) return { kind: 'leave', until, isPastDeadline: until >= deadline }
  const kind = shiftOn(rosters, personId, today)?.kind
  return kind === 'rest' || kind === 'night' ? { kind } : null
}

const dateOf = (date: string): string => dayInWords(date).replace(/ 周.$/u, '')

/** 请假中（11 月 30 日止） */
export function awayInWords(away: Away | null): string {
  if (away === null) return ''
  if (away.kind === 'leave') return `请假中（${dateOf(away.until)}止）`
  return away.kind === 'rest' ? '今天休息' : '今天夜班'
}

/** The reason that an officer is offered for 免签 or 代签 of who is still on leave on the last day. */
export const leaveReason = (away: Away | null): string =>
  away?.kind === 'leave' ? `请假至 ${dateOf(away.until)}，截止日还在假期里` : ''
