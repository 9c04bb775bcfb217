// @vitest-environment happy-dom
// First: Dexie looks for the global once, and liveQuery stays silent without it.
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { percentOf, type ChapterRow } from '../../../../src/client/features/books/chapters.ts'
import { neighboursOf } from '../../../../src/client/features/books/chapter-places.ts'
import { keepingOf } from '../../../../src/client/features/books/keeping.ts'
import { bookKeeperOf, keepBooks } from '../../../../src/client/features/books/book-keeper.ts'
import { routes } from '../../../../src/client/features/books/books.routes.ts'
import { todayItems } from '../../../../src/client/features/books/books.today.ts'
import { offlineProblem } from '../../../../src/client/remote/call.ts'
import { readActor } from '../../../../src/client/storage/actor.ts'
import type { FetchBlob } from '../../../../src/client/storage/files/blobs.ts'
import { busyReasons } from '../../../../src/client/ui/page/busy.ts'
import type { TodayPhone } from '../../../../src/client/ui/today.ts'
import { readingPositionId } from '../../../../src/shared/books/marks.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import { buttonSaying, ME, NOW, openPage, setupPhone, type TestPhone } from '../lessons/fake-phone.ts'

// happy-dom is no DOM that DOMPurify supports.
vi.mock('dompurify', () => ({ default: { sanitize: (html: string) => html } }))

const bytesOf = (index: number) =>
  new TextEncoder().encode(`章 ${index} 一段\n\n章 ${index} 二段\n\n章 ${index} 三段`)
const bytesBySha = new Map([0, 1, 2].map((index) => [sha256Hex(bytesOf(index)), bytesOf(index)]))

let phone: TestPhone
let isOnline = true
let asked: string[] = []
/** What an update had to wait for, whenever a file was asked for. */
let heldBack: string[] = []
let close = () => undefined as void
const fetchBlob: FetchBlob = (sha256) => {
  const bytes = bytesBySha.get(sha256)
  asked.push(sha256)
  heldBack.push(...busyReasons.value)
  if (!isOnline || bytes === undefined) return Promise.reject(offlineProblem())
  return Promise.resolve({ bytes, mime: 'text/markdown' })
}
const open = async (address: string) => {
  const page = await openPage(phone, routes, address)
  close = page.close
  return page
}

beforeEach(async () => {
  isOnline = true
  asked = []
  heldBack = []
  phone = setupPhone(fetchBlob)
  await phone.give('book', 'k1', {
    title: '明辨笃行',
    subtitle: '',
    description: '',
    edition: '2026 年版',
    order: 0,
    withdrawn: false,
  })
  for (const index of [0, 1, 2])
    await phone.give('book-chapter', `h${index}`, {
      bookId: 'k1',
      order: index,
      title: `第 ${index} 章`,
      level: 1,
      sha256: sha256Hex(bytesOf(index)),
      sizeBytes: bytesOf(index).length,
      paragraphs: 3,
    })
})
afterEach(() => {
  close()
  document.body.innerHTML = ''
})
const place = (chapterId: string, paragraph: number) =>
  phone.give('reading-position', readingPositionId(ME.id, 'k1'), {
    personId: ME.id,
    bookId: 'k1',
    chapterId,
    paragraph,
  })

describe('places in a book', () => {
  const chapters = [4, 6].map((paragraphs, order): ChapterRow => ({
    id: `c${order}`,
    fields: { bookId: 'k', order, title: '', level: 1, sha256: `s${order}`, sizeBytes: 10, paragraphs },
  }))
  it('are a share of all paragraphs', () => {
    expect(percentOf(chapters, 'c0', 0)).toBe(10)
    expect(percentOf(chapters, 'c1', 0)).toBe(50)
    expect(percentOf(chapters, 'c1', 99)).toBe(100)
    expect(percentOf(chapters, 'gone', 3)).toBe(0)
  })
  it('have neighbours', () => {
    expect(neighboursOf(chapters, 'c0')).toEqual({ previous: undefined, next: chapters[1] })
  })
  it('count what is on the phone', () => {
    expect(keepingOf(chapters, new Set(['s1']))).toEqual({
      chapters: 2,
      keptChapters: 1,
      sizeBytes: 20,
      keptBytes: 10,
    })
  })
})

describe('离线保存', () => {
  it('keeps what has come when the network goes, goes on with what is missing, and can be removed', async () => {
    await phone.blobs.keep(sha256Hex(bytesOf(0)))
    isOnline = false
    await open('/books')
    await eventually(() => expect(document.body.textContent).toContain('已存 1 / 3 章'))
    buttonSaying('接着保存')?.click()
    await eventually(() =>
      expect(document.body.textContent).toContain('现在没有网络，已存下的章节都在，连上后自动接着保存'),
    )
    isOnline = true
    asked = []
    buttonSaying('接着保存')?.click()
    await eventually(() => expect(document.body.textContent).toContain('已备好'))
    expect(asked).toEqual([1, 2].map((index) => sha256Hex(bytesOf(index))))
    buttonSaying('移除')?.click()
    await eventually(() =>
      expect([...document.querySelectorAll('[role=alertdialog] button')]).toHaveLength(2),
    )
    document.querySelector<HTMLButtonElement>('[role=alertdialog] button:last-child')?.click()
    await eventually(async () => expect(await phone.db.blobs.count()).toBe(0))
  })
  it('goes on by itself when the network is back, and after a restart; an update waits for it', async () => {
    isOnline = false
    const stopFirst = keepBooks(phone.phone)
    await bookKeeperOf(phone.phone).start('k1')
    expect(await phone.db.blobs.count()).toBe(0)
    isOnline = true
    window.dispatchEvent(new Event('online'))
    await eventually(async () => expect(await phone.db.blobs.count()).toBe(3))
    expect(heldBack).toContain('离线保存')
    await eventually(() => expect(busyReasons.value).toEqual([]))
    await phone.db.blobs.clear()
    isOnline = false
    await bookKeeperOf(phone.phone).start('k1')
    stopFirst()
    isOnline = true
    const stopSecond = keepBooks(phone.phone)
    await eventually(async () => expect(await phone.db.blobs.count()).toBe(3))
    stopSecond()
  })
  it('does not go on with what was stopped or has come', async () => {
    isOnline = false
    await bookKeeperOf(phone.phone).start('k1')
    await bookKeeperOf(phone.phone).stop('k1')
    isOnline = true
    asked = []
    await bookKeeperOf(phone.phone).wake()
    expect(asked).toEqual([])
    await bookKeeperOf(phone.phone).start('k1')
    await phone.db.blobs.clear()
    await bookKeeperOf(phone.phone).wake()
    expect(await phone.db.blobs.count()).toBe(0)
  })
})

it('each act on a book says which book', async () => {
  await open('/books')
  await eventually(() => expect(buttonSaying('离线保存')).toBeDefined())
  expect(buttonSaying('离线保存')?.getAttribute('aria-label')).toBe('离线保存：《明辨笃行》')
})

describe('the reader', () => {
  it('reopens at the paragraph, from the phone alone', async () => {
    const scrolled: (string | null)[] = []
    HTMLElement.prototype.scrollIntoView = function (this: HTMLElement) {
      scrolled.push(this.textContent)
    }
    await phone.blobs.keep(sha256Hex(bytesOf(1)))
    isOnline = false
    await place('h1', 2)
    await open('/books/k1/h1')
    await eventually(() => expect(scrolled).toEqual(['章 1 三段']))
    expect(document.body.textContent).toContain('第 3 段 · 全书 67%')
  })
  it('fetches and keeps a chapter that is not here', async () => {
    await open('/books/k1/h2')
    await eventually(() => expect(document.body.textContent).toContain('章 2 三段'))
    expect(await phone.blobs.has(sha256Hex(bytesOf(2)))).toBe(true)
  })
  it('says what to do without network, and opens by itself when it is back', async () => {
    isOnline = false
    await open('/books/k1/h2')
    await eventually(() => expect(document.body.textContent).toContain('这一章还没有下载到本机'))
    isOnline = true
    window.dispatchEvent(new Event('online'))
    await eventually(() => expect(document.body.textContent).toContain('章 2 三段'))
  })
  it('turns chapters by the arrow keys and remembers the chapter that was left last', async () => {
    await place('h0', 1)
    const { router, app } = await open('/books/k1/h1')
    await eventually(() => expect(document.body.textContent).toContain('章 1 三段'))
    await eventually(() => expect(document.body.textContent).toContain('下一章：第 2 章'))
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }))
    await eventually(() => expect(router.currentRoute.value.path).toBe('/books/k1/h2'))
    await eventually(() => expect(document.body.textContent).toContain('第 3 段 · 全书 100%'))
    app.unmount()
    await eventually(async () => {
      const position = await phone.db.records('reading-position').get(readingPositionId(ME.id, 'k1'))
      expect(position?.fields).toMatchObject({ chapterId: 'h2', paragraph: 2 })
    })
  })
})

describe('for 今日', () => {
  const load = async () =>
    todayItems.load({
      phone: phone.phone as unknown as TodayPhone,
      actor: await readActor(phone.db, ME.id, NOW),
      now: NOW,
    })
  it('offers the book that one is in, and nothing when there is none or it is read', async () => {
    expect(await load()).toEqual([])
    await place('h1', 0)
    expect(await load()).toMatchObject([{ title: '接着读《明辨笃行》', to: '/books/k1/h1', group: 'week' }])
    await place('h2', 2)
    expect(await load()).toEqual([])
  })
})
