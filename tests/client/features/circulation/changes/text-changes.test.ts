/** The comparison against random texts: both come back from it, it is small for a small change, and its work has a bound. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortestEdit } from '../../../../../src/client/features/circulation/changes/shortest-edit.ts'
import {
  compareTexts,
  paragraphsOf,
  textsOf,
  type Change,
} from '../../../../../src/client/features/circulation/changes/text-changes.ts'

const compared = (before: string, after: string): Change[] => {
  const result = compareTexts(before, after)
  if (result.type !== 'compared') throw new Error(result.type)
  return result.changes
}

/** Few signs, so that there is much in common; among them what a split could tear. */
const line = fc.string({
  unit: fc.constantFrom('一', '二', '三', '，', '1', 'a', ' ', '𠮷', '。'),
  maxLength: 12,
})
const text = fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n'))

describe('the comparison of two texts', () => {
  it('gives both texts back', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(textsOf(compared(before, after))).toEqual({
          before: paragraphsOf(before),
          after: paragraphsOf(after),
        })
      }),
      { numRuns: 2000 },
    )
  })

  it('finds the shortest way: as many edits as the longest common row leaves', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
    fc.assert(
      fc.property(items, items, (before, after) => {
        const runs = shortestEdit(before, after, { steps: 1e6 })!
        const edits = runs.filter((r) => r.kind !== 'same').reduce((sum, r) => sum + r.items.length, 0)
        expect(edits).toBe(before.length + after.length - 2 * longestCommon(before, after))
      }),
      { numRuns: 1000 },
    )
  })

  it('says nothing has changed where only form or blank lines did', () => {
    const changes = compared('# 通知\r\n\r\n**各窗口**：\n', '通知\n\n\n各窗口：')
    expect(changes.map(({ kind }) => kind)).toEqual(['same', 'same'])
  })

  it('tells a changed paragraph word by word, a new one and a removed one whole', () => {
    const before = '关于延时服务的通知\n窗口延时服务到 17:30，由值班长安排。\n本通知自印发之日起施行。'
    const after =
      '关于延时服务的通知\n窗口延时服务到 18:00，由值班长安排。\n周末照常。\n本通知自印发之日起施行。'
    expect(compared(before, after)).toEqual([
      { kind: 'same', text: '关于延时服务的通知' },
      {
        kind: 'changed',
        parts: [
          { kind: 'same', text: '窗口延时服务到 ' },
          { kind: 'removed', text: '17:30' },
          { kind: 'added', text: '18:00' },
          { kind: 'same', text: '，由值班长安排。' },
        ],
      },
      { kind: 'added', text: '周末照常。' },
      { kind: 'same', text: '本通知自印发之日起施行。' },
    ])
  })

  it('does not make one paragraph of two that have little in common', () => {
    const changes = compared('值班安排另行通知。', '请各支部于周五前报送名单，逾时请说明原因。')
    expect(changes.map(({ kind }) => kind)).toEqual(['removed', 'added'])
  })

  it('notices another picture under the same words', () => {
    const kinds = compared('![图](aaaaaaaa11111111)', '![图](bbbbbbbb22222222)').map(({ kind }) => kind)
    expect(kinds).not.toContain('same')
  })

  it('says that it is too much instead of working on: two long texts without anything in common', () => {
    const row = (n: number, mark: string) => Array.from({ length: n }, (_, at) => `${mark}${at}`).join('\n')
    expect(compareTexts(row(20_000, '甲'), row(20_000, '乙')).type).toBe('too-much')
    expect(compareTexts('字'.repeat(700_000), '').type).toBe('too-much')
  })

  it('compares a long text of which little has changed', () => {
    const lines = Array.from({ length: 5000 }, (_, at) => `第 ${at} 条 ${'内容'.repeat(20)}`)
    const after = lines.map((words, at) => (at % 100 === 7 ? words.replace('内容', '事项') : words))
    const changes = compared(lines.join('\n'), after.join('\n'))
    expect(changes.filter(({ kind }) => kind === 'changed')).toHaveLength(50)
    expect(textsOf(changes).after).toEqual(after)
  })
})

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const best = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i]![j] = a[i] === b[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!)
  return best[0]![0]!
}
