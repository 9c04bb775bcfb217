// @vitest-environment happy-dom
/** 签到表 on an officer's phone, with no network: printed, saved, filled at a desk, read back, taken back. */
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import AttendanceSheetPage from '../../../../../src/client/features/meetings/sheet/AttendanceSheetPage.vue'
import TakeSheetPage from '../../../../../src/client/features/meetings/sheet/import/TakeSheetPage.vue'
import { emptySheet } from '../../../../../src/client/features/meetings/sheet/attendance-sheet.ts'
import { readSheetFacts } from '../../../../../src/client/features/meetings/sheet/read-facts.ts'
import { sheetCells } from '../../../../../src/client/features/meetings/sheet/sheet-cells.ts'
import { createRollActs } from '../../../../../src/client/features/meetings/roll/roll-acts.ts'
import writeWorkbook from 'write-excel-file/universal'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, BRANCH, fillBranch, meetingFields, NOW, setupPhone, type TestPhone } from '../fixtures.ts'

let phone: TestPhone
let page: VueWrapper
beforeEach(async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  phone = setupPhone('p0')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
})
afterEach(() => {
  page?.unmount()
  document.body.innerHTML = ''
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})
async function open(component: Component, at = '/', id = 'mt'): Promise<void> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  await router.push(at)
  page = mount(component, {
    props: { id },
    attachTo: document.body,
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
}
const says = (...words: string[]) =>
  eventually(() => {
    for (const word of words) expect(page.text()).toContain(word)
  })
const button = (name: string) => page.findAll('button').find((one) => one.text().startsWith(name))!

describe('签到表', () => {
  it('is empty before anybody is marked, and prints with room for each hand and for guests', async () => {
    await open(AttendanceSheetPage)
    await says('应到 6 人', '三楼会议室', '核对人（签字）', '表号')
    expect(page.findAll('tbody.person')).toHaveLength(6 + 1 + 4)
    expect(page.findAll('tbody.person td.hand')).toHaveLength(11)
    expect(page.find('svg.qr').exists()).toBe(true)
    const print = vi.fn<() => void>()
    window.print = print
    await button('打印').trigger('click')
    await eventually(() => expect(print).toHaveBeenCalledOnce())
  })
  it('filled, says what was marked; not printed while something waits', async () => {
    const acts = createRollActs(phone, { meetingId: 'mt', sittingId: 'st1', unitId: BRANCH })
    await acts.mark([{ person: { personId: 'p1', name: '某' }, state: 'leave', leaveKind: 'sick' }])
    await open(AttendanceSheetPage)
    await says('还有 1 条没有送达', '请假 0 人')
    const held = button('打印').attributes()
    expect(held['disabled'] ?? held['aria-disabled']).toBeDefined()
    await phone.db.records('roll-mark').toCollection().modify({ pending: 0, receivedAt: NOW })
    await says('请假（病假）', '请假 1 人（病假 1 人）', '核验码')
    expect(page.find('td.hand').exists()).toBe(false)
  })
  it('is saved as a table that can be filled in, with no network', async () => {
    const saved: string[] = []
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download)
    })
    await open(AttendanceSheetPage)
    await says('存成表格')
    await button('存成表格').trigger('click')
    await eventually(() => expect(saved).toEqual(['签到表 待填 2026-11-23 11 月支部党员大会.xlsx']))
  })
  it('a scanned sheet says whether it is that of now', async () => {
    const facts = (await readSheetFacts(phone, 'mt'))!
    const { code } = emptySheet(facts, facts.roll.meeting.fields.sittings[0]!, 'strokes')
    await open(AttendanceSheetPage, `/?sitting=st1&code=${code}`)
    await says('与现在的会议和名单一致')
    await phone.db.records('membership').where('fields.personId').equals('p5').delete()
    await says('改动之前的一张')
  })
  it.each([
    ['a member', async () => phone.db.records('role').clear(), '由支部书记、委员或党小组组长使用'],
    ['nobody is expected', async () => phone.db.records('membership').clear(), '还没有应到人员'],
    ['no such meeting', async () => phone.db.records('meeting').clear(), '没有找到这场会议'],
  ])('%s', async (_, prepare, words) => {
    await prepare()
    await open(AttendanceSheetPage)
    await says(words)
    expect(page.find('.sheet').exists()).toBe(false)
  })
})

describe('读入签到表', () => {
  /** The empty sheet with what was typed into it, as a file. */
  async function typed(
    written: Record<string, string>,
    extra: [name: string, mark: string][] = [],
  ): Promise<File> {
    const facts = (await readSheetFacts(phone, 'mt'))!
    const { data } = sheetCells(emptySheet(facts, facts.roll.meeting.fields.sittings[0]!, 'strokes'))
    const rows = data.map((cells) => cells.map((one) => one?.value ?? ''))
    const head = rows.find((row) => row.includes('姓名'))!
    for (const row of rows) {
      const mark = written[row.at(-1) ?? '']
      if (mark !== undefined) row[head.indexOf('考勤')] = mark
    }
    for (const [name, mark] of extra)
      rows.push(head.map((label) => (label === '姓名' ? name : label === '考勤' ? mark : '')))
    const cells = rows.map((row) => row.map((value) => ({ value, type: String })))
    return new File([await writeWorkbook(cells, {}).toBlob()], '签到表 待填.xlsx')
  }
  async function choose(file: File): Promise<void> {
    await eventually(() => expect(page.find('input[type=file]').exists()).toBe(true))
    const input = page.find<HTMLInputElement>('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: [file], configurable: true })
    await input.trigger('change')
  }
  const marks = () => phone.db.records('roll-mark').toArray()

  it('shows first, writes after the press, and one undo takes all back', async () => {
    const acts = createRollActs(phone, { meetingId: 'mt', sittingId: 'st1', unitId: BRANCH })
    await acts.mark([{ person: { personId: 'p4', name: '某' }, state: 'absent' }])
    await open(TakeSheetPage)
    await choose(await typed({ p1: '到会', p2: '病假', p3: '大概来了', p4: '到会' }, [['赵处长', '']]))
    await says(
      '要写入 3 条',
      '没有读懂 1 行',
      '写的是“大概来了”',
      '与已有记录不同',
      '表上到会；已记缺席（点名）',
      '赵处长',
      '11 月 23 日 周一 的纸质补录',
    )
    expect(await marks()).toHaveLength(1)
    await button('写入 3 条，列席 1 人').trigger('click')
    await says('3 条已存本机，联网后送达；列席加了 1 人；1 人待核定')
    expect((await marks()).filter(({ fields }) => fields.method === 'paper')).toHaveLength(3)
    await button('撤销').trigger('click')
    await says('已撤销 3 条')
    expect((await phone.db.records('meeting').get('mt'))!.fields.guests).toHaveLength(1)
  })
  it('the same file twice adds nothing, and says so', async () => {
    const file = await typed({ p1: '到会', p2: '缺席' })
    await open(TakeSheetPage)
    await choose(file)
    await says('要写入 2 条')
    await button('写入 2 条').trigger('click')
    await says('2 条已存本机')
    await choose(file)
    await says('要写入 0 条，已有同样记录 2 条', '没有要写入的')
    expect(await marks()).toHaveLength(2)
  })
  it('who came unexpected is asked about, and stays out unless ticked', async () => {
    await open(TakeSheetPage)
    const file = await typed({ p1: '到会' })
    await choose(file)
    await says('要写入 1 条')
    const rows = await typed({}, [['赵处长', '到会']])
    await choose(rows)
    await says('不在应到名单里')
    await page.find('input[type=checkbox]').setValue(false)
    await says('没有要写入的')
    await page.find('input[type=checkbox]').setValue(true)
    await says('写入列席 1 人')
  })
  it.each([
    ['a text', () => new File(['姓名,考勤'], '表.csv'), '不是 .xlsx 表格'],
    ['nothing', () => new File([], '表.xlsx'), '文件是空的'],
    ['too large', () => new File([new Uint8Array(2_000_001)], '表.xlsx'), '文件超过 2 MB，不像一份签到表'],
  ])('%s is refused, and nothing can be written', async (_, file, words) => {
    await open(TakeSheetPage)
    await choose(file())
    await says('没有读进来', words)
    expect(button('写入')).toBeUndefined()
    expect(await marks()).toEqual([])
  })
  it('a sheet of another meeting is refused by its title', async () => {
    const file = await typed({ p1: '到会' })
    await arrive(phone.db, 'meeting', 'other', meetingFields({ title: '另一场' }))
    await open(TakeSheetPage, '/', 'other')
    await choose(file)
    await says('没有读进来', '这是“11 月支部党员大会”的签到表，不是这场会的')
  })
  it('is for those who take the roll, and not of a meeting that is off', async () => {
    await phone.db.records('role').clear()
    await open(TakeSheetPage)
    await says('这里由记录考勤的人使用')
    page.unmount()
    await fillBranch(phone, 6)
    await arrive(phone.db, 'meeting', 'mt', meetingFields({ state: 'cancelled' }))
    await open(TakeSheetPage)
    await says('会议已取消')
  })
})
