// @vitest-environment happy-dom
/** Who can't sign now, as the roster says it: told beside the person, never reminded, and offered 免签 or a substitute in time. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { h } from 'vue'
import ProgressPage from '../../../../src/client/features/circulation/progress/ProgressPage.vue'
import ConfirmHost from '../../../../src/client/ui/feedback/ConfirmHost.vue'
import type { ShiftKind } from '../../../../src/shared/org/shifts/shift-roster.ts'
import {
  circulationFields,
  mountAt,
  NOW,
  OFFICER,
  revisionOf,
  setupPhone,
  stored,
  until,
} from './fixtures.ts'

const HOUR = 3_600_000
const PEOPLE = ['陈思远', '王丽', '赵敏', '孙强', '周洁', '吴磊']
const ids = PEOPLE.map((_, at) => `p${at + 1}`)
const days = (from: number, to: number, kind: ShiftKind) =>
  Object.fromEntries(Array.from({ length: to - from + 1 }, (_, n) => [String(from + n), kind]))

let parts: ReturnType<typeof setupPhone>
let page: Awaited<ReturnType<typeof mountAt>>
beforeEach(async () => {
  parts = setupPhone()
  const recipients = PEOPLE.map((name, at) => ({ personId: ids[at]!, name }))
  const fields = circulationFields([revisionOf(1, 'a'.repeat(64))], {
    recipients,
    dispatchedAt: NOW - 50 * HOUR,
  })
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', fields))
  await parts.db.records('role').put(stored('r', 'unit:b1', OFFICER))
  await parts.db.records('membership').bulkPut(
    recipients.map(({ personId, name }) =>
      stored(`m-${personId}`, 'unit:b1', {
        personId,
        unitId: 'b1',
        name,
        memberKind: 'full',
        from: '2020-01-01',
        to: null,
      } as never),
    ),
  )
  await parts.db.records('shift-roster').put(
    stored('roster', 'unit:b1', {
      unitId: 'b1',
      month: '2026-11',
      // The last day of the document is the 25th; today is the 23rd, 07:52.
      days: {
        p2: days(23, 24, 'leave'),
        p3: days(20, 30, 'leave'),
        p4: days(23, 23, 'rest'),
        p5: days(23, 23, 'night'),
      },
      hours: {},
    }),
  )
  const key = { unitId: 'b1', deviceId: 'd', deviceName: '', publicKey: 'k', enrolledAt: 1 }
  await parts.db
    .records('device-key')
    .bulkPut(
      ids
        .slice(0, 5)
        .map((personId) =>
          stored(`k-${personId}`, 'unit:b1', { ...key, personId, revokedAt: null, supersedes: [] }),
        ),
    )
  page = await mountAt(
    { render: () => [h(ProgressPage), h(ConfirmHost)] },
    '/circulation/:id/progress',
    '/circulation/c1/progress',
    parts,
  )
  await until(() => text().includes('请假中'))
})
afterEach(() => {
  page.wrapper.unmount()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})
const text = () => page.wrapper.text()
const row = (name: string) => page.wrapper.findAll('.person').find((r) => r.find('.words').text() === name)!
const press = (words: string, root: ParentNode = document) => {
  const found = [...root.querySelectorAll('button')].find((b) => b.textContent?.trim() === words)
  if (found === undefined) throw new Error(`no button ${words}`)
  found.click()
}
const reminded = async () =>
  (await parts.db.records('reminder').toArray()).map(({ fields }) => fields.personId)

it('each is told beside the name; those who can hardly sign are a group of their own', () => {
  expect(row('王丽').text()).toContain('请假中（11 月 24 日止）')
  expect(row('孙强').text()).toContain('今天休息')
  expect(row('周洁').text()).toContain('今天夜班')
  expect(row('吴磊').text()).toContain('没有登记手机')
  const groups = page.wrapper
    .findAll('section.list')
    .map((s) => [
      s.find('h2').exists() ? s.find('h2').text() : '',
      s.findAll('.person .title .words').map((w) => w.text()),
    ])
  expect(groups).toEqual([
    ['', ['陈思远', '孙强', '周洁']],
    ['不便签阅', ['王丽', '赵敏', '吴磊']],
  ])
})

it('one press reminds nobody who is on leave or rests, and says so before', async () => {
  expect(text()).toContain('2 人请假，1 人今天休息，这一次不催。')
  expect(text()).toContain('6 人未签，最早的 2 天前发出')
  press('催阅 3 人')
  await until(() => document.querySelector('[role=alertdialog]') !== null)
  expect(document.body.textContent).toContain('排了班的，在本人班次内显示')
  press('催阅 3 人', document.querySelector('[role=alertdialog]')!)
  await until(async () => (await reminded()).length > 0)
  expect((await reminded()).sort()).toEqual(['p1', 'p5', 'p6'])
})

it('who is back before the last day is offered nothing; who is not, 免签 in one tap, with the reason', async () => {
  expect(row('王丽').find('.offer').exists()).toBe(false)
  press('免签', row('赵敏').element)
  await until(() => document.querySelector('[role=dialog] textarea') !== null)
  const reason = document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')!
  expect(reason.value).toBe('请假至 11 月 30 日，截止日还在假期里')
  press('记为免签')
  await until(async () => (await parts.db.records('recipient-change').count()) === 1)
  const [change] = await parts.db.records('recipient-change').toArray()
  expect(change!.fields).toMatchObject({ personId: 'p3', change: 'excuse', reason: reason.value })
  await until(() => !text().includes('截止日还在假期里'))
})

it('or a substitute, who is then reminded in their place', async () => {
  press('请人代签', row('赵敏').element)
  await until(() => document.querySelector('[role=dialog] select') !== null)
  const select = document.querySelector<HTMLSelectElement>('[role=dialog] select')!
  select.value = 'p2'
  select.dispatchEvent(new Event('change'))
  await until(() =>
    [...document.querySelectorAll('button')].some((b) => b.textContent?.trim() === '指定代签' && !b.disabled),
  )
  press('指定代签')
  await until(() => document.querySelector('[role=alertdialog]') !== null)
  press('指定代签', document.querySelector('[role=alertdialog]')!)
  await until(() => text().includes('已请王丽代签'))
  // The substitute is on leave as well: nobody is reminded for this person.
  expect(text()).toContain('2 人请假')
  expect(row('赵敏').find('.offer').exists()).toBe(false)
})
