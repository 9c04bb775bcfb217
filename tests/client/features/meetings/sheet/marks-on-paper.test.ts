/** What people write for a mark, and what the app prints: both are understood, nothing else is guessed. */
import { expect, it } from 'vitest'
import { LEAVE_KINDS } from '../../../../../src/shared/meetings/mark-words.ts'
import {
  markFromPaper,
  markOnPaper,
  MARKS_TO_WRITE,
} from '../../../../../src/client/features/meetings/sheet/marks-on-paper.ts'

it('understands each mark as the app writes it, and each that it asks for', () => {
  for (const state of ['present', 'late', 'absent'] as const)
    expect(markFromPaper(markOnPaper(state, null))).toEqual({ state, leaveKind: null })
  for (const leaveKind of [null, ...LEAVE_KINDS])
    expect(markFromPaper(markOnPaper('leave', leaveKind))).toEqual({ state: 'leave', leaveKind })
  for (const word of MARKS_TO_WRITE.split('、')) expect(markFromPaper(word)).toBeTruthy()
})
it.each([
  [' 到 ', 'present', null],
  ['√', 'present', null],
  ['×', 'absent', null],
  ['X', 'absent', null],
  ['迟 到', 'late', null],
  ['请假(病)', 'leave', 'sick'],
  ['请假－病假', 'leave', 'sick'],
  ['病假', 'leave', 'sick'],
  ['请假：夜班', 'leave', 'duty'],
  ['出差', 'leave', 'errand'],
])('%s', (written, state, leaveKind) => expect(markFromPaper(written)).toEqual({ state, leaveKind }))
it.each(['', '  ', '未点', '待核定', '-', '—', '/'])('“%s” says nothing', (written) =>
  expect(markFromPaper(written)).toBeNull(),
)
it.each(['补学', '大概到了', '到会？', '1', '请假（产）', 'constructor', '迟到早退'])(
  '“%s” is not guessed',
  (written) => expect(markFromPaper(written)).toBeUndefined(),
)
