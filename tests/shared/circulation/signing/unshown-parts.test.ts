import { expect, it } from 'vitest'
import {
  seenElsewhereInWords,
  unshownLines,
} from '../../../../src/shared/circulation/signing/unshown-parts.ts'

const part = (file: number, page: number, what: string) => ({ file, page, what })

it('names each file and page once, however many there are', () => {
  expect(unshownLines([])).toEqual([])
  expect(
    unshownLines([part(0, 3, '整页'), part(0, 5, '整页'), part(0, 6, '一张图片'), part(2, 0, '三处图形')]),
  ).toEqual(['正文第 3、5 页：整页', '正文第 6 页：一张图片', '附件 2：三处图形'])
  const many = Array.from({ length: 12 }, (_, at) => part(0, at + 1, '整页'))
  expect(unshownLines(many)).toEqual(['正文第 1、2、3、4、5、6、7、8、9、10 页等 12 页：整页'])
})

it('says of a sign-off what its signer declared, and nothing of one without', () => {
  expect(seenElsewhereInWords({})).toBe('')
  expect(seenElsewhereInWords({ seenElsewhere: [part(1, 2, '整页')] })).toBe(
    '签字的设备没有显示完整（附件 1 第 2 页：整页），签字人声明已另行看过原件',
  )
})
