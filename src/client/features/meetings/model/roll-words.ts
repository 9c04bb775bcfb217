/** How marks, figures and shifts are said on the pages of a roll. Apart from meeting-words.ts, which the first screen brings. */
import type { ClockDoubt } from '../../../../shared/meetings/clock-doubt.ts'
import {
  LEAVE_WORDS,
  ROLL_METHOD_WORDS,
  ROLL_STATE_WORDS,
  type RollState,
} from '../../../../shared/meetings/mark-words.ts'
import type { RuleAnswer } from '../../../../shared/meetings/quorum.ts'
import type { RollMark } from '../../../../shared/meetings/roll-mark.ts'
import type { RollLine, StoredMark } from '../../../../shared/meetings/roll.ts'
import type { CanAttend } from '../../../../shared/org/shifts/shifts.ts'
import { clockTime, type Tone } from '../../../ui/words.ts'
import { stateInWords } from './meeting-words.ts'

export const STATE_TONES: Record<RollState, Tone> = {
  present: 'green',
  late: 'green',
  leave: 'amber',
  absent: 'grey',
  cleared: 'grey',
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

/** How somebody stands in a roll, where they are found one by one: 未点, 已记到会, 记录不一致. */
export const lineInWords = (line: Pick<RollLine, 'state' | 'leaveKind' | 'contradiction'>): string => {
  if (line.contradiction) return '记录不一致'
  return line.state === 'cleared' ? '未点' : `已记${stateInWords(line.state, line.leaveKind)}`
}

/** Behind or before what a roll says of somebody: 早班场已到. Empty where they came to no other sitting. */
export const elsewhereInWords = (sittings: readonly string[] = []): string =>
  sittings.length === 0 ? '' : `${sittings.join('、')}已到`

/** What it means for the whole meeting that somebody came to other sittings as well. */
export function elsewhereMeans(state: RollState, sittings: readonly string[]): string {
  const there = sittings.join('、')
  if (state === 'present' || state === 'late')
    return `在${there}也记了到会。各场的记录都保留，全会实到只算一次。`
  if (state === 'cleared')
    return `在${there}已记到会，全会已算实到。这一场可以不点；人也在这一场的，照记，只算一次。`
  return `在${there}已记到会，全会按到会算。这里的${ROLL_STATE_WORDS[state]}只留在这一场。`
}

/** Said at once, by name, when a mark was made for somebody who came to another sitting. */
export const elsewhereTold = (name: string, state: RollState, sittings: readonly string[]): string =>
  state === 'present' || state === 'late'
    ? `${name}在${sittings.join('、')}也已到，全会只算一次`
    : `${name}在${sittings.join('、')}已到，全会按到会算`

const NAMES_MAX = 6
/** Who came to several sittings: 周敏、李明在几场都记了到会，全会只算一次。 Empty when nobody did. */
export function twiceInWords(names: readonly string[]): string {
  if (names.length === 0) return ''
  const shown = names.slice(0, NAMES_MAX).join('、')
  const who = names.length > NAMES_MAX ? `${shown}等 ${names.length} 人` : shown
  return `${who}在几场都记了到会，全会只算一次。`
}

export const fieldsInWords = (fields: Pick<RollMark, 'state' | 'leaveKind'>): string =>
  stateInWords(fields.state, fields.leaveKind ?? null)

/** Beside a mark whose time cannot be right. */
export const CLOCK_DOUBT_WORDS: Record<ClockDoubt, string> = {
  early: '早于会议，记录人手机的时间可能不准',
  ahead: '晚于送达，记录人手机的时间可能不准',
}

/** 可以表决, or 还差 3 人. */
export const quorumWord = (answer: RuleAnswer): string =>
  answer.holds ? '可以表决' : answer.base === 0 ? '无人可表决' : `还差 ${answer.missing} 人`

/** 实到 11，请假 2, leaving out what is zero. */
export function figuresInWords(figures: { present: number; leave: number; absent: number }): string {
  const { present, leave, absent } = figures
  const parts = [`实到 ${present}`, leave > 0 ? `请假 ${leave}` : '', absent > 0 ? `缺席 ${absent}` : '']
  return parts.filter((part) => part !== '').join('，')
}

/** How a sitting suits the own shift; nothing is said where nobody wrote one. */
const ATTEND_WORDS: Readonly<Record<CanAttend, string>> = {
  yes: '赶得上',
  'on-shift': '正在当班',
  resting: '在休息',
  leave: '在请假',
  unknown: '',
}

/** @param calledAwayAt when the shift begins that the meeting runs into (UTC ms); null: none does */
export const attendInWords = (answer: CanAttend, calledAwayAt: number | null): string =>
  answer === 'on-shift' && calledAwayAt !== null
    ? `${clockTime(calledAwayAt)} 上班，会没开完就要走`
    : ATTEND_WORDS[answer]

/**
 * 12 人未点，其中 4 人按排班不在; 没点的 4 人按排班不在, when nobody else is left; empty when all are marked.
 * @param away of those, who can come to no sitting by the shift roster
 */
export function unmarkedWithReason(unmarked: number, away: number): string {
  if (unmarked === 0) return ''
  if (away === 0) return `${unmarked} 人未点`
  return away === unmarked ? `没点的 ${away} 人按排班不在` : `${unmarked} 人未点，其中 ${away} 人按排班不在`
}
