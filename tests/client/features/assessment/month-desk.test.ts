import { expect, it } from 'vitest'
import {
  freezeQuestion,
  isWholly,
  lackInWords,
  withoutInWords,
} from '../../../../src/client/features/assessment/desk/month-desk.ts'
import {
  daysLeft,
  deadlineInWords,
  monthsBack,
} from '../../../../src/client/features/assessment/month-words.ts'

const unit = (parts = {}) => ({
  unitId: 'b1',
  name: '第一支部',
  members: 5,
  submitted: 5,
  partyDone: 5,
  workDone: 5,
  frozen: 0,
  ...parts,
})

it('the question before 定稿 names what is missing', () => {
  expect(freezeQuestion([unit()])).toMatch(/^两侧都已评完。/)
  expect(freezeQuestion([unit(), unit({ name: '第二支部', partyDone: 3, workDone: 0 })])).toMatch(
    /^第二支部：党建还有 2 人、业务还有 5 人没有完成评分。/,
  )
  expect(freezeQuestion(Array.from({ length: 7 }, () => unit({ workDone: 1 })))).toContain(
    '另有 2 个支部未评完',
  )
})

it('a branch is whole when everyone has a result and both sides were finished', () => {
  expect([unit({ frozen: 5 }), unit({ frozen: 5, workDone: 4 }), unit()].map(isWholly)).toEqual([
    true,
    false,
    false,
  ])
  expect(lackInWords([unit()])).toBe('')
})

it('names whose side has no result', () => {
  expect(withoutInWords([{ personId: 'p', name: '王芳', side: 'work' }])).toBe('王芳（业务）')
})

it('deadlines are civil days in China, whatever the zone of the run', () => {
  const at = (time: string) => Date.parse(time)
  expect(deadlineInWords('2026-11', at('2026-11-22T02:00:00Z'))).toBe('30 日截止')
  expect(deadlineInWords('2026-11', at('2026-11-29T16:00:00Z'))).toBe('今天截止')
  expect(deadlineInWords('2026-11', at('2026-11-30T16:00:00Z'))).toContain('已过截止日')
  expect(daysLeft('2028-02', at('2028-02-27T16:00:00Z'))).toBe(1)
  expect(monthsBack('2026-01', 3)).toEqual(['2026-01', '2025-12', '2025-11'])
})
