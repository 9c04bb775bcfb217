// @vitest-environment happy-dom
/**
 * 需处理, on the screen: a meeting that was changed twice and refused is one row; both versions and what stands now can be read;
 * 再送一次 sends the last word and nothing else, 放弃 takes it away only after a question; what fails is told and takes nothing away.
 */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { NewAttentionItem } from '../../../../src/client/storage/rows.ts'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import { eventually } from '../../../support/eventually.ts'
import { DAY, NOW, openPage, setupPhone, type TestPhone } from '../lessons/fake-phone.ts'

const LONG = '第一支部关于学习贯彻会议精神并讨论发展对象和第四季度窗口服务提升事项的支部党员大会'.repeat(2)
const fields = (over: object = {}) => ({
  unitId: 'b1',
  kindId: 'k',
  title: LONG,
  date: '2026-11-24',
  sittings: [{ id: 's', name: '早班场', startsAt: civilInstant('2026-11-24', '07:30'), place: '三楼' }],
  agenda: '一、学习',
  chairId: null,
  recorderId: null,
  guests: [],
  attachments: [],
  state: 'planned',
  ...over,
})
const refused = (over: object = {}) =>
  ({
    type: 'meeting',
    id: 'm',
    scope: 'unit:b1',
    op: 'put',
    schemaVersion: 1,
    conflict: 'content',
    code: 'stale-base',
    sentence: '别处也改过，没有收下。',
    label: `会议 ${LONG}`,
    baseRev: 1,
    observedAt: NOW - DAY,
    savedAt: NOW - DAY,
    refusedAt: NOW - 60_000,
    fields: fields({ agenda: '一、学习\n二、表决\n三、评议' }),
    ...over,
  }) as unknown as NewAttentionItem

let phone: TestPhone
let page: Awaited<ReturnType<typeof openPage>>
/** A closed one stays in the document, out of sight. */
const inSight = (role: string) =>
  [...document.querySelectorAll(`[role=${role}]`)].find(
    (one) => one.closest<HTMLElement>('.van-popup')?.style.display !== 'none',
  )
const said = () => inSight('dialog')?.textContent ?? ''
const asked = () => inSight('alertdialog')?.textContent ?? ''
const pressIn = (role: string, words: string): void =>
  [...inSight(role)!.querySelectorAll('button')].find((b) => b.textContent?.trim() === words)!.click()
const press = (words: string): void => pressIn('dialog', words)
const answer = (words: string): void => pressIn('alertdialog', words)
const rows = () => [...document.querySelectorAll('button')].filter((b) => b.textContent?.includes('看看'))

beforeEach(async () => {
  phone = setupPhone()
  await phone.give('meeting', 'm', fields({ agenda: '一、案头改的' }) as never)
  const { fields: first, savedAt, ...rest } = refused({ fields: fields({ agenda: '一、学习\n二、表决' }) })
  await phone.db.attention.add(
    refused({ earlier: [{ ...rest, fields: first, savedAt: savedAt - DAY, attentionId: 7 }] }) as never,
  )
  const component = () => import('../../../../src/client/features/me/delivery/DeliveryPage.vue')
  page = await openPage(phone, [{ path: '/me/delivery', component }], '/me/delivery')
  await eventually(() => expect(rows()).toHaveLength(1))
})
afterEach(() => {
  vi.restoreAllMocks()
  page.close()
  phone.db.close()
  document.body.innerHTML = ''
})
async function open(): Promise<void> {
  rows()[0]!.click()
  await eventually(() => expect(said()).toContain('你写的内容'))
  await eventually(() => expect(said()).toContain('现在的：'))
}

it('is one row for both changes, with its whole name, what was written, what stands, and what was written before', async () => {
  expect(rows()[0]!.textContent).toContain(LONG)
  expect(rows()[0]!.textContent).toContain('你改了 2 次，以最后一次为准。')
  await open()
  expect(said()).toMatch(/议程\s*一、学习\n二、表决\n三、评议\s*现在的：一、案头改的/)
  expect(said()).toMatch(/写的，与后来不同的.*议程\s*一、学习\n二、表决(?!\n三)/s)
  expect(said()).toContain('再送一次，就全部以你写的为准，盖过现在的')
})

it('sent again, the last word goes and rests on what stands; nothing of the first goes', async () => {
  await open()
  press('再送一次')
  await eventually(() => expect(rows()).toHaveLength(0))
  const queue = await phone.db.outbox.toArray()
  expect(queue.map((entry) => [entry.type, entry.id, entry.baseRev, entry.fields.agenda])).toEqual([
    ['meeting', 'm', 1, '一、学习\n二、表决\n三、评议'],
  ])
  expect(await phone.db.attention.count()).toBe(0)
})

it('given up only after a question that names it; what stands is left as it is', async () => {
  await open()
  press('放弃')
  await eventually(() => expect(asked()).toContain('放弃这一条？'))
  expect(asked()).toContain(LONG)
  answer('先留着')
  await eventually(() => expect(asked()).toBe(''))
  expect(await phone.db.attention.count()).toBe(1)
  await open()
  press('放弃')
  await eventually(() => expect(asked()).toContain('放弃这一条？'))
  answer('放弃')
  await eventually(() => expect(rows()).toHaveLength(0))
  expect(await phone.db.attention.count()).toBe(0)
  expect(await phone.db.outbox.count()).toBe(0)
  expect((await phone.db.records('meeting').get('m'))!.fields.agenda).toBe('一、案头改的')
})

it('where the phone can’t keep it, that is told in the sheet, and the item is still there', async () => {
  const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError')) as never
  await open()
  vi.spyOn(phone.db.outbox, 'add').mockImplementationOnce(full)
  press('再送一次')
  await eventually(() => expect(said()).toContain('手机空间不足'))
  expect([await phone.db.attention.count(), await phone.db.outbox.count()]).toEqual([1, 0])
  press('再送一次')
  await eventually(() => expect(rows()).toHaveLength(0))
  expect(await phone.db.outbox.count()).toBe(1)
})

it('where giving up fails, the sheet comes back and says so', async () => {
  await open()
  vi.spyOn(phone.db.attention, 'delete').mockImplementationOnce(
    () => Promise.reject(new DOMException('full', 'QuotaExceededError')) as never,
  )
  press('放弃')
  await eventually(() => expect(asked()).toContain('放弃这一条？'))
  answer('放弃')
  await eventually(() => expect(said()).toContain('手机空间不足'))
  expect(await phone.db.attention.count()).toBe(1)
})
