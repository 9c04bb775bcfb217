// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { mount, RouterLinkStub } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import FileView from '../../../../src/client/features/circulation/reader/FileView.vue'
import CirculationListPage from '../../../../src/client/features/circulation/list/CirculationListPage.vue'
import CirculationRow from '../../../../src/client/features/circulation/list/CirculationRow.vue'
import ReaderPage from '../../../../src/client/features/circulation/reader/ReaderPage.vue'
import { lineFor } from '../../../../src/client/features/circulation/circulation-lines.ts'
import { createFileKeeper } from '../../../../src/client/features/circulation/kept-files/file-keeper.ts'
import { readingOf } from '../../../../src/client/features/circulation/reader/file-kind.ts'
import {
  planFiles,
  removeCopies,
} from '../../../../src/client/features/circulation/kept-files/useKeptFiles.ts'
import { circulationItems } from '../../../../src/client/features/circulation/circulation.today.ts'
import { readActor } from '../../../../src/client/storage/actor.ts'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import type { Circulation } from '../../../../src/shared/circulation/circulation.ts'
import {
  circulationFields,
  mountAt,
  NOW,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  textFile,
  until,
} from './fixtures.ts'

const sha = (n: number) => String(n).repeat(64)
const lineOf = (id: string, part: Partial<Circulation>, revision = 1, file = sha(1)) =>
  lineFor(stored(id, 'unit:b1', circulationFields([revisionOf(revision, file)], part)), [], [], 'p1', NOW)

let parts: ReturnType<typeof setupPhone>
const online = new Map<string, Uint8Array>()
beforeEach(() => {
  online.clear()
  parts = setupPhone({ online })
})
afterEach(() => {
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

it('a download is said once, not with every piece that comes', async () => {
  let piece: (loadedBytes: number, totalBytes: number) => void = () => undefined
  const keep = vi.spyOn(parts.phone.blobs, 'keep').mockImplementation((_, options) => {
    piece = (...bytes) => options?.onProgress?.(...bytes)
    return new Promise(() => undefined)
  })
  const revision = revisionOf(1, sha(1))
  const view = mount(() => h('div', h(FileView, { revision })), {
    global: { provide: { [phoneKey as symbol]: parts.phone } },
  })
  await until(() => view.text().includes('文件还没有下载到本机'))
  const said = view.get('[role="status"]')
  expect(said.text()).toBe('')
  await view
    .findAll('button')
    .find((b) => b.text() === '现在下载')!
    .trigger('click')
  await until(() => keep.mock.calls.length === 1)
  for (const bytes of [1024, 2048]) {
    piece(bytes, 4096)
    await until(() => view.text().includes(`已下载 ${bytes / 1024} KB`))
    expect(view.findAll('[role="status"]').map((s) => s.text())).toEqual(['正在下载文件'])
  }
  view.unmount()
})

it('a PDF is called 离线可用 only when what shows it is on this phone too', async () => {
  const file = await textFile('%PDF')
  const pdf = {
    ...revisionOf(1, file.sha256),
    file: { ...revisionOf(1, file.sha256).file, mime: 'application/pdf' },
  }
  const kept = new Set<string>()
  const cache = { keys: async () => [...kept].map((path) => ({ url: new URL(path, location.href).href })) }
  vi.stubGlobal('caches', { open: async () => cache })
  const { neededOffline } =
    await import('../../../../src/client/features/circulation/reader/assets-of-pdf.ts')
  const { pdfViewer } = await import('../../../../src/client/features/circulation/kept-files/pdf-viewer.ts')
  const line = lineFor(stored('c1', 'unit:b1', circulationFields([pdf])), [], [], 'p1', NOW)
  const row = mount(CirculationRow, {
    props: { line, here: new Set([file.sha256]) },
    global: { provide: { [phoneKey as symbol]: parts.phone }, stubs: { RouterLink: RouterLinkStub } },
  })
  const place = () => row.find('.place').exists() && row.get('.place').text()
  for (const address of neededOffline.slice(1)) kept.add(address)
  await until(() => place() === '已下载，还差阅读器')
  kept.add(neededOffline[0]!)
  expect(await pdfViewer.look()).toBe('kept')
  await until(() => place() === '离线可用')
  await row.setProps({ here: new Set() })
  expect(place()).toBe('需联网下载')
  row.unmount()
  vi.unstubAllGlobals()
})

it('a full phone says what to free and the way there; nothing of the file or of what was written is lost', async () => {
  const file = await textFile('放不下的')
  online.set(file.sha256, file.bytes)
  await parts.db.meta.put({
    key: 'kept:sign:c1',
    value: { label: '阅示意见', value: { opinion: '写了一半' } },
  })
  const full = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  parts.db.blobs.hook('creating', full)
  parts.db.pieces.hook('creating', full)
  const keeper = createFileKeeper(parts.phone.blobs, () => true)
  expect(await keeper.fetchNow(file.sha256)).toBe(false)
  expect(keeper.trouble.value).toMatchObject({
    isFull: true,
    sentence: expect.stringMatching(/手机空间不足.*本机内容/) as string,
  })
  const view = mount(() => h('div', h(FileView, { revision: revisionOf(1, file.sha256) })), {
    global: {
      provide: { [phoneKey as symbol]: parts.phone },
      stubs: { RouterLink: { template: '<a :href="to"><slot /></a>', props: ['to'] } },
    },
  })
  await until(() => view.text().includes('现在下载'))
  await view
    .findAll('button')
    .find((b) => b.text() === '现在下载')!
    .trigger('click')
  await until(() => view.text().includes('手机空间不足'))
  expect(view.find('a[href="/me/holds"]').text()).toBe('去清理')
  expect(await parts.db.blobs.count()).toBe(0)
  expect(await parts.db.meta.get('kept:sign:c1')).toMatchObject({ value: { value: { opinion: '写了一半' } } })

  parts.db.blobs.hook('creating').unsubscribe(full)
  parts.db.pieces.hook('creating').unsubscribe(full)
  await view
    .findAll('button')
    .find((b) => b.text() === '现在下载')!
    .trigger('click')
  await until(() => parts.phone.blobs.has(file.sha256))
  view.unmount()
})

describe('files ahead of their need', () => {
  it('the soonest due first; a recalled one goes unless another names it', () => {
    const plan = planFiles([
      lineOf('later', { deadline: '2026-12-01' }, 1, sha(1)),
      lineOf('sooner', { deadline: '2026-11-24' }, 1, sha(2)),
      lineOf('gone', { state: 'recalled' }, 1, sha(3)),
      lineOf('gone-too', { state: 'recalled' }, 1, sha(1)),
    ])
    expect(plan).toEqual({ keep: [sha(2), sha(1)], remove: [sha(3)], free: [] })
  })

  it('are downloaded one at a time, each once, and only when they hash to their names', async () => {
    const [a, b] = [await textFile('甲'), await textFile('乙')]
    online.set(a.sha256, a.bytes).set(b.sha256, b.bytes).set(sha(7), a.bytes)
    const keeper = createFileKeeper(parts.phone.blobs, () => true)
    await Promise.all([keeper.want([a.sha256, sha(7), b.sha256]), keeper.fetchNow(a.sha256)])
    await keeper.want([a.sha256, b.sha256])
    expect(parts.downloads.filter((x) => x === a.sha256)).toHaveLength(1)
    expect(await parts.phone.blobs.has(b.sha256)).toBe(true)
    expect(await parts.phone.blobs.has(sha(7))).toBe(false)
  })

  it('nothing is asked for while there is no network', async () => {
    const keeper = createFileKeeper(parts.phone.blobs, () => false)
    await keeper.want([sha(1)])
    expect(parts.downloads).toEqual([])
  })

  it('without an answer the round ends with a sentence and is not repeated by itself', async () => {
    const keeper = createFileKeeper(parts.phone.blobs, () => true)
    await keeper.want([sha(1), sha(2)])
    expect(parts.downloads).toEqual([sha(1)])
    expect(keeper.trouble.value?.sentence).toContain('连不上')
  })
})

describe('a recall', () => {
  it('takes the file away, keeps the record and shows no file', async () => {
    const file = await textFile('要撤回的')
    online.set(file.sha256, file.bytes)
    await parts.phone.blobs.keep(file.sha256)
    const fields = circulationFields([revisionOf(1, file.sha256)], { state: 'recalled' })
    await parts.db.records('circulation').put(stored('c1', 'unit:b1', fields))
    await parts.db.records('sign-off').put(stored('s', 'file:b1:p1', signOffFields('p1', 1, file.sha256)))
    await removeCopies(parts.phone, planFiles([lineFor(stored('c1', '', fields), [], [], 'p1', NOW)]).remove)
    expect(await parts.phone.blobs.has(file.sha256)).toBe(false)
    const { wrapper } = await mountAt(ReaderPage, '/circulation/:id', '/circulation/c1', parts)
    await until(() => wrapper.text().includes('这份文件已撤回'))
    expect(wrapper.find('file-view-stub').exists()).toBe(false)
    expect(wrapper.text()).toContain('签过第 1 版，记录保留')
    wrapper.unmount()
  })
})

describe('the words of the reader', () => {
  it.each([
    [1, '已存本机', '已签'],
    [0, '已签', '已存本机'],
  ] as const)('pending %s: %s', async (pending, shown, hidden) => {
    await parts.db
      .records('circulation')
      .put(stored('c1', 'unit:b1', circulationFields([revisionOf(1, sha(1))])))
    await parts.db
      .records('sign-off')
      .put(stored('s', 'file:b1:p1', signOffFields('p1', 1, sha(1)), { pending }))
    const { wrapper } = await mountAt(ReaderPage, '/circulation/:id', '/circulation/c1', parts)
    await until(() => wrapper.text().includes(shown))
    expect(wrapper.text()).not.toContain(hidden)
    wrapper.unmount()
  })

  it('a DOCX is read as its text, a PDF as itself', () => {
    const revision = revisionOf(1, sha(1))
    expect(readingOf({ ...revision, readingSha256: sha(2) })).toEqual({
      type: 'markdown',
      sha256: sha(2),
      isConverted: true,
    })
    expect(readingOf({ ...revision, file: { ...revision.file, name: 'a.PDF', mime: '' } }).type).toBe('pdf')
    const typeOf = (name: string, mime: string) =>
      readingOf({ ...revision, file: { ...revision.file, name, mime } }).type
    expect(typeOf('a.ofd', 'application/ofd')).toBe('ofd')
    expect(typeOf('a.jpg', 'image/png')).toBe('image')
    expect(typeOf('a.xlsx', 'application/octet-stream')).toBe('none')
  })
})

describe('今日', () => {
  const put = (id: string, part: Partial<Circulation>) =>
    parts.db
      .records('circulation')
      .put(stored(id, 'unit:b1', circulationFields([revisionOf(1, sha(1))], part)))
  const items = async () => circulationItems(parts.phone, await readActor(parts.db, 'p1', NOW), NOW)

  it('counts what is to be signed, and says today when something is due', async () => {
    await put('c1', { deadline: '2026-11-23' })
    await put('c2', { deadline: '2026-11-28', documentNo: '办公室〔2026〕32 号' })
    await put('c3', { state: 'recalled' })
    expect(await items()).toMatchObject([
      {
        title: '2 份文件待签',
        second: '最早的 办公室〔2026〕31 号 · 今天截止',
        group: 'today',
        to: '/circulation',
        minutes: 3,
      },
    ])
  })
  it('says so when the last day has passed', async () => {
    await put('c1', { deadline: '2026-11-21' })
    expect(await items()).toMatchObject([
      { second: '办公室〔2026〕31 号 · 已过截止日 2 天，仍可签字', group: 'overdue' },
    ])
  })
  it('leads straight to a single one, and to nothing when all is signed', async () => {
    await put('c1', {})
    expect(await items()).toMatchObject([{ title: '1 份文件待签', group: 'week', to: '/circulation/c1' }])
    await parts.db.records('sign-off').put(stored('s', 'file:b1:p1', signOffFields('p1', 1, sha(1))))
    expect(await items()).toEqual([])
  })
  it('tells an officer how many have not signed', async () => {
    await put('c1', {})
    const role = {
      personId: 'p1',
      unitId: 'b1',
      name: '',
      role: 'branch-officer' as const,
      title: '书记',
      from: '2020-01-01',
      to: null,
      revokedForCause: false,
    }
    await parts.db.records('role').put(stored('r', 'unit:b1', role))
    expect(await items()).toMatchObject([
      { key: 'to-sign' },
      { title: '3 人还未签', group: 'officer', to: '/circulation/c1/progress' },
    ])
    // In one line for more: 传阅 has them one by one, each with the way to its people, also when there is nothing to sign.
    await put('c2', { title: '第二份', deadline: '2026-11-21' })
    await put('c3', { title: '第三份', deadline: '2026-11-30' })
    const [, more] = await items()
    expect(more).toMatchObject({ title: '3 份文件还有人未签', to: '/circulation' })
    expect(more!.second).toMatch(/^最早的 .+ · 已过截止日 2 天/)
    const { wrapper } = await mountAt(CirculationListPage, '/circulation', '/circulation', parts)
    await until(() => wrapper.text().includes('还有人未签'))
    const rows = wrapper.findAll('a[href$="/progress"]')
    expect(rows.map((row) => row.attributes('href'))).toEqual(
      ['c2', 'c1', 'c3'].map((id) => `/circulation/${id}/progress`),
    )
    expect(rows[0]!.text()).toContain('3 人中还有 3 人未签 · 已过截止日 2 天')
    wrapper.unmount()
  })
})
