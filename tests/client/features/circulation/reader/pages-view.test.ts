// @vitest-environment happy-dom
/** Where one stopped, and what cannot be shown. */
import 'fake-indexeddb/auto'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import PagesView from '../../../../../src/client/features/circulation/reader/pages/PagesView.vue'
import type { PagedFile } from '../../../../../src/client/features/circulation/reader/pages/paged-file.ts'
import { keepPlace, readPlace } from '../../../../../src/client/features/circulation/reader/pages/place.ts'
import {
  noteUnshown,
  unshownPartsOf,
} from '../../../../../src/client/features/circulation/reader/unshown/unshown-parts.ts'
import { unshownFiles } from '../../../../../src/client/features/circulation/reader/unshown/unshown-files.ts'
import { placeKey } from '../../../../../src/client/storage/files/blobs.ts'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { keptFileOf, revisionOf, setupPhone, until } from '../fixtures.ts'

const SHA = 'a'.repeat(64)
const HEIGHT = 400
let parts: ReturnType<typeof setupPhone>
let scrolled = 0

class Never {
  observe = () => undefined
  unobserve = () => undefined
  disconnect = () => undefined
}
/** Tells the same of whatever it observes, at once. */
const telling = (entry: object) =>
  class extends Never {
    #tell: (entries: never[], by: never) => void
    constructor(tell: (entries: never[], by: never) => void) {
      super()
      this.#tell = tell
    }
    override observe = () => {
      this.#tell([entry as never], this as never)
      return undefined
    }
  }
/** Every page is on the screen. */
const Near = telling({ isIntersecting: true })
const Sized = telling({ contentRect: { width: 300, height: 0 } })

beforeEach(() => {
  parts = setupPhone()
  scrolled = 0
  vi.stubGlobal('IntersectionObserver', Never)
  vi.stubGlobal('ResizeObserver', Sized)
  vi.spyOn(window, 'scrollBy').mockImplementation(((to: ScrollToOptions | number, y?: number) => {
    scrolled += typeof to === 'number' ? (y ?? 0) : (to.top ?? 0)
  }) as typeof window.scrollBy)
  // Pages one below the other, each of the same height.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    const at = [...document.querySelectorAll('.page')].indexOf(this)
    const top = Math.max(0, at) * HEIGHT - scrolled
    return {
      top,
      bottom: top + HEIGHT,
      height: HEIGHT,
      width: 300,
      left: 0,
      right: 300,
      x: 0,
      y: top,
    } as DOMRect
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

const file = (pages: number): PagedFile => ({
  pages,
  page: async () => ({
    width: 100,
    height: 140,
    draw: () => ({ promise: Promise.resolve([]), cancel: () => undefined }),
    words: async () => [],
    free: () => undefined,
  }),
  close: async () => undefined,
})
const view = (openFile: () => Promise<PagedFile>, sha256 = SHA) =>
  mount(PagesView, {
    props: { file: keptFileOf(new Blob(['x'])), sha256, watermark: '', openFile },
    attachTo: document.body,
    global: { provide: { [phoneKey as symbol]: parts.phone } },
  })
const said = (wrapper: ReturnType<typeof view>) => wrapper.find('.count').attributes('aria-label') ?? ''

it('opens where one stopped in exactly this file, another at its beginning', async () => {
  await keepPlace(parts.db, SHA, { page: 7, share: 0.25 })
  const wrapper = view(async () => file(9))
  await until(() => said(wrapper).startsWith('第 7 页，共 9 页') || said(wrapper).startsWith('第 8 页'))
  expect(scrolled).toBeGreaterThan(6 * HEIGHT)
  expect(scrolled).toBeLessThan(6.5 * HEIGHT)
  wrapper.unmount()
  scrolled = 0
  const other = view(async () => file(9), 'b'.repeat(64))
  await until(() => said(other).startsWith('第 1 页') || said(other).startsWith('第 2 页'))
  expect(scrolled).toBe(0)
  other.unmount()
})

it('keeps the place at once when the app is left, and only page and share', async () => {
  const wrapper = view(async () => file(9))
  await until(() => said(wrapper) !== '')
  scrolled = 3 * HEIGHT + 100
  window.dispatchEvent(new Event('scroll'))
  await new Promise((resolve) => requestAnimationFrame(resolve))
  const put = vi.spyOn(parts.db.meta, 'put')
  window.dispatchEvent(new Event('pagehide'))
  expect(put).toHaveBeenCalledTimes(1)
  await until(async () => (await readPlace(parts.db, SHA)) !== null)
  expect((await parts.db.meta.get(placeKey(SHA)))?.value).toEqual({ page: 4, share: 0.25 })
  wrapper.unmount()
})

it('a place beyond the end, or one that the disk has changed, opens what there is', async () => {
  await keepPlace(parts.db, SHA, { page: 70, share: 0 })
  const wrapper = view(async () => file(2))
  await until(() => said(wrapper).includes('共 2 页'))
  wrapper.unmount()
  await parts.db.meta.put({ key: placeKey(SHA), value: 'damaged' })
  const again = view(async () => file(2))
  await until(() => said(again).includes('共 2 页'))
  again.unmount()
})

it('a file that cannot be shown says why and counts as not here until it is shown', async () => {
  const problem = Object.assign(new Error('这个文件打不开，可能已损坏。请告诉党建科。'), {
    type: 'unreadable-pdf',
  })
  const wrapper = view(() => Promise.reject(problem))
  await until(() => wrapper.text().includes('这个文件打不开'))
  expect([...unshownFiles(parts.phone).value]).toEqual([SHA])
  wrapper.unmount()
  const again = view(async () => file(1))
  await until(() => said(again) !== '')
  expect([...unshownFiles(parts.phone).value]).toEqual([])
  again.unmount()
  await flushPromises()
})

it('goes to the page that is asked for, and says which there are', async () => {
  const wrapper = view(async () => file(9))
  await until(() => said(wrapper) !== '')
  await wrapper.get('.count').trigger('click')
  await until(() => document.querySelector('form.ask') !== null)
  const input = document.querySelector<HTMLInputElement>('form.ask input')!
  const form = document.querySelector<HTMLFormElement>('form.ask')!
  input.value = '12'
  input.dispatchEvent(new Event('input'))
  form.dispatchEvent(new Event('submit'))
  await until(() => document.body.textContent!.includes('请填 1 到 9 之间的页码'))
  input.value = '５'
  input.dispatchEvent(new Event('input'))
  form.dispatchEvent(new Event('submit'))
  await until(() => scrolled > 3.9 * HEIGHT && scrolled < 4.1 * HEIGHT)
  wrapper.unmount()
})

it('notes what could not be shown of a page, over a restart, until the page was shown whole', async () => {
  vi.stubGlobal('IntersectionObserver', Near)
  const missing = new Map([
    [2, ['1 处图片', '1 处图形']],
    [3, ['其余内容']],
  ])
  const drawing = (broken: number): PagedFile => ({
    ...file(4),
    page: async (number) => ({
      ...(await file(4).page(number)),
      draw: () => ({
        promise:
          number === broken ? Promise.reject(new Error('no')) : Promise.resolve(missing.get(number) ?? []),
        cancel: () => undefined,
      }),
    }),
  })
  const noted = () => unshownPartsOf(parts.db, revisionOf(1, SHA))
  const first = view(async () => drawing(4))
  await until(async () => (await noted()).length === 3)
  expect(await noted()).toEqual([
    { file: 0, page: 2, what: '1 处图片、1 处图形' },
    { file: 0, page: 3, what: '其余内容' },
    { file: 0, page: 4, what: '整页' },
  ])
  first.unmount()
  missing.delete(3)
  const again = view(async () => drawing(0))
  await until(async () => (await noted()).length === 1)
  expect(await noted()).toEqual([{ file: 0, page: 2, what: '1 处图片、1 处图形' }])
  again.unmount()
})

it('what can be noted nowhere cannot be signed', async () => {
  await noteUnshown(parts.db, SHA, 1, [])
  vi.spyOn(parts.db.meta, 'put').mockRejectedValue(new DOMException('full', 'QuotaExceededError'))
  vi.stubGlobal('IntersectionObserver', Near)
  const page = {
    ...(await file(1).page(1)),
    draw: () => ({ promise: Promise.resolve(['整页']), cancel: () => undefined }),
  }
  const wrapper = view(async () => ({ ...file(1), page: async () => page }))
  await until(() => unshownFiles(parts.phone).value.has(SHA))
  wrapper.unmount()
})
