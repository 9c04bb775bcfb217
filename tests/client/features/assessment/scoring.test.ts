// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import AdjustmentCard from '../../../../src/client/features/assessment/scoring/sheet/AdjustmentCard.vue'
import { readReviews } from '../../../../src/client/features/assessment/scoring/reviews.ts'
import { scoringUnits } from '../../../../src/client/features/assessment/scoring/scoring-units.ts'
import SheetPage from '../../../../src/client/features/assessment/scoring/sheet/SheetPage.vue'
import { unfinishedInWords } from '../../../../src/client/features/assessment/scoring/sheet/sheet-words.ts'
import { unfinishedOf } from '../../../../src/client/features/assessment/scoring/sheet/sheet.ts'
import { todayItems } from '../../../../src/client/features/assessment/assessment.today.ts'
import { readActor } from '../../../../src/client/storage/actor.ts'
import { StorageTrouble } from '../../../../src/client/storage/trouble.ts'
import { scoreSheetId } from '../../../../src/shared/assessment/score-sheet.ts'
import { unflatten } from '../../../../src/shared/sync/flat-paths.ts'
import { mergeDraft, type DraftState } from '../../../../src/shared/sync/merge.ts'
import {
  createTestPhone,
  giveRole,
  indicators,
  MONTH,
  NOW,
  seedOrg,
  until,
  withPhone,
  type TestPhone,
} from './fixtures.ts'

const sheetId = scoreSheetId('b1', 'p2', MONTH, 'party')
let phone: TestPhone
let page: VueWrapper | undefined

const submitted = (target: TestPhone, side: 'party' | 'work' = 'party') =>
  target.put('submission', `sub-${side}`, {
    personId: 'p2',
    name: '李建国',
    unitId: side === 'party' ? 'b1' : 's1',
    month: MONTH,
    side,
    setId: side === 'party' ? 'setP' : 'setW',
    answers: { i1: { score: 4, sentence: side === 'party' ? '走访两户' : '业务的话', evidence: '登记表' } },
    supersedes: [],
  })
async function open(target: TestPhone): Promise<VueWrapper> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
  })
  const opened = mount(SheetPage, {
    props: { month: MONTH, side: 'party', unitId: 'b1', personId: 'p2' },
    global: { plugins: [router, { install: withPhone(target) }] },
    attachTo: document.body,
  })
  await until(() => opened.findAll('article').length > 0)
  return opened
}
const stored = async (target: TestPhone) => (await target.db.records('score-sheet').get(sheetId))?.fields

beforeEach(async () => {
  phone = createTestPhone()
  await seedOrg(phone)
  await giveRole(phone, 'b1', 'branch-officer')
  await submitted(phone)
})
afterEach(() => {
  page?.unmount()
  page = undefined
  document.body.innerHTML = ''
})

describe('the sheet', () => {
  it('shows what was submitted to this desk, scores nothing by itself, and never the other side', async () => {
    await submitted(phone, 'work')
    page = await open(phone)
    expect(page.text()).toContain('走访两户')
    expect(page.text()).not.toContain('业务的话')
    expect(page.text()).toContain('合计 0 / 20')
    expect(page.text()).not.toContain('按自评填入')
    expect(await stored(phone)).toBeUndefined()
  })
  it('saves a score by its path with scorer and time', async () => {
    page = await open(phone)
    await page.findAll('[role="spinbutton"]')[1]!.setValue('4.5')
    await until(async () => (await stored(phone))?.scores['i2']?.score === 4.5)
    expect((await stored(phone))?.scores['i2']).toMatchObject({ scorerId: 'p1', at: NOW })
    expect((await stored(phone))?.scores['i1']).toBeUndefined()
  })
  it('a deduction without a reason is named and can’t be finished; with one it is done and read-only', async () => {
    page = await open(phone)
    for (const [at, input] of page.findAll('[role="spinbutton"]').entries())
      await input.setValue(at === 0 ? '4' : '5')
    const finish = () => page!.findAll('button').find((b) => b.text() === '完成评分')!
    await finish().trigger('click')
    expect(page.text()).toContain('扣分须写明理由：指标1')
    expect(page.text()).toContain('回车到下一项')
    expect((await stored(phone))?.done).not.toBe(true)
    const reason = page.findAll('article')[0]!.findAll('input').at(-1)!
    await reason.setValue('少一次记录')
    await finish().trigger('click')
    await until(async () => (await stored(phone))?.done === true)
    await until(() => page!.find('[role="spinbutton"]').exists() === false)
    expect(page.text()).not.toContain('回车到下一项')
    expect(page.text()).toContain('已完成评分')
    await page
      .findAll('button')
      .find((b) => b.text() === '重新打开')!
      .trigger('click')
    await until(() => page!.find('[role="spinbutton"]').exists())
  })
  it('Enter goes on from the figure, and presses the button when it stands on − or +', async () => {
    page = await open(phone)
    const figures = page.findAll<HTMLInputElement>('[role="spinbutton"]')
    const plus = page.findAll<HTMLButtonElement>('article')[0]!.get<HTMLButtonElement>('[aria-label^="加"]')
    plus.element.focus()
    await plus.trigger('keydown', { key: 'Enter' })
    expect(document.activeElement).toBe(plus.element)
    figures[0]!.element.focus()
    await figures[0]!.trigger('keydown', { key: 'Enter' })
    expect(document.activeElement).toBe(figures[1]!.element)
  })
  it('each figure stands in a group that is named by its indicator', async () => {
    page = await open(phone)
    const names = page
      .findAll('article .own')
      .map((own) => [own.attributes('role'), document.getElementById(own.attributes('aria-labelledby')!)])
    expect(names.map(([role, title]) => [role, (title as Element).textContent.trim()])).toEqual(
      [1, 2, 3, 4].map((n) => ['group', `${n}. 指标${n}`]),
    )
  })
  it('满分 stays under the finger, and 写依据 leads into the field that it opens', async () => {
    page = await open(phone)
    const button = (words: string) =>
      page!.findAll<HTMLButtonElement>('button').find((b) => b.text() === words)!
    const full = button('满分')
    full.element.focus()
    await full.trigger('click')
    expect(full.attributes('aria-disabled')).toBe('true')
    expect(document.activeElement).toBe(full.element)
    await button('写依据').trigger('click')
    await until(() => document.activeElement?.tagName === 'INPUT')
    const label = document.querySelector(`label[for="${document.activeElement?.id}"]`)
    expect(label?.textContent).toContain('依据')
  })
  it('says aloud what is stored, and not each save', async () => {
    page = await open(phone)
    const said = page.get('.foot-note [role="status"]')
    await page.findAll('[role="spinbutton"]')[1]!.setValue('4.5')
    expect(page.text()).toContain('正在存')
    expect(said.text()).toBe('评分：写下即存本机')
    await until(() => said.text() === '评分：已存本机，待送达')
  })
  it('what is not scored is named too', () => {
    const set = { indicators: indicators(2) }
    expect(unfinishedInWords(unfinishedOf(set, {}))).toBe('还没有打分：指标1；指标2。')
  })
})

describe('the sheet on a phone', () => {
  beforeEach(() => {
    vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }))
  })
  afterEach(() => vi.unstubAllGlobals())
  const button = (words: string) => page!.findAll('button').find((b) => b.text() === words)!
  const openTitles = () => page!.findAll('article .own').map((own) => own.attributes('aria-labelledby'))
  const rowOf = (n: number) => page!.get(`#item-i${n} button`)

  it('is a row for each indicator, the first open one unfolded, and goes on to the next unscored', async () => {
    page = await open(phone)
    expect(page.findAll('article')).toHaveLength(4)
    expect(openTitles()).toEqual(['title-i1'])
    expect(rowOf(2).text()).toContain('未评')
    expect(rowOf(2).attributes('aria-expanded')).toBe('false')
    await button('满分').trigger('click')
    expect(openTitles()).toEqual(['title-i1'])
    await button('下一项').trigger('click')
    expect(openTitles()).toEqual(['title-i2'])
    expect(document.activeElement?.id).toBe('title-i2')
    expect(rowOf(1).text()).toContain('5 / 5')
    await rowOf(4).trigger('click')
    await button('满分').trigger('click')
    // Those before it are still open: after the last one it begins again from above.
    await button('下一项').trigger('click')
    expect(openTitles()).toEqual(['title-i2'])
  })
  it('says in the row that a deduction lacks its reason, and Enter asks for it first', async () => {
    page = await open(phone)
    await page.get('[role="spinbutton"]').setValue('4')
    await page.get('[role="spinbutton"]').trigger('keydown', { key: 'Enter' })
    await until(() => document.activeElement?.getAttribute('role') !== 'spinbutton')
    const label = document.querySelector(`label[for="${document.activeElement?.id}"]`)
    expect(label?.textContent).toContain('扣分理由')
    await rowOf(3).trigger('click')
    expect(rowOf(1).text()).toContain('扣分须写明理由')
  })
  it('opens the first unfinished one when 完成评分 is refused, and folds up when all is done', async () => {
    page = await open(phone)
    await rowOf(3).trigger('click')
    await button('完成评分').trigger('click')
    await until(() => page!.text().includes('还不能完成评分'))
    expect(openTitles()).toEqual(['title-i1'])
    for (let n = 1; n <= 4; n++) {
      await button('满分').trigger('click')
      await button(n === 4 ? '收起' : '下一项').trigger('click')
    }
    expect(openTitles()).toEqual([])
    expect(document.activeElement).toBe(rowOf(4).element)
    expect(page.text()).toContain('合计 20 / 20')
  })
  it('keeps the place of the finger when something above folds up', async () => {
    page = await open(phone)
    const scrollBy = vi.fn()
    vi.stubGlobal('scrollBy', scrollBy)
    // Before it is opened it stands at 500, afterwards at 350.
    vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
      const isRow = this.id === 'item-i3' && this.querySelector('.own') === null
      return { top: isRow ? 500 : 350 } as DOMRect
    })
    await rowOf(3).trigger('click')
    await until(() => scrollBy.mock.calls.length > 0)
    expect(scrollBy).toHaveBeenCalledWith(0, -150)
    vi.restoreAllMocks()
  })
})

it('two scorers on two phones who score different items both keep theirs', async () => {
  const other = createTestPhone('p3')
  await seedOrg(other)
  await giveRole(other, 'b1', 'branch-officer')
  const pages = [await open(phone), await open(other)]
  await pages[0]!.findAll('[role="spinbutton"]')[0]!.setValue('5')
  await pages[1]!.findAll('[role="spinbutton"]')[1]!.setValue('3')
  for (const [at, target] of [phone, other].entries())
    await until(async () => (await stored(target))?.scores[`i${at + 1}`] !== undefined)
  for (const opened of pages) opened.unmount()
  const entries = [...(await phone.db.outbox.toArray()), ...(await other.db.outbox.toArray())]
  const merge = (list: typeof entries) =>
    list.reduce<DraftState>((state, e) => mergeDraft(state, e.fields, e.hlc), { fields: {}, clocks: {} })
  const merged = unflatten(merge(entries).fields)
  expect(unflatten(merge(entries.toReversed()).fields)).toEqual(merged)
  expect(merged).toMatchObject({
    scores: { i1: { score: 5, scorerId: 'p1' }, i2: { score: 3, scorerId: 'p3' } },
  })
})

describe('四查四纠', () => {
  const card = (save: (points: number, reason: string, id?: string) => Promise<void>) =>
    mount(AdjustmentCard, {
      props: {
        adjustments: { a1: { points: -1, reason: '未佩戴党徽', scorerId: 'p1', at: NOW } },
        readonly: false,
        save,
      },
      attachTo: document.body,
    })
  const press = async (words: string) => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('button')]
    buttons.find((b) => b.textContent?.includes(words))!.click()
    await flushPromises()
  }
  it('says in the card that a 撤销 was not stored', async () => {
    page = card(() => Promise.reject(new StorageTrouble('quota', undefined)))
    expect(page.get('[aria-label="撤销：未佩戴党徽"]').text()).toBe('撤销')
    await press('撤销')
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('手机空间不足')
    expect(
      document.querySelector('[role="dialog"]')?.contains(document.querySelector('[role="alert"]')),
    ).not.toBe(true)
  })
  it('puts each error on its own field', async () => {
    page = card(() => Promise.resolve())
    await press('记一条')
    await until(() => document.querySelector('[role="dialog"]') !== null)
    const figure = document.querySelector<HTMLInputElement>('[role="dialog"] [role="spinbutton"]')!
    figure.value = '0'
    figure.dispatchEvent(new Event('input'))
    figure.dispatchEvent(new Event('change'))
    await press('记下')
    const errorOf = (field: Element) =>
      field
        .getAttribute('aria-describedby')!
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent)
        .join(' ')
    expect(errorOf(figure)).toContain('请填分数')
    const reason = document.querySelector('[role="dialog"] textarea')!
    expect(errorOf(reason)).toContain('须写明理由')
    expect(errorOf(reason)).not.toContain('请填分数')
  })
})

describe('whom I score', () => {
  it('only the units of my roles, each with its side', async () => {
    await giveRole(phone, 's1', 'section-scorer')
    const actor = await readActor(phone.db, 'p1', NOW)
    const units = await scoringUnits(phone.db, actor)
    expect(units.map((u) => `${u.unitId}:${u.side}`)).toEqual(['b1:party', 's1:work'])
  })
  it('tells who submitted and who is done', async () => {
    const { reviews } = await readReviews(phone.db, { unitId: 'b1', side: 'party' }, MONTH, NOW)
    expect(Object.fromEntries(reviews.map((r) => [r.personId, r.state]))).toEqual({
      p1: 'not-submitted',
      p2: 'waiting',
      p3: 'not-submitted',
    })
  })
})

describe('今日', () => {
  const load = async (now = NOW) => {
    const actor = await readActor(phone.db, 'p1', now)
    return todayItems.load({ phone: { ...phone, now: () => now }, actor, now })
  }
  it('names the own self-assessment of both sides and the reviews that wait', async () => {
    const items = await load()
    expect(items.map((i) => [i.title, i.group, i.second])).toEqual([
      ['11 月自评 · 党建', 'week', '还差 4 项 · 30 日截止'],
      ['11 月自评 · 业务', 'week', '还差 4 项 · 30 日截止'],
      ['1 份自评待评', 'officer', '第一支部 · 11 月 · 党建'],
    ])
  })
  it('it is a thing of today on the last day of the month only', async () => {
    expect((await load(Date.parse('2026-11-29T15:59:00Z')))[0]).toMatchObject({
      group: 'week',
      second: '还差 4 项 · 明天截止',
    })
    expect((await load(Date.parse('2026-11-29T16:01:00Z')))[0]?.group).toBe('today')
  })
  it('does not remind who has submitted', async () => {
    const own = { personId: 'p1', name: '周敏', unitId: 'b1', month: MONTH, side: 'party' as const }
    await phone.put('submission', 'own', { ...own, setId: 'setP', answers: {}, supersedes: [] })
    expect((await load()).map((i) => i.title)).not.toContain('11 月自评 · 党建')
  })
})
