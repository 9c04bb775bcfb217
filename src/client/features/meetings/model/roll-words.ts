/** How marks, figures and shifts are said on the pages of a roll. Apart from meeting-words.ts, which the first screen brings. */
import type { ClockDoubt } from '../../../../shared/meetings/clock-doubt.ts'
import { LEAVE_WORDS, ROLL_METHOD_WORDS, type RollState } from '../../../../shared/meetings/mark-words.ts'
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
export const ATTEND_WORDS: Readonly<Record<CanAttend, string>> = {
  yes: '赶得上',
  'on-shift': '正在当班',
  resting: '在休息',
  leave: '在请假',
  unknown: '',
}
