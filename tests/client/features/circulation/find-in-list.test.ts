// @vitest-environment happy-dom
/** Finding a document among three hundred: by words in any order and by state; what was typed stays; nothing found says what to do. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import CirculationListPage from '../../../../src/client/features/circulation/list/CirculationListPage.vue'
import { lineFor } from '../../../../src/client/features/circulation/circulation-lines.ts'
import { finderOf } from '../../../../src/client/features/circulation/list/list-groups.ts'
import {
  circulationFields,
  mountAt,
  NOW,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  until,
} from './fixtures.ts'

const SHA = 'a'.repeat(64)
const DAY = 86_400_000
const at = (n: number) =>
  stored(
    `c${n}`,
    'unit:b1',
    circulationFields([revisionOf(1, SHA)], {
      title: `关于第 ${n} 项延时服务的通知`,
      documentNo: `政务办〔2026〕${n} 号`,
      issuer: n % 2 === 0 ? '市政务服务管理局' : '机关党委',
      deadline: n <= 10 ? '2026-11-20' : '2026-12-20',
      dispatchedAt: NOW - n * DAY,
    }),
  )
const circulations = Array.from({ length: 300 }, (_, n) => at(n + 1))

let parts: ReturnType<typeof setupPhone>
beforeEach(async () => {
  parts = setupPhone()
  await parts.db.records('circulation').bulkPut(circulations)
  // The first hundred are still to be signed.
  await parts.db
    .records('sign-off')
    .bulkPut(
      circulations
        .slice(100)
        .map(({ id }) =>
          stored(`s-${id}`, 'file:b1:p1', { ...signOffFields('p1', 1, SHA), circulationId: id }),
        ),
    )
})
afterEach(() => {
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})
const open = async () => {
  const { wrapper } = await mountAt(CirculationListPage, '/circulation', '/circulation', parts)
  await until(() => wrapper.find('input[type=search]').exists())
  return wrapper
}
const titles = () =>
  [...document.querySelectorAll('[role=listitem] .title')].map((e) => e.textContent!.trim())

it('words in any order, brackets of any kind, and the issuer lead to the same document', async () => {
  const wrapper = await open()
  for (const typed of ['通知 第137项', '政务办[2026]137号', '（2026）137', '机关党委 137']) {
    await wrapper.find('input[type=search]').setValue(typed)
    await until(() => titles().length === 1)
    expect([typed, titles()]).toEqual([typed, ['关于第 137 项延时服务的通知']])
  }
  expect(wrapper.text()).toContain('找到 1 条')
  wrapper.unmount()
})

it('by state, each with its count; past the deadline only what is still to be signed', async () => {
  const wrapper = await open()
  const select = wrapper.find('select')
  expect(select.findAll('option').map((o) => o.text())).toEqual(
    expect.arrayContaining(['全部状态', '待签 100', '已过截止日 10', '已签 200']),
  )
  await select.setValue('late')
  await until(() => wrapper.text().includes('待签 10'))
  expect(titles()).toHaveLength(10)
  await wrapper.find('input[type=search]').setValue('第 7 项')
  await until(() => titles().length === 1)
  wrapper.unmount()
})

it('what was typed stays while the app is open, and one press shows everything again', async () => {
  const wrapper = await open()
  await wrapper.find('input[type=search]').setValue('夏季高温')
  await until(() => wrapper.text().includes('没有找到这样的文件'))
  expect(wrapper.text()).toContain('少写几个字')
  wrapper.unmount()
  const again = await open()
  expect((again.find('input[type=search]').element as HTMLInputElement).value).toBe('夏季高温')
  const all = again.findAll('button').find((b) => b.text() === '看全部文件')!
  await all.trigger('click')
  await until(() => titles().length > 20)
  expect((again.find('input[type=search]').element as HTMLInputElement).value).toBe('')
  again.unmount()
})

it('all rows stand in blocks that the browser lays out only near the screen', async () => {
  const wrapper = await open()
  await wrapper.find('input[type=search]').setValue('延时')
  await until(() => wrapper.text().includes('找到 300 条') && titles().length === 300)
  expect(document.querySelectorAll('.block')).toHaveLength(3 + 5)
  wrapper.unmount()
})

it('a key is answered among three hundred in a small part of a frame', () => {
  const lines = circulations.map((c) => lineFor(c, [], [], 'p1', NOW))
  const find = finderOf(lines)
  const begun = performance.now()
  for (let n = 0; n < 100; n++) find({ words: `延时 ${n}`, state: '' }, NOW)
  // Nothing about speed but that it does not grow out of hand: a hundred keys in less than a second.
  expect(performance.now() - begun).toBeLessThan(1_000)
})
