/** How a mark stands on 签到表, and the ways in which people write one there. */
import { ROLL_STATE_WORDS, type LeaveKind, type RollState } from '../../../../shared/meetings/mark-words.ts'

const LEAVE_ON_PAPER: Record<LeaveKind, string> = {
  duty: '值班',
  sick: '病假',
  personal: '事假',
  errand: '公差',
}

/** 到会, 请假（病假）, 缺席 */
export function markOnPaper(state: RollState, leaveKind: LeaveKind | null | undefined): string {
  const word = ROLL_STATE_WORDS[state]
  return state === 'leave' && leaveKind ? `${word}（${LEAVE_ON_PAPER[leaveKind]}）` : word
}

/** What may be written, for the line above the table. */
export const MARKS_TO_WRITE = '到会、迟到、请假（值班）、请假（病假）、请假（事假）、请假（公差）、缺席'

/** `leaveKind` null: a leave whose kind nobody wrote. */
export interface PaperMark {
  state: Exclude<RollState, 'cleared'>
  leaveKind: LeaveKind | null
}

const WAYS: Record<Exclude<PaperMark['state'], 'leave'>, readonly string[]> = {
  present: ['到会', '到', '已到', '出席', '参会', '签到', '已签', '已签到', '是', '√', '✓', '✔', '☑'],
  late: ['迟到'],
  absent: ['缺席', '缺', '未到', '没到', '缺勤', '旷会', '否', '×', 'x', '✗', '✘'],
}
const LEAVE_WAYS: Record<LeaveKind, readonly string[]> = {
  duty: ['值班', '当班', '上班', '在岗', '早班', '晚班', '夜班'],
  sick: ['病', '病假'],
  personal: ['事', '事假'],
  errand: ['公差', '公假', '出差', '公出'],
}
const LEAVE = ['请假', '假', '休假']
/** Of a sheet that was printed filled: nobody has said anything yet. */
const NOTHING = ['', '未点', '待核定', '—', '-', '/']

const marks = new Map<string, PaperMark>([
  ...Object.entries(WAYS).flatMap(([state, words]) =>
    words.map((word): [string, PaperMark] => [word, { state: state as PaperMark['state'], leaveKind: null }]),
  ),
  ...LEAVE.map((word): [string, PaperMark] => [word, { state: 'leave', leaveKind: null }]),
  ...Object.entries(LEAVE_WAYS).flatMap(([kind, words]) =>
    words.flatMap((word): [string, PaperMark][] => {
      const mark: PaperMark = { state: 'leave', leaveKind: kind as LeaveKind }
      return [
        [word, mark],
        [`请假${word}`, mark],
      ]
    }),
  ),
])
/** Between the words of a mark: 请假（病假）, 请假·病, 请假 - 病假 are the same. */
const BETWEEN = /[\s()[\]【】·:,，、。—-]/gu

/** @returns null where the cell says nothing, undefined where it says what nobody understands */
export function markFromPaper(written: string): PaperMark | null | undefined {
  const text = written.normalize('NFKC').trim().toLowerCase()
  return NOTHING.includes(text) ? null : marks.get(text.replaceAll(BETWEEN, ''))
}
