/** How attendance over a quarter or a year is said. */
import {
  notMarked,
  rateOf,
  type AttendanceEntry,
  type AttendanceFigures,
} from '../../../../shared/meetings/year/attendance-sheet.ts'
import {
  LEAVE_KINDS,
  LEAVE_WORDS,
  ROLL_METHOD_WORDS,
  type LeaveKind,
} from '../../../../shared/meetings/mark-words.ts'
import type { Tone } from '../../../ui/words.ts'
import { stateInWords } from '../model/meeting-words.ts'
import { STATE_TONES } from '../model/roll-words.ts'

/** 到会, 迟到, 请假（值班）, 缺席, 未点, 待核定. */
export const entryWord = ({ line }: Pick<AttendanceEntry, 'line'>): string =>
  line.contradiction ? '待核定' : stateInWords(line.state, line.leaveKind)

export const entryTone = ({ line }: Pick<AttendanceEntry, 'line'>): Tone =>
  line.contradiction ? 'amber' : STATE_TONES[line.state]

/** 已补学, 待补学; '' where none is owed. */
export const makeUpWord = ({ isOwed, isMadeUp }: AttendanceEntry): string =>
  isOwed ? (isMadeUp ? '已补学' : '待补学') : ''

/** 67%, or — where nobody should have come. */
export function rateInWords(figures: Pick<AttendanceFigures, 'present' | 'expected'>): string {
  const rate = rateOf(figures)
  return rate === null ? '—' : `${rate}%`
}

/** 值班 2，病 1; '' without leave. */
export const leaveInWords = (leaveByKind: Readonly<Record<LeaveKind, number>>): string =>
  LEAVE_KINDS.filter((kind) => leaveByKind[kind] > 0)
    .map((kind) => `${LEAVE_WORDS[kind]} ${leaveByKind[kind]}`)
    .join('，')

/** 待核定 1 · 未点 2; '' when everything is settled. */
export function openInWords(figures: AttendanceFigures): string {
  const parts = [
    figures.contradictions > 0 ? `待核定 ${figures.contradictions}` : '',
    notMarked(figures) > 0 ? `未点 ${notMarked(figures)}` : '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** The line under a person: 请假 2 · 缺席 1 · 待补学 1, leaving out what is zero. */
export function personInWords(figures: AttendanceFigures): string {
  const { expected, leave, absent, owed, madeUp } = figures
  if (expected === 0) return '没有应到的会'
  const parts = [
    leave > 0 ? `请假 ${leave}` : '',
    absent > 0 ? `缺席 ${absent}` : '',
    owed > madeUp ? `待补学 ${owed - madeUp}` : '',
    openInWords(figures),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '都到了' : parts.join(' · ')
}

/** 王宁 · 点名; who said what where marks contradict each other: 王宁记到会，李想记缺席. '' without a mark. */
export function markedBy({ line }: AttendanceEntry, nameOf: (personId: string) => string): string {
  const [first] = line.heads
  if (first === undefined) return ''
  if (line.contradiction)
    return line.heads
      .map(
        ({ fields }) => `${nameOf(fields.markedBy)}记${stateInWords(fields.state, fields.leaveKind ?? null)}`,
      )
      .join('，')
  return `${nameOf(first.fields.markedBy)} ${ROLL_METHOD_WORDS[first.fields.method]}`
}
