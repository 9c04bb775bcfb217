// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { PDFDocumentProxy } from '../../../../src/client/features/circulation/reader/open-pdf.ts'
import PdfPage from '../../../../src/client/features/circulation/reader/PdfPage.vue'

afterEach(() => vi.unstubAllGlobals())

const documentSaying = (...texts: string[]) =>
  ({
    getPage: async () => ({
      getViewport: () => ({ width: 100, height: 140 }),
      render: () => ({ promise: Promise.resolve(), cancel: () => undefined }),
      getTextContent: async () => ({ items: texts.map((str) => ({ str, hasEOL: false })) }),
      cleanup: () => undefined,
    }),
  }) as unknown as PDFDocumentProxy

/** Every page is near the screen. */
class Near {
  #tell: (entries: { isIntersecting: boolean }[]) => void
  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    this.#tell = tell
  }
  observe = () => this.#tell([{ isIntersecting: true }])
  disconnect = () => undefined
}

it.each([
  ['its words', ['关于', '值守的通知'], '关于值守的通知'],
  ['that a scanned page has none', [' '], '这一页是图片，没有可朗读的文字'],
])('tells a screen reader %s', async (_, texts, said) => {
  vi.stubGlobal('IntersectionObserver', Near)
  const page = mount(PdfPage, {
    props: { document: documentSaying(...texts), number: 1, width: 300, usualRatio: 1.4, watermark: '' },
  })
  await flushPromises()
  expect(page.get('.visually-hidden').text()).toBe(said)
  page.unmount()
})

it('keeps its picture until the next one is whole', async () => {
  vi.useFakeTimers()
  vi.stubGlobal('IntersectionObserver', Near)
  let finish = () => {}
  const drawings: HTMLCanvasElement[] = []
  const document = {
    getPage: async () => ({
      getViewport: ({ scale }: { scale: number }) => ({ width: 100 * scale, height: 140 * scale }),
      render: ({ canvas }: { canvas: HTMLCanvasElement }) => {
        drawings.push(canvas)
        return { promise: new Promise<void>((resolve) => (finish = resolve)), cancel: () => undefined }
      },
      getTextContent: async () => ({ items: [] }),
      cleanup: () => undefined,
    }),
  } as unknown as PDFDocumentProxy
  const page = mount(PdfPage, { props: { document, number: 1, width: 300, usualRatio: 1.4, watermark: '' } })
  await flushPromises()
  expect(page.find('canvas').exists()).toBe(false)
  finish()
  await flushPromises()
  await page.setProps({ width: 400 })
  await vi.advanceTimersByTimeAsync(300)
  await flushPromises()
  const [before, after] = drawings
  expect(drawings).toHaveLength(2)
  expect(page.get('canvas').element).toBe(before)
  expect(before!.width).toBe(300)
  finish()
  await flushPromises()
  expect(page.get('canvas').element).toBe(after)
  expect(after!.width).toBe(400)
  // A phone has memory for one of them.
  expect(before!.width).toBe(0)
  page.unmount()
  vi.useRealTimers()
})
