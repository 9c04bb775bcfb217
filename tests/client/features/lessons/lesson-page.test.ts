// @vitest-environment happy-dom
// First: Dexie looks for the global once, and liveQuery stays silent without it.
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { routes } from '../../../../src/client/features/lessons/lessons.routes.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import { readingPositionId } from '../../../../src/shared/books/marks.ts'
import {
  buttonSaying,
  DAY,
  giveUnits,
  lessonFields,
  ME,
  NOW,
  openPage,
  setupPhone,
  type TestPhone,
} from './fake-phone.ts'

// happy-dom is no DOM that DOMPurify supports.
vi.mock('dompurify', () => ({ default: { sanitize: (html: string) => html } }))

let phone: TestPhone
let close = () => undefined as void
const open = async (address: string) => {
  const page = await openPage(phone, routes, address)
  close = page.close
  return page
}
const receipts = () => phone.db.records('lesson-receipt').toArray()

beforeEach(async () => {
  phone = setupPhone()
  await giveUnits(phone)
  await phone.give('column', 'c1', { name: '廉政提醒', order: 1, hidden: false })
  await phone.give('lesson', 'l1', lessonFields())
})
afterEach(() => {
  close()
  document.body.innerHTML = ''
})

describe('已学', () => {
  it('leaves exactly one fact on the phone, also when it is tapped twice', async () => {
    await open('/lessons/l1')
    await eventually(() => expect(document.body.textContent).toContain('四段'))
    buttonSaying('已学')?.click()
    buttonSaying('已学')?.click()
    await eventually(() => expect(document.body.textContent).toContain('已学 · 已存本机'))
    expect(await receipts()).toHaveLength(1)
    expect(await phone.db.outbox.count()).toBe(1)
    const [receipt] = await receipts()
    expect(receipt?.fields).toMatchObject({ lessonRevision: 1, unitId: 'b1', learned: true, supersedes: [] })
    expect(receipt?.scope).toBe('file:b1:p1')
  })

  it('keeps the focus on its one button, and speaks in a status that was there before', async () => {
    await open('/lessons/l1')
    await eventually(() => expect(buttonSaying('已学')).toBeDefined())
    const button = buttonSaying('已学')!
    const status = document.querySelector('.acts [role=status]')
    expect(status?.textContent).toBe('')
    expect(button.getAttribute('aria-pressed')).toBe('false')
    button.focus()
    button.click()
    await eventually(() => expect(status?.textContent).toContain('已学 · 已存本机'))
    expect(status?.isConnected).toBe(true)
    expect(document.activeElement).toBe(button)
    expect(button.getAttribute('aria-pressed')).toBe('true')
  })

  it('is taken back by a new fact that supersedes it', async () => {
    await open('/lessons/l1')
    await eventually(() => expect(document.body.textContent).toContain('四段'))
    buttonSaying('已学')?.click()
    await eventually(() => expect(document.querySelector('[aria-pressed=true]')).not.toBeNull())
    buttonSaying('已学')?.click()
    await eventually(() => expect(buttonSaying('取消已学')).toBeDefined())
    buttonSaying('取消已学')?.click()
    await eventually(() => expect(document.body.textContent).toContain('已取消已学 · 已存本机'))
    const rows = await receipts()
    const undo = rows.find((row) => !row.fields.learned)
    expect(rows).toHaveLength(2)
    expect(undo?.fields.supersedes).toEqual([rows.find((row) => row.fields.learned)?.id])
  })

  it('says that what was learned has been revised, and counts the new version on its own', async () => {
    await phone.give(
      'lesson',
      'l1',
      lessonFields({ revision: 2, revisedAt: NOW - 1000, revisionNote: '补了一例' }),
    )
    await phone.give('lesson-receipt', 'r1', {
      personId: ME.id,
      unitId: 'b1',
      lessonId: 'l1',
      week: '2026-W48',
      lessonTitle: '',
      lessonRevision: 1,
      learned: true,
      supersedes: [],
    })
    await open('/lessons/l1')
    await eventually(() => expect(document.body.textContent).toContain('学过第 1 版，已修订'))
    expect(document.body.textContent).toContain('第 2 版改了：补了一例')
    buttonSaying('已学')?.click()
    await eventually(async () => expect(await receipts()).toHaveLength(2))
    const added = (await receipts()).find((row) => row.id !== 'r1')
    expect(added?.fields).toMatchObject({ lessonRevision: 2, supersedes: ['r1'] })
  })

  it('says what to do when the person is in no unit', async () => {
    await phone.db.records('membership').clear()
    await open('/lessons/l1')
    await eventually(() => expect(buttonSaying('已学')).toBeDefined())
    buttonSaying('已学')?.click()
    await eventually(() => expect(document.body.textContent).toContain('还没有编入支部或科室'))
    expect(await receipts()).toHaveLength(0)
  })
})

describe('the reader', () => {
  it('reopens at the paragraph where one stopped', async () => {
    const scrolled: (string | null)[] = []
    HTMLElement.prototype.scrollIntoView = function (this: HTMLElement) {
      scrolled.push(this.textContent)
    }
    await phone.give('reading-position', readingPositionId(ME.id, 'l1'), {
      personId: ME.id,
      bookId: 'l1',
      chapterId: 'l1',
      paragraph: 2,
    })
    await open('/lessons/l1')
    await eventually(() => expect(scrolled).toEqual(['三段']))
  })

  it.each([
    ['that is to be published later', { publishAt: NOW + DAY }, '这一课还没有发布'],
    ['that was withdrawn', { withdrawn: true }, '已撤回'],
  ])('does not show the text of a lesson %s', async (_, changes, sentence) => {
    await phone.give('lesson', 'l1', lessonFields(changes))
    await open('/lessons/l1')
    await eventually(() => expect(document.body.textContent).toContain(sentence))
    expect(document.body.textContent).not.toContain('四段')
    expect(buttonSaying('已学')).toBeUndefined()
  })
})

describe('what stands under a lesson', () => {
  it('has one button for each file, which says the file and keeps the focus while it loads', async () => {
    let answer: (file: { bytes: Uint8Array<ArrayBuffer>; mime: string }) => void = () => undefined
    phone = setupPhone(() => new Promise((resolve) => (answer = resolve)))
    await giveUnits(phone)
    const bytes = new TextEncoder().encode('排班')
    const file = { sha256: sha256Hex(bytes), name: '排班表.pdf', mime: 'application/pdf', sizeBytes: 6 }
    await phone.give('lesson', 'l1', lessonFields({ attachments: [file] }))
    await open('/lessons/l1')
    await eventually(() => expect(buttonSaying('下载')).toBeDefined())
    const button = buttonSaying('下载')!
    expect(button.getAttribute('aria-label')).toBe('下载：排班表.pdf')
    button.focus()
    button.click()
    await eventually(() => expect(button.getAttribute('aria-label')).toBe('停止：排班表.pdf'))
    answer({ bytes, mime: file.mime })
    await eventually(() => expect(button.getAttribute('aria-label')).toBe('打开：排班表.pdf'))
    expect(document.activeElement).toBe(button)
  })

  it('says whose text 看全文 opens', async () => {
    await phone.give('shared-reflection', 's1', {
      personId: 'p2',
      name: '李某某',
      unitId: 'b1',
      lessonId: 'l1',
      lessonTitle: '三种样子',
      text: '很长的心得'.repeat(40),
      supersedes: [],
    })
    await open('/lessons/l1')
    await eventually(() => expect(buttonSaying('看全文')).toBeDefined())
    expect(buttonSaying('看全文')?.getAttribute('aria-label')).toBe('看全文：李某某')
  })
})

describe('the editor at the desk', () => {
  it('leads to the first field that is missing', async () => {
    await open('/desk/lessons/new')
    await eventually(() => expect(buttonSaying('发布')).toBeDefined())
    buttonSaying('发布')?.click()
    await eventually(() => expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true'))
    expect(document.activeElement).toBe(document.querySelector('[aria-invalid=true]'))
  })

  it('says aloud that the draft is stored, and not each save', async () => {
    const { app } = await open('/desk/lessons/new')
    await eventually(() => expect(buttonSaying('发布')).toBeDefined())
    const said = document.querySelector('.foot-note [role=status]')
    await app.find('textarea').setValue('第一段')
    await eventually(() => expect(document.body.textContent).toContain('正在存'))
    expect(said?.textContent).toBe('写下即存本机')
    await eventually(() => expect(said?.textContent).toBe('草稿已存本机；发布需要网络'))
    await app.find('textarea').setValue('第一段。')
    await eventually(() => expect(document.body.textContent).toContain('正在存'))
    expect(said?.textContent).toBe('草稿已存本机；发布需要网络')
  })
})

describe('学习', () => {
  it('lists the week, hides what is to come and shows a lesson of two copies once', async () => {
    await phone.give('lesson', 'copy', lessonFields({ unitId: 'b1' }))
    await phone.give('lesson', 'l2', lessonFields({ issueId: 'l2', title: '下周的课', publishAt: NOW + DAY }))
    await phone.give('lesson', 'l3', lessonFields({ issueId: 'l3', title: '上周的课', week: '2026-W47' }))
    await open('/study')
    await eventually(() => expect(document.body.textContent).toContain('本周 · 第 48 周 · 11 月 23 日'))
    const titles = [...document.querySelectorAll('.title .words')].map((title) => title.textContent)
    expect(titles).toEqual(['三种样子', '上周的课'])
  })
})

describe('心得', () => {
  const said = () => [...document.querySelectorAll('.foot-note [role=status]')].map((s) => s.textContent)

  it('is saved as typed, and shared only when asked, as a copy that later words do not change', async () => {
    const { app } = await open('/lessons/l1/reflection')
    await eventually(() => expect(document.querySelector('textarea')).not.toBeNull())
    await app.find('textarea').setValue('笑着推回去')
    await eventually(() => expect(document.body.textContent).toContain('已存本机'))
    expect((await phone.db.records('reflection').toArray())[0]?.fields.text).toBe('笑着推回去')
    expect(said()).toEqual(['心得已存本机', ''])
    expect(await phone.db.records('shared-reflection').count()).toBe(0)

    buttonSaying('分享给支部')?.click()
    await eventually(() => expect(buttonSaying('分享')).toBeDefined())
    buttonSaying('分享')?.click()
    await eventually(() => expect(document.body.textContent).toContain('分享已存本机'))
    expect(said()).toEqual(['心得已存本机', '分享已存本机'])
    await app.find('textarea').setValue('笑着推回去，再说一句')
    // Not every start and end of a save while somebody types.
    expect(document.body.textContent).toContain('正在存')
    expect(said()[0]).toBe('心得已存本机')
    await eventually(() => expect(document.body.textContent).toContain('分享后有改动'))
    const [shared] = await phone.db.records('shared-reflection').toArray()
    expect(shared?.fields).toMatchObject({ text: '笑着推回去', unitId: 'b1', name: ME.name })
  })

  it('keeps what was typed just before the page was left', async () => {
    const { app } = await open('/lessons/l1/reflection')
    await eventually(() => expect(document.querySelector('textarea')).not.toBeNull())
    await app.find('textarea').setValue('没来得及停')
    app.unmount()
    await eventually(async () =>
      expect((await phone.db.records('reflection').toArray())[0]?.fields.text).toBe('没来得及停'),
    )
  })
})
