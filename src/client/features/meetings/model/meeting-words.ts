/** How meetings and marks are said on every screen of this slice. */
import { civilDate } from '../../../../shared/civil-time.ts'
import type { ClockDoubt } from '../../../../shared/meetings/clock-doubt.ts'
import type { Meeting, Sitting } from '../../../../shared/meetings/meeting.ts'
import type { RuleAnswer } from '../../../../shared/meetings/quorum.ts'
import type { RollMark } from '../../../../shared/meetings/roll-mark.ts'
import {
  LEAVE_WORDS,
  ROLL_METHOD_WORDS,
  ROLL_STATE_WORDS,
  type LeaveKind,
  type RollState,
} from '../../../../shared/meetings/mark-words.ts'
import type { StoredMark } from '../../../../shared/meetings/roll.ts'
import type { CanAttend } from '../../../../shared/org/shifts.ts'
import { clockTime, dayInWords, type Tone } from '../../../ui/words.ts'

export const STATE_TONES: Record<RollState, Tone> = {
  present: 'green',
  late: 'green',
  leave: 'amber',
  absent: 'grey',
  cleared: 'grey',
}

/** 到会, 迟到, 请假（值班）, 缺席, 未点. */
export function stateInWords(state: RollState, leaveKind: LeaveKind | null): string {
  const word = ROLL_STATE_WORDS[state]
  return state === 'leave' && leaveKind !== null ? `${word}（${LEAVE_WORDS[leaveKind]}）` : word
}

/** The second line of a roll row: 21:02 点名; 迟到 · 21:10; 请假 · 值班. Empty when nobody has marked the person. */
export function markInWords(mark: StoredMark | undefined): string {
  if (mark === undefined || mark.fields.state === 'cleared') return ''
  const { state, leaveKind, method } = mark.fields
  if (state === 'leave') return leaveKind === null ? '请假' : `请假 · ${LEAVE_WORDS[leaveKind]}`
  if (state === 'absent') return '缺席'
  const moment =
    method === 'paper'
      ? ROLL_METHOD_WORDS.paper
      : `${clockTime(mark.observedAt)} ${ROLL_METHOD_WORDS[method]}`
  return state === 'late' ? `迟到 · ${moment}` : moment
}

export const fieldsInWords = (fields: Pick<RollMark, 'state' | 'leaveKind'>): string =>
  stateInWords(fields.state, fields.leaveKind ?? null)

/** Beside a mark whose time cannot be right. */
export const CLOCK_DOUBT_WORDS: Record<ClockDoubt, string> = {
  early: '早于会议，记录人手机的时间可能不准',
  ahead: '晚于送达，记录人手机的时间可能不准',
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

/** 可以表决, or 还差 3 人. */
export const quorumWord = (answer: RuleAnswer): string =>
  answer.holds ? '可以表决' : answer.base === 0 ? '无人可表决' : `还差 ${answer.missing} 人`

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

/** 实到 11，请假 2, leaving out what is zero. */
export function figuresInWords(figures: { present: number; leave: number; absent: number }): string {
  const { present, leave, absent } = figures
  const parts = [`实到 ${present}`, leave > 0 ? `请假 ${leave}` : '', absent > 0 ? `缺席 ${absent}` : '']
  return parts.filter((part) => part !== '').join('，')
}

/** How a sitting suits the own shift; nothing is said where nobody wrote one. */
export const ATTEND_WORDS: Readonly<Record<CanAttend, string>> = {
  yes: '赶得上',
  'on-shift': '正在当班',
  resting: '在休息',
  leave: '在请假',
  unknown: '',
}
