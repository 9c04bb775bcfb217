/** What stands in a cell is there to be read: no line of it lies under the next row. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { cell } from '../../../src/shared/spreadsheet/cells.ts'
import { withHeights } from '../../../src/shared/spreadsheet/row-heights.ts'

const COLUMNS = [{ width: 6 }, { width: 14 }, { width: 30 }]
const heights = (...texts: string[]) =>
  withHeights([texts.map((text) => cell(text))], COLUMNS)[0]!.map((each) => each?.height)

it('a row of single lines is left to the program', () => {
  expect(heights('1', '王芳', '第一党小组、组织委员')).toEqual([undefined, undefined, undefined])
})

it('a long name gives the whole row its lines', () => {
  const [first, ...more] = heights('10', '买买提·阿卜杜热合曼·吐尔逊江', '')
  expect(first).toBe(53)
  expect(more).toEqual([53, 53])
})

it('joined cells are as wide as all of them; breaks that somebody wrote count', () => {
  const said = '应到 22 人，实到 17 人，请假 4 人'
  const joined = [cell(said, { columnSpan: 3 }), null, null]
  expect(withHeights([joined], COLUMNS)[0]![0]!.height).toBeUndefined()
  expect(withHeights([[cell(said)]], COLUMNS)[0]![0]!.height).toBeGreaterThan(100)
  expect(heights('', '', '一\n二\n三')[0]).toBe(53)
})

it('what fills its column to the last figure is one line, and a column that is not shown asks for none', () => {
  expect(heights('每季度', '每季度一次会 1')).toEqual([undefined, undefined])
  expect(heights('', '', '', '0199-0000-7000-8000'.repeat(20))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

it('a row that was higher already stays so, and none is higher than a program allows', () => {
  const tall = [cell('一二三四五六七八', { height: 60 }), cell('文'.repeat(9_000))]
  expect(withHeights([tall.slice(0, 1)], [{ width: 14 }])[0]![0]!.height).toBe(60)
  expect(withHeights([tall], COLUMNS)[0]!.map((each) => each!.height)).toEqual([409, 409])
})

it('more text never makes a lower row, and a wider column never a higher one', () => {
  const height = (text: string, width: number) => withHeights([[cell(text)]], [{ width }])[0]![0]!.height ?? 0
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 4, max: 60 }), (text, more, width) => {
      expect(height(text + more, width)).toBeGreaterThanOrEqual(height(text, width))
      expect(height(text, width + 2)).toBeLessThanOrEqual(height(text, width))
    }),
  )
})
