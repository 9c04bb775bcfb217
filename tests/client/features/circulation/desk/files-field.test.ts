// @vitest-environment happy-dom
/** Several files at the desk and in the reader: order, focus, what is asked again, what is written. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { nextTick } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import DocumentFormPage from '../../../../../src/client/features/circulation/desk/form/DocumentFormPage.vue'
import RevisionCard from '../../../../../src/client/features/circulation/desk/RevisionCard.vue'
import { confirmationInWords } from '../../../../../src/client/features/circulation/desk/revision-words.ts'
import DocumentFiles from '../../../../../src/client/features/circulation/reader/DocumentFiles.vue'
import { canBeRead } from '../../../../../src/client/features/circulation/reader/file-kind.ts'
import ImageView from '../../../../../src/client/features/circulation/reader/ImageView.vue'
import SignStatement from '../../../../../src/client/features/circulation/sign/SignStatement.vue'
import { lineFor } from '../../../../../src/client/features/circulation/circulation-lines.ts'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import type { Revision } from '../../../../../src/shared/circulation/document/document.ts'
import { signedSha256 } from '../../../../../src/shared/circulation/document/signed-sha256.ts'
import { pngOf } from '../../../../support/files/make-files.ts'
import {
  circulationFields,
  keptFileOf,
  mountAt,
  NOW,
  revisionOf,
  setupPhone,
  stored,
  until,
} from '../fixtures.ts'

let parts: ReturnType<typeof setupPhone>
beforeEach(async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  parts = setupPhone()
  const office = { personId: 'p1', unitId: 'root', name: '', role: 'office' as const, title: '' }
  const role = { ...office, from: '2020-01-01', to: null, revokedForCause: false }
  await parts.db.records('role').put(stored('r', 'org', role))
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})
const global = () => ({ provide: { [phoneKey as symbol]: parts.phone } })

const LONG = `${'关于进一步做好大厅延时服务有关工作的通知'.repeat(4)}.md`
async function openForm() {
  const { wrapper, router } = await mountAt(
    DocumentFormPage,
    '/desk/documents/new',
    '/desk/documents/new',
    parts,
  )
  await until(() => wrapper.find('form').exists())
  const choose = async (...files: File[]) => {
    const input = wrapper.get('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: files, configurable: true })
    await input.trigger('change')
    await until(() => !wrapper.text().includes('正在检查'))
  }
  const rows = () => wrapper.findAll('.rows li')
  const places = () =>
    rows().map((row) => `${row.get('.tag, .words > :first-child').text()} ${row.get('.name').text()}`)
  const press = (label: string) => wrapper.get(`[aria-label="${label}"]`).trigger('click')
  return { wrapper, router, choose, rows, places, press }
}
const md = (name: string, text: string) => new File([text], name)

it('takes several at once, says of each why it is not taken, and puts them in order by keyboard', async () => {
  const { wrapper, choose, places, press } = await openForm()
  await choose(md('甲.md', '甲'), md('坏.pdf', '不是'), md('乙.md', '乙'), md('乙的副本.md', '乙'))
  expect(places()).toEqual(['正文 甲.md', '附件 1 乙.md'])
  expect(wrapper.get('[role=alert]').text()).toMatch(
    /“坏\.pdf”：只能登记.*“乙的副本\.md”：和已选的一个文件内容完全相同/s,
  )
  await choose(md(LONG, '丙'), new File([pngOf(4, 4)], '图.png'))
  expect(places()).toEqual(['正文 甲.md', '附件 1 乙.md', `附件 2 ${LONG}`, '附件 3 图.png'])
  await press(`上移：${LONG}`)
  expect(places().slice(1, 3)).toEqual([`附件 1 ${LONG}`, '附件 2 乙.md'])
  expect(document.activeElement?.getAttribute('aria-label')).toBe(`上移：${LONG}`)
  await press(`上移：${LONG}`)
  // At the top there is nothing above: the keyboard stands on the way down.
  await until(() => document.activeElement?.getAttribute('aria-label') === `下移：${LONG}`)
  expect(places()[0]).toBe(`正文 ${LONG}`)
  expect(wrapper.text()).toContain(`${LONG} 现在是正文`)
  await press('移除：甲.md')
  expect(places()).toEqual([`正文 ${LONG}`, '附件 1 乙.md', '附件 2 图.png'])
  expect((document.activeElement as HTMLInputElement).type).toBe('file')
  wrapper.unmount()
})

it('says the limit before, asks again for what needs it, and writes the files in their order', async () => {
  const { wrapper, choose } = await openForm()
  expect(wrapper.text()).toContain('每个不超过 50 MB')
  await choose(md('通知.md', '各窗口照办'), md('名单.md', '内部资料'), new File([pngOf(4, 4)], '图.png'))
  await wrapper.findAll('input')[0]!.setValue('关于延时服务的通知')
  const ticks = () => wrapper.findAll<HTMLInputElement>('input[type=checkbox]')
  expect(wrapper.text()).toContain('有 2 处要再核对一次')
  expect(wrapper.text()).toContain('有“内部资料”字样')
  await ticks()[1]!.setValue(true)
  await wrapper.get('form').trigger('submit')
  await until(() => wrapper.text().includes('请先核对上面列出的地方'))
  expect(await parts.db.records('document').count()).toBe(0)
  expect(await parts.db.blobs.count()).toBe(0)
  await ticks()[0]!.setValue(true)
  // Another file is another thing to look at.
  await choose(md('补充.md', '不予公开'))
  expect(ticks()[0]!.element.checked).toBe(false)
  await ticks()[0]!.setValue(true)
  await wrapper.get('form').trigger('submit')
  await until(async () => (await parts.db.records('document').count()) === 1)
  const [row] = await parts.db.records('document').toArray()
  const [revision] = row!.fields.revisions
  expect([revision, ...revision!.attachments!].map((f) => [f!.file.name, f!.warnings ?? []])).toEqual([
    ['通知.md', []],
    ['名单.md', ['有“内部资料”字样']],
    ['图.png', ['是图片，系统看不到其中的文字']],
    ['补充.md', ['有“不予公开”字样']],
  ])
  for (const { file } of [revision!, ...revision!.attachments!])
    expect(await parts.phone.blobs.has(file.sha256)).toBe(true)
  wrapper.unmount()
})

it('is registered once and says so, where the page that comes next is not on the phone', async () => {
  const { wrapper, router, choose } = await openForm()
  router.addRoute({
    path: '/desk/documents/:id',
    component: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')),
  })
  await choose(md('通知.md', '各窗口照办'))
  await wrapper.findAll('input')[0]!.setValue('关于延时服务的通知')
  await wrapper.get('input[type=checkbox]').setValue(true)
  await wrapper.get('form').trigger('submit')
  await until(() => wrapper.text().includes('已存本机，联网后送达'))
  expect(wrapper.text()).not.toContain('没有存下')
  expect(wrapper.find('form').exists()).toBe(false)
  expect(wrapper.findAll('button').some((button) => button.text() === '登记')).toBe(false)
  expect(await parts.db.records('document').count()).toBe(1)
  wrapper.unmount()
})

const sha = (n: number) => String(n).repeat(64)
const three: Revision = {
  ...revisionOf(1, sha(1)),
  warnings: ['有“内部资料”字样'],
  attachments: [
    {
      ...revisionOf(1, sha(2)),
      file: { sha256: sha(2), name: '名单.pdf', mime: 'application/pdf', sizeBytes: 9 },
      pages: 4,
    },
    { ...revisionOf(1, sha(3)), file: { sha256: sha(3), name: '图.png', mime: 'image/png', sizeBytes: 9 } },
  ],
}

it('the second person sees every file and what was warned of, and confirms that', () => {
  const card = mount(RevisionCard, {
    props: { state: { revision: three, confirmation: undefined }, isDeclarer: false, isShown: false },
    global: global(),
  })
  expect(card.findAll('.files li').map((li) => li.get('.name').text())).toEqual([
    '正文 · 通知.md',
    '附件 1 · 名单.pdf',
    '附件 2 · 图.png',
  ])
  expect(card.text()).toContain('有“内部资料”字样，请确认人核对')
  const words = confirmationInWords({ title: '内部使用说明', documentNo: '' }, three)
  expect(words).toContain('全部 3 个文件')
  expect(words).toContain(signedSha256(three).slice(0, 4))
  expect(words).toContain('有 2 处提示要核对，我已逐处看过')
})

it('the statement names every file and the fingerprint of all', () => {
  const line = lineFor(stored('c1', 'unit:b1', circulationFields([three])), [], [], 'p1', NOW)
  const statement = mount(SignStatement, {
    props: { line, now: NOW, name: '陈思远', substitution: null, seenElsewhere: 0 },
    global: global(),
  })
  expect(statement.text()).toContain('共 3 个文件（正文和 2 个附件）')
  expect(statement.findAll('li').map((li) => li.text())).toEqual([
    '正文 · 通知.md20 B · 指纹 1111 1111',
    '附件 1 · 名单.pdf4 页 · 指纹 2222 2222',
    '附件 2 · 图.png9 B · 指纹 3333 3333',
  ])
  expect(statement.text()).toContain(`全部文件指纹 ${signedSha256(line.revision).slice(0, 4)}`)
})

it('the reader shows one file at a time, leads to the next, and begins with 正文 again', async () => {
  const view = mount(DocumentFiles, {
    props: { revision: three },
    attachTo: document.body,
    global: {
      ...global(),
      stubs: {
        FileView: {
          props: ['revision'],
          template: '<p class="shown">{{ revision.file.name }}{{ revision.attachments }}</p>',
        },
      },
    },
  })
  const shown = () => view.get('.shown').text()
  expect(shown()).toBe('通知.md')
  expect(view.findAll('.list button').map((b) => b.attributes('aria-pressed'))).toEqual([
    'true',
    'false',
    'false',
  ])
  await view
    .findAll('button')
    .find((b) => b.text().includes('下一个文件（附件 1）：名单.pdf'))!
    .trigger('click')
  expect(shown()).toBe('名单.pdf')
  await view.findAll('.list button')[2]!.trigger('click')
  expect(shown()).toBe('图.png')
  expect(view.text()).not.toContain('下一个文件')
  await view.setProps({ revision: { ...three, revision: 2, attachments: three.attachments!.slice(0, 1) } })
  await nextTick()
  expect(shown()).toBe('通知.md')
  await view.setProps({ revision: revisionOf(3, sha(4)) })
  expect(view.find('.list').exists()).toBe(false)
  view.unmount()
})

it('a picture has words for who cannot see it, the watermark, and no way to be saved by a long press', async () => {
  const view = mount(ImageView, {
    props: {
      file: keptFileOf(new Blob([pngOf(4, 4)], { type: 'image/png' })),
      name: '三楼示意图.png',
      watermark: '陈思远 2026-11-23',
    },
  })
  await until(() => view.find('img').exists())
  expect(view.get('img').attributes()).toMatchObject({ alt: '图片：三楼示意图', draggable: 'false' })
  expect(view.text()).toContain('陈思远 2026-11-23')
})

it('nobody signs what they cannot read: one file of an unknown kind is enough', () => {
  expect(canBeRead(three)).toBe(true)
  const odd = {
    ...revisionOf(1, sha(5)),
    file: { sha256: sha(5), name: '表.xlsx', mime: 'application/x', sizeBytes: 1 },
  }
  expect(canBeRead({ ...three, attachments: [odd] })).toBe(false)
  const svg = { ...odd, file: { ...odd.file, name: '图.png', mime: 'image/svg+xml' } }
  expect(canBeRead({ ...three, attachments: [svg] })).toBe(false)
})
