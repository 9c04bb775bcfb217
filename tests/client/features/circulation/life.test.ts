// @vitest-environment happy-dom
/** What a person sees when a circulation ends or changes: the archive by year, who recalled it and why, what a revision changed. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import CirculationListPage from '../../../../src/client/features/circulation/list/CirculationListPage.vue'
import { circulationItems } from '../../../../src/client/features/circulation/circulation.today.ts'
import { lineFor } from '../../../../src/client/features/circulation/circulation-lines.ts'
import { comparableBefore } from '../../../../src/client/features/circulation/changes/comparable.ts'
import { linesToParagraphs } from '../../../../src/client/features/circulation/changes/readable-text.ts'
import { foldSame, sumInWords } from '../../../../src/client/features/circulation/changes/shown-changes.ts'
import DocumentFormPage from '../../../../src/client/features/circulation/desk/form/DocumentFormPage.vue'
import TypedText from '../../../../src/client/features/circulation/desk/files/TypedText.vue'
import DocumentPage from '../../../../src/client/features/circulation/desk/DocumentPage.vue'
import DocumentsPage from '../../../../src/client/features/circulation/desk/DocumentsPage.vue'
import { datesErrors } from '../../../../src/client/features/circulation/desk/dispatch/dispatch-dates.ts'
import SheetDialog from '../../../../src/client/ui/sheet/SheetDialog.vue'
import ReaderPage from '../../../../src/client/features/circulation/reader/ReaderPage.vue'
import { planFiles } from '../../../../src/client/features/circulation/kept-files/useKeptFiles.ts'
import { readActor } from '../../../../src/client/storage/actor.ts'
import {
  circulationId,
  confirmationId,
  type Circulation,
} from '../../../../src/shared/circulation/circulation.ts'
import type { Document } from '../../../../src/shared/circulation/document/document.ts'
import {
  circulationFields,
  mountAt,
  NOW,
  OFFICER,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  textFile,
  until,
} from './fixtures.ts'

const sha = (n: number) => String(n).repeat(64)
let parts: ReturnType<typeof setupPhone>
const online = new Map<string, Uint8Array>()
beforeEach(() => {
  online.clear()
  parts = setupPhone({ online })
  // Pages that ask the endpoint for its limits would otherwise look for one on this machine.
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

const put = (id: string, part: Partial<Circulation>, n = 1) =>
  parts.db
    .records('circulation')
    .put(stored(id, 'unit:b1', circulationFields([revisionOf(1, sha(n))], { title: id, ...part })))
const branch = async () => {
  await parts.db
    .records('unit')
    .put(stored('b1', 'org', { kind: 'branch', name: '第一支部', parentId: 'root' } as never))
  await parts.db.records('role').put(stored('r', 'unit:b1', OFFICER))
}

describe('已归档', () => {
  it('leaves the lists, 今日 and the files to keep; folded by year, newest first', async () => {
    await put('在传的', {})
    await put('到期的', { expiresOn: '2026-11-22', deadline: '2026-11-20' }, 2)
    await put(
      '去年办结的',
      { state: 'closed', dispatchedAt: Date.parse('2025-12-31T17:00:00Z') - 86_400_000 },
      3,
    )
    const { wrapper } = await mountAt(CirculationListPage, '/circulation', '/circulation', parts)
    await until(() => wrapper.text().includes('已归档 2 份'))
    expect(wrapper.text()).toContain('1 份待签')
    expect(wrapper.text()).not.toContain('到期的')
    const fold = wrapper.findAll('button').find((b) => b.text().includes('已归档'))!
    expect(fold.attributes('aria-expanded')).toBe('false')
    await fold.trigger('click')
    const words = wrapper.text()
    expect([
      words.indexOf('2026 年') < words.indexOf('到期的'),
      words.indexOf('到期的') < words.indexOf('2025 年'),
    ]).toEqual([true, true])
    wrapper.unmount()

    const actor = await readActor(parts.db, 'p1', NOW)
    expect((await circulationItems(parts.phone, actor, NOW)).map((item) => item.title)).toEqual([
      '1 份文件待签',
    ])
    const lines = (await parts.db.records('circulation').toArray()).map((c) => lineFor(c, [], [], 'p1', NOW))
    const plan = planFiles(lines)
    expect([plan.keep, plan.remove, plan.free.sort()]).toEqual([[sha(1)], [], [sha(2), sha(3)]])
  })

  it('tells 今日 how often the person has signed today, and counts the papers that are due by tonight', async () => {
    await put('c1', { deadline: '2026-11-20' })
    await put('c2', { deadline: '2027-01-20' })
    const row = { scope: 's', rev: 1, schemaVersion: 1, author: 'p1', receivedAt: NOW, pending: 0 }
    const signed = (id: string, personId: string, observedAt: number) => ({
      ...row,
      id,
      observedAt,
      fields: { circulationId: 'elsewhere', personId, revision: 1, supersedes: [] },
    })
    await parts.db
      .rows('sign-off')
      .bulkPut([
        signed('today', 'p1', NOW),
        signed('of-another', 'p2', NOW),
        signed('long-ago', 'p1', NOW - 86_400_000),
      ] as never)
    const actor = await readActor(parts.db, 'p1', NOW)
    const told: number[] = []
    const [toSign] = await circulationItems(parts.phone, actor, NOW, (count) => told.push(count))
    expect(told).toEqual([1])
    expect(toSign).toMatchObject({ title: '2 份文件待签', due: { count: 1 } })
    expect(toSign!.due!.minutes).toBeLessThan(toSign!.minutes!)
  })

  it('says until when it was valid, asks for no signature and is not called late', async () => {
    await put('c1', { expiresOn: '2026-11-22', deadline: '2026-11-20' })
    const { wrapper } = await mountAt(ReaderPage, '/circulation/:id', '/circulation/c1', parts)
    await until(() => wrapper.text().includes('有效期至 2026 年 11 月 22 日，已归档'))
    expect(wrapper.text()).toContain('归档前没有签字，现在不用签了')
    expect(wrapper.text()).not.toContain('已过截止日')
    expect(wrapper.find('a[href$="/sign"]').exists()).toBe(false)
    wrapper.unmount()
  })
})

it('a recall says who, when and why; of the own branch by name, else 党建科', async () => {
  const recalled = {
    state: 'recalled',
    stateReason: '附件有误',
    stateAt: NOW - 3_600_000,
    stateBy: 'p2',
  } as const
  await put('c1', recalled)
  const look = () => mountAt(ReaderPage, '/circulation/:id', '/circulation/c1', parts)
  const { wrapper } = await look()
  await until(() => wrapper.text().includes('党建科 06:52 撤回。原因：附件有误。文件已从本机移除'))
  const member = {
    personId: 'p2',
    unitId: 'b1',
    name: '王丽',
    memberKind: 'full',
    votingRight: true,
    primary: true,
  }
  await parts.db
    .records('membership')
    .put(stored('m', 'unit:b1', { ...member, from: '2020-01-01', to: null } as never))
  await until(() => wrapper.text().includes('王丽 06:52 撤回'))
  wrapper.unmount()
})

describe('看改动', () => {
  const withTwo = async (before: string, after: string) => {
    const [old, fresh] = [await textFile(before), await textFile(after)]
    for (const file of [old, fresh]) online.set(file.sha256, file.bytes)
    await parts.phone.blobs.keep(fresh.sha256)
    const revisions = [revisionOf(1, old.sha256), { ...revisionOf(2, fresh.sha256), note: '改了时间' }]
    await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields(revisions)))
    await parts.db.records('sign-off').put(stored('s', 'file:b1:p1', signOffFields('p1', 1, old.sha256)))
    return { old, fresh }
  }
  const press = async (wrapper: Awaited<ReturnType<typeof mountAt>>['wrapper'], words: string) => {
    await until(() => wrapper.findAll('button').some((b) => b.text().includes(words)))
    await wrapper
      .findAll('button')
      .find((b) => b.text().includes(words))!
      .trigger('click')
  }

  it('asks again, says what was signed, downloads the old text when it is gone, and tells the change without colour', async () => {
    const { old } = await withTwo(
      '通知\n\n到 17:30 止。\n\n旧的一段。',
      '通知\n\n到 18:00 止。\n\n周末照常，另行安排值守。',
    )
    const { wrapper } = await mountAt(ReaderPage, '/circulation/:id', '/circulation/c1', parts)
    await until(() => wrapper.text().includes('本版说明：改了时间'))
    expect(wrapper.text()).toMatch(/签过第 1 版，现在是第 2 版，请看后再签一次/)
    await press(wrapper, '看改动')
    await until(() => wrapper.text().includes('第 1 版的文件不在本机'))
    await press(wrapper, '现在下载')
    await until(() => wrapper.text().includes('新增 1 段，删去 1 段，修改 1 段。'))
    expect(await parts.phone.blobs.has(old.sha256)).toBe(true)
    expect(wrapper.findAll('del').map((d) => d.text())).toEqual(['〔删去：17:30〕', '旧的一段。'])
    expect(wrapper.findAll('ins').map((i) => i.text())).toEqual([
      '〔新增：18:00〕',
      '周末照常，另行安排值守。',
    ])
    for (const word of ['修改', '删去', '新增']) expect(wrapper.text()).toContain(word)
    await press(wrapper, '看全文')
    await until(() => wrapper.find('file-view-stub').exists() || wrapper.html().includes('document-files'))
    wrapper.unmount()
  })

  it('says so when the old text cannot be had without a network', async () => {
    await withTwo('旧', '新')
    online.clear()
    const { wrapper } = await mountAt(ReaderPage, '/circulation/:id', '/circulation/c1?changes', parts)
    await press(wrapper, '现在下载')
    await until(() => wrapper.text().includes('连不上'))
    wrapper.unmount()
  })

  it('compares with what the person signed last, else with the one before; never with what has no words', () => {
    const pdf = (r: ReturnType<typeof revisionOf>, name: string, mime: string) => ({
      ...r,
      file: { ...r.file, name, mime },
    })
    const revisions = [1, 2, 3].map((n) => revisionOf(n, sha(n)))
    const line = (signed: number[], of = revisions) => {
      const signOffs = signed.map((n) => ({
        id: `s${n}`,
        pending: 0 as const,
        fields: signOffFields('p1', n, sha(n)),
      }))
      return lineFor(stored('c1', '', circulationFields(of)), [], signOffs, 'p1', NOW)
    }
    expect(comparableBefore(line([]))?.revision).toBe(2)
    expect(comparableBefore(line([1]))?.revision).toBe(1)
    expect(comparableBefore(line([], revisions.slice(0, 1)))).toBeUndefined()
    const picture = pdf(revisions[1]!, '扫描.jpg', 'image/jpeg')
    expect(comparableBefore(line([], [picture, revisions[2]!]))).toBeUndefined()
  })

  it('compares attachments too, with no network: what came, went, is another one or is called otherwise', async () => {
    const text = await Promise.all(
      ['正文', '一张表\n\n到 17:30 止。', '一张表\n\n到 18:00 止。', '新表'].map(textFile),
    )
    const [main, table, newTable, fresh] = text
    for (const file of text) {
      online.set(file.sha256, file.bytes)
      await parts.phone.blobs.keep(file.sha256)
    }
    online.clear()
    const of = (sha256: string, name: string, mime = 'text/markdown') => ({
      file: { sha256, name, mime, sizeBytes: 2048 },
      pages: null,
      readingSha256: null,
    })
    const before = [
      of(table!.sha256, '附表.md'),
      of(sha(61), '流程图.png', 'image/png'),
      of(sha(62), '旧表.pdf'),
    ]
    const after = [
      of(newTable!.sha256, '附表.md'),
      of(sha(63), '流程图.png', 'image/png'),
      of(fresh!.sha256, '新表.md'),
    ]
    const revisions = [before, after].map((attachments, at) => ({
      ...revisionOf(at + 1, main!.sha256),
      attachments,
    }))
    await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields(revisions)))
    const { wrapper } = await mountAt(ReaderPage, '/circulation/:id', '/circulation/c1?changes', parts)
    await until(() => wrapper.text().includes('附件：新增 1 个，删去 1 个，更换 2 个。'))
    expect(wrapper.text()).toContain('正文没有改动，改动在附件里。')
    expect(wrapper.text()).toMatch(/旧表\.pdf.*删去/)
    // Of pictures there are no words: only one button.
    expect(wrapper.findAll('button').filter((b) => b.text() === '对照文字')).toHaveLength(1)
    await press(wrapper, '对照文字')
    await until(() => wrapper.find('del').exists())
    expect([wrapper.find('del').text(), wrapper.find('ins').text()]).toEqual([
      '〔删去：17:30〕',
      '〔新增：18:00〕',
    ])
    wrapper.unmount()
  })

  it('offers the comparison where only attachments can be compared', () => {
    const picture = {
      ...revisionOf(1, sha(1)),
      file: { ...revisionOf(1, sha(1)).file, name: 'a.png', mime: 'image/png' },
    }
    const attachments = [{ file: picture.file, pages: null, readingSha256: null }]
    const line = lineFor(
      stored('c1', '', circulationFields([picture, { ...picture, revision: 2, attachments }])),
      [],
      [],
      'p1',
      NOW,
    )
    expect(comparableBefore(line)?.revision).toBe(1)
  })

  it('folds what stayed the same, with a paragraph of context on each side', () => {
    const same = (n: number) =>
      Array.from({ length: n }, (_, at) => ({ kind: 'same' as const, text: `${at}` }))
    const added = { kind: 'added' as const, text: '新' }
    const kinds = foldSame([...same(6), added, ...same(9), added, ...same(2)]).map((s) =>
      s.kind === 'folded' ? s.paragraphs.length : s.kind,
    )
    expect(kinds).toEqual([5, 'same', 'added', 'same', 7, 'same', 'added', 'same', 'same'])
    expect(sumInWords(same(3))).toContain('文字相同')
  })

  it('joins the lines of a PDF to paragraphs, so that one word more does not change every line', () => {
    const text = linesToParagraphs(
      '关于延时服务的通知\n一、窗口延时服务到\n十七点三十分。\n- 1 -\n二、由值班长安排。',
    )
    expect(text.split('\n')).toEqual([
      '关于延时服务的通知',
      '一、窗口延时服务到十七点三十分。',
      '二、由值班长安排。',
    ])
  })
})

it('the last day of validity is on or after the deadline', () => {
  expect(datesErrors('2026-11-25', '', '2026-11-23')).toEqual({})
  expect(datesErrors('2026-11-25', '2026-11-25', '2026-11-23')).toEqual({})
  expect(datesErrors('2026-11-25', '2026-11-24', '2026-11-23').expiresOn).toContain('不能早于截止日')
  expect(datesErrors('2026-11-22', '2026-11-25', '2026-11-23').deadline).toContain('不能早于今天')
})

describe("an officer's own desk", () => {
  const own = (part: Partial<Document> = {}): Document => ({
    ownerUnitId: 'b1',
    documentNo: '',
    title: '支部活动安排',
    issuer: '',
    receivedOn: null,
    urgency: '平件',
    instructions: '',
    nonClassifiedBy: 'p1',
    nonClassifiedAt: NOW,
    revisions: [revisionOf(1, sha(1))],
    withdrawn: false,
    ...part,
  })
  const open = () => mountAt(DocumentPage, '/desk/documents/:id', '/desk/documents/d1', parts)

  it('lists the documents of the branch, and is closed to whoever holds no office', async () => {
    await parts.db.records('document').put(stored('d1', 'desk:b1', own()))
    const closed = await mountAt(DocumentsPage, '/desk/documents', '/desk/documents', parts)
    await until(() => closed.wrapper.text().includes('这里由党建科和支部委员使用'))
    closed.wrapper.unmount()
    await branch()
    const { wrapper } = await mountAt(DocumentsPage, '/desk/documents', '/desk/documents', parts)
    await until(() => wrapper.text().includes('支部活动安排'))
    expect(wrapper.text()).toContain('待第二人确认')
    wrapper.unmount()
  })

  it('offers the dispatch only when a second person has confirmed, and writes one circulation with no network', async () => {
    await branch()
    await parts.db.records('document').put(stored('d1', 'desk:b1', own()))
    const { wrapper } = await open()
    await until(() => wrapper.text().includes('请本支部另一位支部委员联网后打开这里'))
    expect(wrapper.text()).not.toContain('发到本支部')
    const confirmation = {
      ownerUnitId: 'b1',
      documentId: 'd1',
      revision: 1,
      sha256: sha(1),
      confirmedBy: 'p2',
      title: '',
    }
    await parts.db
      .records('document-confirmation')
      .put(stored(confirmationId('d1', 1), 'desk:b1', confirmation))
    for (const [personId, name] of [
      ['p1', '陈思远'],
      ['p2', '王丽'],
    ] as const) {
      const member = { personId, unitId: 'b1', name, memberKind: 'full', votingRight: true, primary: true }
      await parts.db
        .records('membership')
        .put(stored(personId, 'unit:b1', { ...member, from: '2020-01-01', to: null } as never))
    }
    await until(() => wrapper.findAll('button').some((b) => b.text() === '发到本支部'))
    await wrapper
      .findAll('button')
      .find((b) => b.text() === '发到本支部')!
      .trigger('click')
    const send = () =>
      [...document.querySelectorAll('button')].find((b) => b.textContent?.includes('发给 2 人'))
    await until(() => send() !== undefined && document.body.textContent!.includes('王丽'))
    send()!.click()
    send()?.click()
    await until(async () => (await parts.db.records('circulation').count()) === 1)
    const sent = (await parts.phone.store.get('circulation', circulationId('d1', 'b1')))!
    expect([sent.pending, sent.fields.dispatchedBy, sent.fields.recipients.length]).toEqual([1, 'p1', 2])
    expect(await parts.db.outbox.count()).toBe(1)
    await until(() => wrapper.text().includes('送达后支部党员才能收到'))
    wrapper.unmount()
  })

  it('registers a text that was written on the phone, with no network; words that are not taken stay', async () => {
    await branch()
    const { wrapper, router } = await mountAt(
      DocumentFormPage,
      '/desk/documents/new',
      '/desk/documents/new',
      parts,
    )
    const button = (words: string) =>
      [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === words)!
    await until(() => button('直接写文字') !== undefined)
    await wrapper.findAll('input')[0]!.setValue('十二月活动/安排')
    const dialog = () => document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')
    const open = async () => {
      button('直接写文字').click()
      await until(() => dialog() !== null)
    }
    const write = async (words: string) => {
      dialog()!.value = words
      dialog()!.dispatchEvent(new Event('input'))
      button('加到文件里').click()
      // Until it has closed itself, also when what was written was not taken.
      await until(() => !wrapper.getComponent(TypedText).getComponent(SheetDialog).props('show'))
    }
    await open()
    await write('机密★三年\n\n周五下午三点。')
    expect(wrapper.text()).toContain('机密')
    await open()
    expect(dialog()!.value).toContain('周五下午三点')
    await write('周五下午三点，二楼会议室。')
    await until(() => wrapper.text().includes('十二月活动 安排.md'))
    await wrapper.get('input[type=checkbox]').setValue(true)
    await wrapper.get('form').trigger('submit')
    await until(() => router.currentRoute.value.path !== '/desk/documents/new')
    const [made] = await parts.db.records('document').toArray()
    expect(made!.fields).toMatchObject({ ownerUnitId: 'b1', title: '十二月活动/安排', nonClassifiedBy: 'p1' })
    const { sha256 } = made!.fields.revisions[0]!.file
    expect(await (await parts.phone.blobs.get(sha256))!.text()).toBe('周五下午三点，二楼会议室。\n')
    expect(await parts.db.outbox.count()).toBe(1)
    wrapper.unmount()
  })

  it('asks for the reason of a recall before it is one', async () => {
    await branch()
    await parts.db.records('document').put(stored('d1', 'desk:b1', own()))
    const fields = circulationFields([revisionOf(1, sha(1))], { documentId: 'd1' })
    const id = circulationId('d1', 'b1')
    await parts.db.records('circulation').put(stored(id, 'unit:b1', fields))
    const { wrapper } = await open()
    await until(() => wrapper.findAll('button').some((b) => b.text() === '撤回'))
    await wrapper
      .findAll('button')
      .find((b) => b.text() === '撤回')!
      .trigger('click')
    const yes = () =>
      [...document.querySelectorAll('button')].find((b) => b.textContent?.includes('撤回文件'))
    await until(() => yes() !== undefined)
    yes()!.click()
    await until(() => document.body.textContent!.includes('请写撤回的原因'))
    expect((await parts.phone.store.get('circulation', id))!.fields.state).toBe('open')
    const reason = document.querySelector('textarea')!
    reason.value = '时间有变'
    reason.dispatchEvent(new Event('input'))
    await until(() => !document.body.textContent!.includes('请写撤回的原因'))
    yes()!.click()
    await until(async () => (await parts.phone.store.get('circulation', id))!.fields.state === 'recalled')
    expect((await parts.phone.store.get('circulation', id))!.fields).toMatchObject({
      stateReason: '时间有变',
      stateBy: 'p1',
    })
    wrapper.unmount()
  })
})
