// @vitest-environment happy-dom
import { flushPromises as flush, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDrawingTurns } from '../../../../../src/client/features/circulation/reader/pages/drawing-turns.ts'
import PageSheet from '../../../../../src/client/features/circulation/reader/pages/PageSheet.vue'
import type {
  PagedFile,
  Words,
} from '../../../../../src/client/features/circulation/reader/pages/paged-file.ts'

/** A turn to draw comes with the next task. */
async function flushPromises(): Promise<void> {
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(1)
  else await new Promise((resolve) => setTimeout(resolve, 1))
  await flush()
}

/** What the browser tells of each page: near the screen, or far from it. */
const tellers: ((entries: { isIntersecting: boolean }[]) => void)[] = []
class Observer {
  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    tellers.push(tell)
  }
  observe = () => tellers.at(-1)!([{ isIntersecting: true }])
  disconnect = () => undefined
}
beforeEach(() => {
  tellers.length = 0
  vi.stubGlobal('IntersectionObserver', Observer)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const box = { left: 0, top: 0, width: 1, height: 0.1 }
const wordsOf = (...texts: string[]): Words[] => texts.map((text) => ({ text, endsLine: false, box }))

function fileOf(part: {
  words?: Words[]
  height?: number
  draw?: (canvas: HTMLCanvasElement) => Promise<unknown>
  unshown?: string[]
}) {
  const freed: number[] = []
  const file: PagedFile = {
    pages: 1,
    page: async (number) => ({
      width: 100,
      height: part.height ?? 140,
      draw: (canvas) => ({
        promise: Promise.resolve(part.draw?.(canvas)).then(() => part.unshown ?? []),
        cancel: () => undefined,
      }),
      words: async () => part.words ?? [],
      free: () => void freed.push(number),
    }),
    close: async () => undefined,
  }
  return { file, freed }
}
const sheetOf = (file: PagedFile, more: object = {}) =>
  mount(PageSheet, {
    props: {
      file,
      turns: createDrawingTurns(),
      number: 1,
      width: 300,
      usualRatio: 1.4,
      watermark: '',
      ...more,
    },
    attachTo: document.body,
  })

it.each([
  ['its words', ['关于', '值守的通知'], '关于值守的通知'],
  ['that a scanned page has none', [' '], '这一页是图片，没有可朗读的文字'],
])('tells a screen reader %s', async (_, texts, said) => {
  const page = sheetOf(fileOf({ words: wordsOf(...texts) }).file)
  await flushPromises()
  expect(page.get('[role="group"]').attributes('aria-label')).toBe('第 1 页')
  await expect.poll(() => page.get('.visually-hidden').text()).toBe(said)
  page.unmount()
})

it('says on a page what of it is not shown, and nothing on a page that is whole', async () => {
  const part = sheetOf(fileOf({ unshown: ['2 处图片', '批注'] }).file)
  await flushPromises()
  // Beside what is shown, not on it.
  expect(part.get('.unshown').element.contains(part.get('canvas').element)).toBe(false)
  expect(part.get('.face').find('.unshown').exists()).toBe(false)
  expect(part.get('.unshown').text()).toMatch(/^这一页没有显示完整，缺：2 处图片、批注。签字前请看原件/)
  part.unmount()
  const whole = sheetOf(fileOf({}).file)
  await flushPromises()
  expect(whole.find('canvas').exists()).toBe(true)
  expect(whole.find('.unshown').exists()).toBe(false)
  whole.unmount()
})

it('does not call a page a scan that has no words at the first asking', async () => {
  vi.useFakeTimers()
  const { file } = fileOf({})
  let asked = 0
  const one = await file.page(1)
  const words = async () => (++asked < 3 ? [] : wordsOf('值守'))
  const page = sheetOf({ ...file, page: async () => ({ ...one, words }) })
  await flushPromises()
  expect(page.get('.visually-hidden').text()).toBe('')
  await vi.advanceTimersByTimeAsync(1000)
  expect(page.get('.visually-hidden').text()).toBe('值守')
  page.unmount()
})

it('keeps its picture until the next one is whole', async () => {
  vi.useFakeTimers()
  let finish = () => {}
  const drawings: HTMLCanvasElement[] = []
  const { file } = fileOf({
    draw: (canvas) => {
      drawings.push(canvas)
      return new Promise<void>((resolve) => (finish = resolve))
    },
  })
  const page = sheetOf(file)
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
})

it('gives its picture back as soon as it is far from the screen', async () => {
  const drawings: HTMLCanvasElement[] = []
  const { file, freed } = fileOf({ draw: async (canvas) => void drawings.push(canvas) })
  const page = sheetOf(file)
  await flushPromises()
  expect(drawings[0]!.width).toBe(300)
  tellers[0]!([{ isIntersecting: false }])
  await flushPromises()
  expect(drawings[0]!.width).toBe(0)
  expect(page.find('canvas').exists()).toBe(false)
  expect(freed).toEqual([1])
  page.unmount()
})

it('the page before the eye is drawn first, whatever the order in which they are told', async () => {
  const turns = createDrawingTurns()
  const drawn: number[] = []
  for (const distance of [900, 450, 0, 470])
    turns.ask(
      () => distance,
      async () => void drawn.push(distance),
    )
  await flushPromises()
  expect(drawn).toEqual([0, 450, 470, 900])
})

it('a page of another shape than the usual says by how much, so that what is read can stay still', async () => {
  const page = sheetOf(fileOf({ height: 70 }).file)
  await flushPromises()
  expect(page.emitted('resized')?.[0]?.[0]).toBeCloseTo((0.7 - 1.4) * 300)
  page.unmount()
})

it('a page that cannot be drawn says so, and its neighbours are not concerned', async () => {
  const page = sheetOf(fileOf({ draw: () => Promise.reject(new Error('x')) }).file)
  await flushPromises()
  expect(page.text()).toContain('这一页没有显示出来')
  page.unmount()
})
