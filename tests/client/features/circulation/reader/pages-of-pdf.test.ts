/** What the reader asks of pdf.js, over a document that answers as pdf.js was seen to. */
import { expect, it, vi } from 'vitest'
import { openPages } from '../../../../../src/client/features/circulation/reader/pdf/pages-of-pdf.ts'
import type { KeptFile } from '../../../../../src/client/storage/files/kept-file.ts'

const opened = vi.hoisted(() => ({ document: {} as object, lost: new Promise<never>(() => undefined) }))
vi.mock('../../../../../src/client/features/circulation/reader/open-pdf.ts', () => ({
  openPdf: async () => ({ ...opened, close: async () => undefined }),
}))

const viewport = { width: 100, height: 140, convertToViewportPoint: (x: number, y: number) => [x, 140 - y] }
const item = (str: string) => ({
  str,
  width: 50,
  height: 10,
  transform: [10, 0, 0, 10, 20, 100],
  hasEOL: false,
})

function documentOf(
  texts: string[][],
  drawing: Promise<unknown> = Promise.resolve(),
  objs: [string, unknown][] = [],
) {
  const told = { asked: 0, cleaned: 0 }
  const page = {
    getViewport: () => viewport,
    getTextContent: async () => ({ items: (texts[told.asked++] ?? []).map(item) }),
    render: () => ({ promise: drawing, cancel: () => undefined }),
    cleanup: () => void told.cleaned++,
    objs,
  }
  opened.document = { numPages: 1, getPage: async () => page }
  return told
}
const firstPage = async () => (await openPages({} as KeptFile)).page(1)

it('asks a page that answers with no words once more, and believes the second answer', async () => {
  const told = documentOf([[], ['值守']])
  expect((await (await firstPage()).words()).map(({ text }) => text)).toEqual(['值守'])
  expect(told.asked).toBe(2)
  const scanned = documentOf([[''], [], ['too late']])
  expect(await (await firstPage()).words()).toEqual([])
  expect(scanned.asked).toBe(2)
})

it('lets go of a page’s pictures as soon as it is drawn, or could not be', async () => {
  const told = documentOf([])
  await (await firstPage()).draw({} as HTMLCanvasElement, 1).promise
  expect(told.cleaned).toBe(1)
  const broken = documentOf([], Promise.reject(new Error('x')))
  await expect((await firstPage()).draw({} as HTMLCanvasElement, 1).promise).rejects.toThrow('x')
  expect(broken.cleaned).toBe(1)
})

it('tells of pictures that pdf.js left out, and of those that are too large', async () => {
  const sound = { bitmap: {}, width: 10, height: 10 }
  documentOf([], undefined, [
    ['img_1', sound],
    ['img_2', null],
    ['img_3', { ...sound, notShown: true }],
  ])
  const { promise } = (await firstPage()).draw({} as HTMLCanvasElement, 1)
  expect(await promise).toEqual(['2 处太大或已损坏的图片'])
  documentOf([], undefined, [['img_1', sound]])
  expect(await (await firstPage()).draw({} as HTMLCanvasElement, 1).promise).toEqual([])
})

it('a file that is lost while it is read fails what was asked, instead of leaving it waiting', async () => {
  let lose: (error: Error) => void = () => undefined
  opened.lost = new Promise((_, reject) => (lose = reject))
  documentOf([], new Promise(() => undefined))
  const file = await openPages({} as KeptFile)
  const drawing = (await file.page(1)).draw({} as HTMLCanvasElement, 1).promise
  lose(new Error('damaged'))
  await expect(drawing).rejects.toThrow('damaged')
  opened.document = { numPages: 1, getPage: () => new Promise(() => undefined) }
  const other = await openPages({} as KeptFile)
  await expect(other.page(1)).rejects.toThrow('damaged')
})
