// @vitest-environment happy-dom
/** 接收考勤 and 交出 of a meeting that only this phone has: who finds them, and what they say of what goes along and what does not. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import GivePane from '../../../../../src/client/features/meetings/roll/carry/GivePane.vue'
import MeetingsPage from '../../../../../src/client/features/meetings/list/MeetingsPage.vue'
import TakePane from '../../../../../src/client/features/meetings/roll/carry/TakePane.vue'
import TakeRollPage from '../../../../../src/client/features/meetings/roll/carry/TakeRollPage.vue'
import { deliveryKey } from '../../../../../src/client/sync/delivery-state.ts'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, fillBranch, meetingFields, setupPhone, type TestPhone } from '../fixtures.ts'

let phone: TestPhone
beforeEach(() => {
  phone = setupPhone('p0')
})
afterEach(() => {
  vi.unstubAllGlobals()
  phone.db.close()
})

function show(component: object, props: object = {}, of = phone) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:all(.*)*', component: {} }],
  })
  const provide = { [phoneKey as symbol]: of, [deliveryKey as symbol]: { syncNow: async () => undefined } }
  return mount(component, { props, global: { plugins: [router], provide } })
}
const signing = {
  keyId: async () => 'k1',
  sign: async () => 's'.repeat(86),
} as unknown as TestPhone['deviceKeys']

it('交出 of a meeting made here: where the other one goes, that the meeting goes along, and that its files do not', async () => {
  await fillBranch(phone, 5)
  phone.deviceKeys = signing
  const file = { sha256: 'a'.repeat(64), name: '材料.pdf', mime: 'application/pdf', sizeBytes: 9 }
  await phone.store.put('meeting', meetingFields({ attachments: [file] }) as never, { id: 'made-here' })
  const pane = show(GivePane, { meetingId: 'made-here', title: '大会' })
  await eventually(() => expect(pane.text()).toContain('点最下面的“接收考勤”'))
  expect(pane.text()).toContain('还没有考勤记录。')
  expect(pane.text()).toContain('这场会议是在本机建的，还没有送达，会一并交出。会议的 1 个附件不能用码交出')
  expect((await phone.db.outbox.toArray()).map(({ handed }) => handed)).toEqual([true])
})

it('交出 of a meeting that everybody has says nothing of it', async () => {
  await fillBranch(phone, 5)
  phone.deviceKeys = signing
  await arrive(phone.db, 'meeting', 'everywhere', meetingFields())
  const pane = show(GivePane, { meetingId: 'everywhere', title: '大会' })
  await eventually(() => expect(pane.text()).toContain('还没有可交出的记录'))
})

it('交出 of a meeting that was changed here: that the change goes along, and then what does not', async () => {
  await fillBranch(phone, 5)
  phone.deviceKeys = signing
  await arrive(phone.db, 'meeting', 'changed', meetingFields())
  await phone.store.put('meeting', meetingFields({ agenda: '改过' }) as never, { id: 'changed' })
  const first = show(GivePane, { meetingId: 'changed', title: '大会' })
  await eventually(() =>
    expect(first.text()).toContain('本机对这场会议的改动（时间、地点、议程等）还没有送达，会一并交出'),
  )
  expect(first.text()).not.toContain('不在里面')
  await phone.store.put('meeting', meetingFields({ agenda: '又改过' }) as never, { id: 'changed' })
  const own = { unitId: 'b1', meetingId: 'changed', personId: 'p0', sentence: '看过了' }
  await phone.store.put('make-up', own as never)
  const again = show(GivePane, { meetingId: 'changed', title: '大会' })
  await eventually(() => expect(again.text()).toContain('你后来改的议程不在里面'))
  expect(again.text()).toContain('另有 1 条待送达的（表决、纪要等）不在交接里')
})

it('接收 says which later changes of the meeting did not come along, and whose word counts', async () => {
  const came = {
    type: 'taken',
    meetingId: 'm',
    title: '大会',
    from: '陈静',
    added: 2,
    known: 0,
    meetingAdded: false,
    edit: 'none',
    behind: ['date', 'sittings'],
    files: 0,
  }
  const nothing = {
    progress: ref(),
    hint: ref(''),
    trouble: ref(''),
    isFilming: ref(false),
    isBlind: ref(false),
  }
  const roll = {
    ...nothing,
    taken: ref(came),
    hasNews: ref(true),
    round: ref(0),
    stop: () => {},
    seen: () => {},
  }
  const pane = show(TakePane, { roll, meetingId: 'm' })
  expect(pane.text()).toContain('已接收 陈静的 2 条记录')
  expect(pane.text()).toContain(
    '陈静后来又改过日期、场次的时间和地点，不在里面：请当面问清，以陈静说的为准。',
  )
})

it('接收考勤 is found by officers, also where there is no meeting yet, and opens for nobody else', async () => {
  await fillBranch(phone, 5)
  const ways = (wrapper: ReturnType<typeof show>) => wrapper.findAll('a[href="/meetings/take"]').length
  const empty = show(MeetingsPage)
  await eventually(() => expect(empty.text()).toContain('还没有会议'))
  expect(ways(empty)).toBe(1)
  await arrive(phone.db, 'meeting', 'everywhere', meetingFields())
  await eventually(() => expect(empty.text()).toContain('11 月支部党员大会'))
  expect(ways(empty)).toBe(1)
  const page = show(TakeRollPage)
  await eventually(() => expect(page.text()).toContain('打开相机'))

  const member = setupPhone('p3')
  await fillBranch(member, 5)
  const theirs = show(TakeRollPage, {}, member)
  await eventually(() => expect(theirs.text()).toContain('只有记录人能接收考勤'))
  const list = show(MeetingsPage, {}, member)
  await eventually(() => expect(list.text()).toContain('还没有会议'))
  expect(ways(list)).toBe(0)
  member.db.close()
})

const buttonsOf = (page: ReturnType<typeof show>) => page.findAll('button.button').map((each) => each.text())
const press = (page: ReturnType<typeof show>, word: string) =>
  page
    .findAll('.foot button')
    .find((each) => each.text() === word)!
    .trigger('click')

it('接收考勤 has all that can be pressed in its foot, and a second press does no harm', async () => {
  await fillBranch(phone, 5)
  const opened = vi.fn(() => new Promise<MediaStream>(() => undefined))
  vi.stubGlobal('navigator', { ...navigator, mediaDevices: { getUserMedia: opened } })
  const page = show(TakeRollPage)
  await eventually(() => expect(buttonsOf(page)).toEqual(['打开文件', '打开相机']))
  expect(page.findAll('.foot button.button')).toHaveLength(2)
  await press(page, '打开相机')
  await eventually(() => expect(page.text()).toContain('正在打开相机'))
  expect(buttonsOf(page)).toEqual(['关闭相机', '重新收'])
  // What stands where 打开相机 stood.
  await press(page, '重新收')
  await eventually(() => expect(opened).toHaveBeenCalledTimes(2))
  expect(page.text()).toContain('正在打开相机')
  await press(page, '关闭相机')
  await eventually(() => expect(buttonsOf(page)).toEqual(['打开文件', '打开相机']))
  page.unmount()
})

it('接收考勤 without a camera says why, and leaves both ways open', async () => {
  await fillBranch(phone, 5)
  const failing = vi.fn(() => Promise.reject(new DOMException('told in English', 'NotFoundError')))
  vi.stubGlobal('navigator', { ...navigator, mediaDevices: { getUserMedia: failing } })
  const page = show(TakeRollPage)
  await eventually(() => expect(buttonsOf(page)).toContain('打开相机'))
  await press(page, '打开相机')
  await eventually(() => expect(page.text()).toContain('没有找到相机'))
  await eventually(() => expect(buttonsOf(page)).toEqual(['打开文件', '打开相机']))
  await press(page, '打开相机')
  await eventually(() => expect(failing).toHaveBeenCalledTimes(2))
  page.unmount()
})
