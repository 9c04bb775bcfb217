// @vitest-environment happy-dom
/**
 * Guarantee to the recorder: a file that stands in the list is in the draft and on this phone, also after a kill; taken out, it is
 * nowhere; a refused hand-over says why and can be made again. To the chair and the members: each file is there to be opened before
 * it is confirmed and afterwards, and stands on the paper with the first digits of its hash.
 */
import 'fake-indexeddb/auto'
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import MeetingPage from '../../../../../src/client/features/meetings/detail/MeetingPage.vue'
import { filesIn } from '../../../../../src/client/features/meetings/minutes/attachments/draft-files.ts'
import MinutesPage from '../../../../../src/client/features/meetings/minutes/MinutesPage.vue'
import ProposalPage from '../../../../../src/client/features/meetings/minutes/ProposalPage.vue'
import RecordPage from '../../../../../src/client/features/meetings/record/RecordPage.vue'
import { createBlobStore } from '../../../../../src/client/storage/files/blobs.ts'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { minutesDraftId } from '../../../../../src/shared/meetings/minutes/draft.ts'
import { sha256Hex } from '../../../../../src/shared/sync/canonical.ts'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, BRANCH, fillBranch, meetingFields, NOW, setupPhone, type TestPhone } from '../fixtures.ts'

vi.mock('../../../../../src/client/ui/feedback/confirm.ts', () => ({ useConfirm: () => async () => true }))

const DRAFT = minutesDraftId('mt', 'p2')
const CONTENT = '签到表的内容'
const SHA256 = sha256Hex(CONTENT)
const FILE = { sha256: SHA256, name: '签到表.txt', mime: 'text/plain', sizeBytes: 18 }

let page: VueWrapper | undefined
beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
})
afterEach(() => {
  page?.unmount()
  page = undefined
  vi.unstubAllGlobals()
})

async function phoneOf(personId: string): Promise<TestPhone> {
  const phone = { ...setupPhone(personId), deviceKeys: { keyId: async () => null } } as unknown as TestPhone
  const bytes = new TextEncoder().encode(CONTENT)
  const fetchBlob = async () => ({ bytes, mime: 'text/plain' })
  phone.blobs = createBlobStore({ db: phone.db, fetchBlob, now: phone.now })
  await fillBranch(phone, 8)
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ chairId: 'p0', recorderId: 'p2' }))
  return phone
}
function open(component: Component, phone: TestPhone, props: object = {}): VueWrapper {
  page?.unmount()
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  page = mount(component, {
    props: { id: 'mt', ...props },
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  return page
}
const button = (words: string) => page!.findAll('button').find((b) => b.text() === words)
async function choose(...files: File[]): Promise<void> {
  const input = page!.get('input[type=file]')
  Object.defineProperty(input.element, 'files', { value: files, configurable: true })
  await input.trigger('change')
}
const textFile = (name = '签到表.txt', content = CONTENT) => new File([content], name, { type: 'text/plain' })
const draftOn = async (phone: TestPhone) => (await phone.store.get('minutes-draft', DRAFT))?.fields
const proposalsOn = (phone: TestPhone) => phone.db.records('minutes-proposal').toArray()

describe('the recorder', () => {
  it('adds a file: it is in the draft and on the phone, and there again after a kill; taken out, it is nowhere', async () => {
    const phone = await phoneOf('p2')
    open(MinutesPage, phone)
    await eventually(() => expect(page!.find('input[type=file]').exists()).toBe(true))
    await choose(textFile(), textFile('另存.txt'))
    await eventually(async () => expect(filesIn(await draftOn(phone))).toEqual([FILE]))
    expect(page!.text()).toContain('“另存.txt”和“签到表.txt”内容相同')
    expect(await phone.blobs.has(SHA256)).toBe(true)

    open(MinutesPage, phone)
    await eventually(() => expect(page!.find('[aria-label="移除 签到表.txt"]').exists()).toBe(true))
    await page!.get('[aria-label="移除 签到表.txt"]').trigger('click')
    await eventually(async () => {
      expect(filesIn(await draftOn(phone))).toEqual([])
      expect(await phone.blobs.has(SHA256)).toBe(false)
    })
    expect(JSON.stringify(await draftOn(phone))).not.toContain('签到表')
  })

  it('opens it from the list with no network, as it lies on this phone; what lies on another device has no such button', async () => {
    const phone = await phoneOf('p2')
    open(MinutesPage, phone)
    await eventually(() => expect(page!.find('input[type=file]').exists()).toBe(true))
    await choose(textFile())
    await eventually(() => expect(page!.find('[aria-label="打开：签到表.txt"]').exists()).toBe(true))
    const opened: Blob[] = []
    const spy = vi.spyOn(URL, 'createObjectURL').mockImplementation((content) => {
      opened.push(content as Blob)
      return 'about:blank'
    })
    await page!.get('[aria-label="打开：签到表.txt"]').trigger('click')
    await eventually(() => expect(opened).toHaveLength(1))
    spy.mockRestore()
    expect(await opened[0]!.text()).toBe(CONTENT)
    await phone.db.blobs.clear()
    await eventually(() => {
      expect(page!.text()).toContain('在你的另一台设备上')
      for (const word of ['打开', '下载'])
        expect(page!.find(`[aria-label="${word}：签到表.txt"]`).exists()).toBe(false)
    })
  })

  it('keeps the sections that stood on the screen when a file is the first thing that is written', async () => {
    const phone = await phoneOf('p2')
    await arrive(phone.db, 'minutes', 'old', {
      unitId: BRANCH,
      meetingId: 'mt',
      title: '大会',
      stage: 'in-work',
      body: '从前写的',
      proposalId: null,
    })
    open(MinutesPage, phone)
    await eventually(() => expect(page!.findAll('textarea')[0]?.element.value).toBe('从前写的'))
    await choose(textFile())
    await eventually(async () => expect(filesIn(await draftOn(phone))).toEqual([FILE]))
    expect(JSON.stringify((await draftOn(phone))?.sections)).toContain('从前写的')
  })

  it('a file with a mark of secrecy inside is refused by name, and nothing of it is kept', async () => {
    const phone = await phoneOf('p2')
    open(MinutesPage, phone)
    await eventually(() => expect(page!.find('input[type=file]').exists()).toBe(true))
    const marked = '秘密★1年\n\n关于值班安排的通知'
    await choose(textFile('通知.txt', marked), textFile())
    await eventually(async () => expect(filesIn(await draftOn(phone))).toEqual([FILE]))
    expect(page!.get('[role=alert]').text()).toContain('“通知.txt”没有加上。文件里有密级标志“秘密”')
    expect(await phone.blobs.has(sha256Hex(marked))).toBe(false)
  })

  it('hands it over with the words; refused, the page says why and it can be handed over again', async () => {
    const phone = await phoneOf('p2')
    open(MinutesPage, phone)
    await eventually(() => expect(page!.find('textarea').exists()).toBe(true))
    await page!.get('textarea').setValue('议定两项。')
    await choose(textFile())
    await eventually(async () => expect(filesIn(await draftOn(phone))).toEqual([FILE]))
    await button('写好了')!.trigger('click')
    await eventually(async () => expect((await proposalsOn(phone))[0]?.fields.files).toEqual([FILE]))
    await eventually(() => expect(button('等待确认')).toBeDefined())
    const [first] = await proposalsOn(phone)
    await phone.db.outbox.where({ type: 'minutes-proposal' }).delete()
    await phone.db.rows('minutes-proposal').clear()
    await phone.db.attention.add({
      type: 'minutes-proposal',
      id: first!.id,
      sentence: '文件里有密级标志“机密”，没有收下。',
      code: 'secrecy-mark',
      op: 'put',
      fields: first!.fields,
    } as never)
    await eventually(() => expect(page!.text()).toContain('文件里有密级标志“机密”，没有收下。'))
    expect(button('写好了')!.attributes('disabled')).toBeUndefined()
    await page!.get('[aria-label="移除 签到表.txt"]').trigger('click')
    await eventually(async () => expect(filesIn(await draftOn(phone))).toEqual([]))
    await button('写好了')!.trigger('click')
    await eventually(async () => {
      const [second] = await proposalsOn(phone)
      expect(second?.fields).not.toHaveProperty('files')
      expect(second?.fields.supersedes).toEqual([first!.id])
    })
  })

  it('on another device: what lies on the first is told, and nothing is handed over without it; once sent it needs no phone', async () => {
    const phone = await phoneOf('p2')
    const { sha256, ...named } = FILE
    const draft = (sent: boolean) => ({
      unitId: BRANCH,
      meetingId: 'mt',
      writerId: 'p2',
      writerName: '王芳',
      title: '',
      sections: { text: { heading: '内容', text: '议定两项。', order: 1 } },
      files: { [sha256]: { ...named, order: 1, gone: false, sent } },
    })
    await arrive(phone.db, 'minutes-draft', DRAFT, draft(false))
    open(MinutesPage, phone)
    await eventually(() => expect(page!.text()).toContain('“签到表.txt”在你的另一台设备上'))
    expect(button('写好了')!.attributes('disabled')).toBeDefined()
    await arrive(phone.db, 'minutes-draft', DRAFT, draft(true))
    await eventually(() => expect(page!.text()).not.toContain('在你的另一台设备上'))
    expect(button('写好了')!.attributes('disabled')).toBeUndefined()
  })
})

describe('the chair and the members', () => {
  const proposal = {
    unitId: BRANCH,
    meetingId: 'mt',
    title: '大会',
    about: 'minutes',
    keeperId: 'p0',
    writerId: 'p2',
    writerName: '王芳',
    body: '议定两项。',
    why: '',
    proposedAt: NOW,
    supersedes: [],
    files: [FILE],
  }
  it('the chair opens the file before confirming, and confirms both', async () => {
    const phone = await phoneOf('p0')
    await arrive(phone.db, 'minutes-proposal', 'pr', proposal)
    open(ProposalPage, phone, { proposalId: 'pr' })
    await eventually(() => expect(page!.find('[aria-label="下载：签到表.txt"]').exists()).toBe(true))
    expect(page!.text()).toContain('我确认这份纪要和 1 个附件与会议情况相符。')
    await page!.get('[aria-label="下载：签到表.txt"]').trigger('click')
    await eventually(() => expect(page!.find('[aria-label="打开：签到表.txt"]').exists()).toBe(true))
    await button('确认定稿')!.trigger('click')
    await eventually(async () =>
      expect((await phone.db.records('minutes').toArray())[0]?.fields.files).toEqual([FILE]),
    )
  })

  it('everybody finds it under the fixed minutes and on the paper; minutes without files show none', async () => {
    const phone = await phoneOf('p3')
    const fixed = (over: object) => ({
      unitId: BRANCH,
      meetingId: 'mt',
      title: '大会',
      stage: 'fixed',
      body: '议定两项。',
      confirmedBy: 'p0',
      confirmedAt: NOW,
      proposalId: 'pr',
      writerId: 'p2',
      facts: null,
      keyId: null,
      deviceSignature: null,
      ...over,
    })
    await arrive(phone.db, 'minutes', 'mt-fixed', fixed({ files: [FILE] }))
    open(MeetingPage, phone)
    await eventually(() => expect(page!.find('[aria-label="下载：签到表.txt"]').exists()).toBe(true))
    expect(page!.find('[aria-label^="移除"]').exists()).toBe(false)
    open(RecordPage, phone)
    const digits = `指纹前八位 ${SHA256.slice(0, 4)} ${SHA256.slice(4, 8)}`
    await eventually(() => expect(page!.text()).toContain(digits))
    expect(page!.text()).toContain('签到表.txt')
    await arrive(phone.db, 'minutes', 'mt-fixed', fixed({}))
    await eventually(() => expect(page!.text()).not.toContain('附件'))
  })
})
