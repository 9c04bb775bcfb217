/** Found by what somebody remembers, however they type it. */
import { expect, it } from 'vitest'
import { isFound, textsOf, wordsToFind } from '../../../src/shared/circulation/finding.ts'

const TEXTS = textsOf(['关于做好冬季“延时服务”的通知', '政务办〔2026〕31 号', '市政务服务管理局办公室'])
const finds = (typed: string) => isFound(wordsToFind(typed), TEXTS)

it.each([
  '延时服务',
  '服务 延时',
  '通知 冬季',
  '通知、冬季',
  '政务办〔2026〕31 号',
  '政务办[2026]31号',
  '政务办（2026）31号',
  '政务办(2026) 31',
  '２０２６',
  '31 延时',
  '管理局 31',
  '  延时  ',
  '《延时服务》',
  '',
  '〔〕',
])('found: %s', (typed) => expect(finds(typed)).toBe(true))

it.each(['夏季', '延时 夏季', '政务办〔2025〕31 号', '通知的冬季', '号市'])('not found: %s', (typed) =>
  expect(finds(typed)).toBe(false),
)

it('letters may be large or small, full width or half width', () => {
  expect(isFound(wordsToFind('pdf ａ'), textsOf(['关于 PDF 与 A 类窗口']))).toBe(true)
})
