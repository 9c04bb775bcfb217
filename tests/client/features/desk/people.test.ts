// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import PersonDevices from '../../../../src/client/features/desk/people/PersonDevices.vue'
import PeoplePage from '../../../../src/client/features/desk/people/PeoplePage.vue'
import {
  codeInGroups,
  searchPeople,
  unitsInWords,
  type DeskPerson,
} from '../../../../src/client/features/desk/people/people.ts'
import ConfirmHost from '../../../../src/client/ui/feedback/ConfirmHost.vue'

const person = (n: number, parts: Partial<DeskPerson> = {}): DeskPerson => ({
  personId: `p${n}`,
  staffNo: `100${n}`,
  name: `张${n}`,
  activated: n % 2 === 0,
  closed: false,
  units: [
    { id: 's', name: '企业科', kind: 'section', primary: false, memberKind: 'full' },
    { id: 'b', name: `第${n}支部`, kind: 'branch', primary: true, memberKind: 'full' },
  ],
  roles: [],
  ...parts,
})
const people = [person(1), person(2), person(3, { closed: true }), person(4)]

describe('search', () => {
  it('looks in name, staff number and units; every word must be found; closed accounts are left out', () => {
    expect(searchPeople(people, '企业 1002', 'all').map((p) => p.name)).toEqual(['张2'])
    expect(searchPeople(people, '', 'all')).toHaveLength(3)
    expect(searchPeople(people, '', 'not-activated').map((p) => p.name)).toEqual(['张1'])
  })
  it('the primary unit comes first', () => {
    expect(unitsInWords(person(1))).toBe('第1支部、企业科')
  })
  it('a code is read in groups of four', () => {
    expect(codeInGroups('ABCD2345EFGH')).toBe('ABCD-2345-EFGH')
    expect(codeInGroups('ABC-DEF')).toBe('ABC-DEF')
  })
})

const json = (body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status: 200 }))

async function openPage(fetch: (path: string, init?: RequestInit) => Promise<Response>) {
  vi.stubGlobal('fetch', fetch)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: PeoplePage },
      { path: '/:rest(.*)*', component: { template: '<i/>' } },
    ],
  })
  await router.push('/')
  const page = mount(
    { components: { ConfirmHost }, template: '<RouterView /><ConfirmHost />' },
    { global: { plugins: [router] }, attachTo: document.body },
  )
  await flushPromises()
  await flushPromises()
  return page
}
const answerYes = async (words: string) => {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role="alertdialog"] button')]
  buttons.find((b) => b.textContent?.trim() === words)!.click()
  await flushPromises()
  await flushPromises()
}

it('停用 says which device', async () => {
  const key = { publicKey: 'BAAA', enrolledAt: 1, revokedAt: null }
  const device = { id: 'd1', name: '红米手机', createdAt: 1, revokedAt: null, key }
  vi.stubGlobal('fetch', () => json({ devices: [device] }))
  const sheet = mount(PersonDevices, {
    props: { person: people[0]!, show: true },
    attachTo: document.body,
  })
  await flushPromises()
  await flushPromises()
  const stop = [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === '停用')
  expect(stop?.getAttribute('aria-label')).toBe('停用：红米手机')
  expect(document.body.textContent).toMatch(/登记 · 签名密钥 [0-9A-F]{4} [0-9A-F]{4}/)
  sheet.unmount()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('the page of people', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.innerHTML = ''
  })
  it('says that it needs the network', async () => {
    const page = await openPage(() => Promise.reject(new TypeError('failed')))
    expect(page.text()).toContain('这一页需要联网')
    page.unmount()
  })
  it('long names of units take several lines, so that what follows stays in sight', async () => {
    const page = await openPage(() => json({ people }))
    const wrapping = page.findAll('tbody tr:first-child td.wraps').map((cell) => cell.text())
    expect(wrapping[0]).toBe('第1支部、企业科')
    page.unmount()
  })
  it('issues codes for the chosen people and shows them as cards', async () => {
    const bodies: { personIds: string[] }[] = []
    const page = await openPage((path, init) => {
      if (path.endsWith('/people')) return json({ people })
      bodies.push(JSON.parse(String(init?.body)) as { personIds: string[] })
      const code = { staffNo: '1001', name: '张1', unitName: '第1支部', code: 'ABCD2345', expiresAt: 1e12 }
      return json({ codes: [code] })
    })
    await page.findAll('tbody input[type="checkbox"]')[0]!.setValue(true)
    const issue = page.findAll('button').find((b) => b.text() === '给 1 人发激活码')!
    await issue.trigger('click')
    await issue.trigger('click')
    await flushPromises()
    await answerYes('发激活码')
    expect(bodies.map((body) => body.personIds)).toEqual([['p1']])
    expect(page.text()).toContain('ABCD-2345')
    expect(page.text()).toContain('只显示这一次')
    expect(page.find('.code-card svg[role="img"]').attributes('aria-label')).toBe('张1的激活码，用手机相机扫')
    page.unmount()
  })
})
