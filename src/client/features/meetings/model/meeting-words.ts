/** How meetings are said on every screen of this slice. */
import { civilDate } from '../../../../shared/civil-time.ts'
import type { Meeting, Sitting } from '../../../../shared/meetings/meeting.ts'
import {
  LEAVE_WORDS,
  ROLL_STATE_WORDS,
  type LeaveKind,
  type RollState,
} from '../../../../shared/meetings/mark-words.ts'
import { clockTime, dayInWords } from '../../../ui/words.ts'

/** 到会, 迟到, 请假（值班）, 缺席, 未点. */
export function stateInWords(state: RollState, leaveKind: LeaveKind | null): string {
  const word = ROLL_STATE_WORDS[state]
  return state === 'leave' && leaveKind !== null ? `${word}（${LEAVE_WORDS[leaveKind]}）` : word
}

export const isSingle = (meeting: Pick<Meeting, 'sittings'>): boolean => meeting.sittings.length === 1

/** 11 月 23 日 周一 20:45; only the clock when it is the meeting's own day. */
export function sittingTime(sitting: Pick<Sitting, 'startsAt'>, date?: string): string {
  const clock = clockTime(sitting.startsAt)
  return civilDate(sitting.startsAt) === date ? clock : `${dayInWords(sitting.startsAt)} ${clock}`
}

/** The line under a meeting: 11 月 23 日 周一 20:45 · 三楼会议室; with several sittings 早班场 08:00、晚班场 20:45. */
export function whenAndWhere(meeting: Pick<Meeting, 'sittings' | 'date'>): string {
  const [first, ...more] = meeting.sittings
  if (first === undefined) return dayInWords(meeting.date)
  if (more.length === 0) return [sittingTime(first), first.place].filter((x) => x !== '').join(' · ')
  const sittings = meeting.sittings.map((s) => `${s.name} ${sittingTime(s, meeting.date)}`)
  return `${dayInWords(meeting.date)} · ${sittings.join('、')}`
}

export const lastStart = (meeting: Pick<Meeting, 'sittings'>): number =>
  Math.max(...meeting.sittings.map((s) => s.startsAt))

/** A roll may be taken from an hour before the sitting begins: people come early, clocks run wrong. */
export const ROLL_OPENS_BEFORE_MS = 3_600_000

export const rollIsOpen = (sitting: Pick<Sitting, 'startsAt'>, now: number): boolean =>
  now >= sitting.startsAt - ROLL_OPENS_BEFORE_MS

/** What is left of a roll: 应到 32 人，还没有点名; 还有 12 人未点，1 人待核定. */
export function rollLeft(roll: { expected: number; open: number; contradictions: number }): string {
  const { expected, open, contradictions } = roll
  if (open === expected && contradictions === 0) return `应到 ${expected} 人，还没有考勤`
  const unmarked = open - contradictions
  const parts = [
    unmarked > 0 ? `还有 ${unmarked} 人未点` : '',
    contradictions > 0 ? `${contradictions} 人待核定` : '',
  ]
  return parts.filter((part) => part !== '').join('，')
}
