// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import SelfAssessmentPage from '../../../../src/client/features/assessment/self/SelfAssessmentPage.vue'
import ConfirmHost from '../../../../src/client/ui/feedback/ConfirmHost.vue'
import { monthResultId } from '../../../../src/shared/assessment/month-result.ts'
import { selfAssessmentId } from '../../../../src/shared/assessment/self-assessment.ts'
import { createTestPhone, facts, MONTH, seedOrg, until, withPhone, type TestPhone } from './fixtures.ts'

const draftId = selfAssessmentId('p1', MONTH, 'party')
let phone: TestPhone
let page: VueWrapper

async function open(): Promise<void> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
  })
  await router.push('/')
  page = mount(
    {
      components: { SelfAssessmentPage, ConfirmHost },
      template: `<SelfAssessmentPage month="${MONTH}" side="party" /><ConfirmHost />`,
    },
    { global: { plugins: [router, { install: withPhone(phone) }] }, attachTo: document.body },
  )
  await until(() => page.find('h2').exists() || page.text().includes('定稿'))
}
const button = (words: string) => page.findAll('button').find((b) => b.text() === words)!
const draft = async () => (await phone.db.records('self-assessment').get(draftId))?.fields
const answerYes = async (words: string) => {
  await until(() => document.querySelector('[role="alertdialog"]') !== null)
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role="alertdialog"] button')]
  buttons.find((b) => b.textContent?.trim() === words)!.click()
  await flushPromises()
}

beforeEach(async () => {
  phone = createTestPhone()
  await seedOrg(phone, { count: 3 })
})
afterEach(() => page.unmount())

describe('one indicator at a time', () => {
  it('saves what is typed, each part by its path', async () => {
    await open()
    await page.get('[role="spinbutton"]').setValue('4.5')
    await page.get('textarea').setValue('走访两户')
    await until(async () => (await draft())?.answers['i1']?.sentence === '走访两户')
    expect((await draft())?.answers['i1']).toMatchObject({ score: 4.5, sentence: '走访两户' })
    const [entry] = await phone.db.outbox.toArray()
    expect(Object.keys(entry!.fields)).toContain('answers/i1/score')
    expect(page.text()).toContain('合计 4.5 / 15')
  })
  it('each step leads to its heading, also to 看一遍 and back', async () => {
    await open()
    const stands = (words: string) => until(() => document.activeElement?.textContent === words)
    await button('下一项').trigger('click')
    await stands('指标2')
    await button('下一项').trigger('click')
    await button('看一遍').trigger('click')
    await stands('看一遍')
    expect(document.activeElement?.tagName).toBe('H2')
    await button('上一项').trigger('click')
    await stands('指标3')
  })
  it('记满分 stays under the finger', async () => {
    await open()
    const full = button('记满分 5 分')
    full.element.focus()
    await full.trigger('click')
    await until(() => full.attributes('aria-disabled') === 'true')
    expect(document.activeElement).toBe(full.element)
  })
  it('says aloud what is stored, and not each save', async () => {
    await open()
    await page.get('textarea').setValue('走访两户')
    expect(page.text()).toContain('正在存')
    expect(page.get('.foot-note [role="status"]').text()).toBe('写下即存本机')
    await until(() => page.get('.foot-note [role="status"]').text() === '已存本机')
  })
  it('opens again at the same indicator, with what was written', async () => {
    await open()
    await button('下一项').trigger('click')
    await page.get('textarea').setValue('写到一半')
    page.unmount()
    await until(async () => (await draft())?.answers['i2']?.sentence === '写到一半')
    await open()
    await until(() => page.find('h2').text() === '指标2')
    expect(page.get<HTMLTextAreaElement>('textarea').element.value).toBe('写到一半')
    expect(page.text()).toContain('2 / 3')
  })
})

describe('submitting', () => {
  async function toReview(): Promise<void> {
    await open()
    await page.get('[role="spinbutton"]').setValue('5')
    await button('下一项').trigger('click')
    await button('下一项').trigger('click')
    await button('看一遍').trigger('click')
    await until(() => page.text().includes('还有 2 项没有打分'))
  }
  it('names what is missing and asks; a double tap makes one fact', async () => {
    await toReview()
    expect(page.text()).toContain('指标2；指标3')
    const submit = button('提交')
    void submit.trigger('click')
    void submit.trigger('click')
    await answerYes('提交')
    await until(async () => (await facts(phone.db, 'submission')).length > 0)
    await flushPromises()
    expect(await facts(phone.db, 'submission')).toHaveLength(1)
    await until(() => page.text().includes('已提交 · 待送达'))
    expect(page.text()).not.toContain('已送达')
  })
  it('says that something changed afterwards, and submitting again supersedes', async () => {
    await toReview()
    await button('提交').trigger('click')
    await answerYes('提交')
    await until(() => page.text().includes('已提交 · 待送达'))
    await button('上一项').trigger('click')
    await page.get('textarea').setValue('补一句')
    await button('看一遍').trigger('click')
    await until(() => page.text().includes('提交后有改动'))
    await button('再次提交').trigger('click')
    await answerYes('提交')
    await until(async () => (await facts(phone.db, 'submission')).length === 2)
    await until(() => !page.text().includes('提交后有改动'))
  })
})

it('after 定稿 it is read-only and says so', async () => {
  await phone.put('month-result', monthResultId('p1', MONTH, 'party'), {
    personId: 'p1',
    name: '周敏',
    unitId: 'b1',
    month: MONTH,
    side: 'party',
    setId: 'setP',
    lines: [],
    adjustments: [],
    total: 15,
    partyTotal: 15,
    workTotal: null,
    frozenBy: 'o',
    supersedes: [],
  })
  await open()
  expect(page.text()).toContain('已定稿，自评不能再改')
  expect(page.find('input, textarea').exists()).toBe(false)
  expect(page.findAll('button').some((b) => b.text() === '提交')).toBe(false)
})
