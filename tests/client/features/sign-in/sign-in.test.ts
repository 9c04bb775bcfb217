// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { browserLimits } from '../../../../src/client/features/sign-in/browser/browser-limits.ts'
import { openInBrowserSteps } from '../../../../src/client/features/sign-in/browser/open-in-browser-steps.ts'
import { returnPath } from '../../../../src/client/features/sign-in/return-path.ts'
import { newPasswordError, plainCode } from '../../../../src/client/features/sign-in/sign-in-words.ts'
import ActivatePage from '../../../../src/client/features/sign-in/ActivatePage.vue'
import SetUpPage from '../../../../src/client/features/sign-in/SetUpPage.vue'
import SignInPage from '../../../../src/client/features/sign-in/SignInPage.vue'
import { CURRENT } from '../../../../src/client/remote/remembered.ts'
import { sessionPartsKey } from '../../../../src/client/remote/session.ts'
import type { SessionParts } from '../../../../src/client/remote/session-reach.ts'
import { activationLink } from '../../../../src/shared/org/activation-link.ts'
import { eventually } from '../../../support/eventually.ts'

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })
const person = { id: '01890000-0000-7000-8000-000000000001', staffNo: '1001', name: '单文娟' }
const accepted = {
  person,
  roles: [],
  deviceId: '01890000-0000-7000-8000-000000000002',
  keyId: null,
  serverTime: 1,
}

async function openPage(
  answer: () => Promise<Response>,
  at = '/sign-in',
  shown: Component = SignInPage,
  held = new Map<string, string>(),
) {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => json({ demo: true, needed: false })),
  )
  const parts: SessionParts = {
    fetch: answer,
    storage: {
      getItem: (key) => held.get(key) ?? null,
      setItem: (key, value) => void held.set(key, value),
      removeItem: (key) => void held.delete(key),
    },
    now: () => 1,
    deviceFor: async () => ({ adopt: async () => undefined }),
    waitingOf: async () => 0,
    forget: async () => undefined,
  }
  const blank = { template: '<main />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/sign-in', component: SignInPage },
      { path: '/:rest(.*)*', component: blank },
    ],
  })
  await router.push(at)
  const page = mount(shown, {
    global: { plugins: [createPinia(), router], provide: { [sessionPartsKey as symbol]: parts } },
    attachTo: document.body,
  })
  await flushPromises()
  const fill = async (staffNo: string, password: string) => {
    const [first, second] = page.findAll('input')
    await first!.setValue(staffNo)
    await second!.setValue(password)
    await page.find('form').trigger('submit')
    await flushPromises()
    await flushPromises()
  }
  return { page, router, fill }
}

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('the sign-in page', () => {
  it('goes on to where one wanted to go', async () => {
    const { router, fill } = await openPage(async () => json(accepted), '/sign-in?return=/lessons/a')
    await fill(' 1001 ', 'secret-1')
    await eventually(() => expect(router.currentRoute.value.fullPath).toBe('/lessons/a'))
  })
  it('keeps what was typed and says what to do when it is refused', async () => {
    const refused = { error: { code: 'wrong-password', message: '工号或密码不对。' } }
    const { page, fill } = await openPage(async () => json(refused, 401))
    await fill('1001', 'wrong')
    await eventually(() => expect(page.text()).toContain('工号或密码不对'))
    expect(page.findAll('input').map((input) => input.element.value)).toEqual(['1001', 'wrong'])
  })
  it('says that the first sign-in needs a network', async () => {
    const { page, fill } = await openPage(() => Promise.reject(new TypeError('failed')))
    await fill('1001', 'secret-1')
    await eventually(() => expect(page.text()).toContain('第一次在本机登录需要网络'))
  })
  it('has the switch to 长辈版, and back', async () => {
    const { page } = await openPage(async () => json(accepted))
    const isElder = () => document.documentElement.hasAttribute('data-elder')
    const press = (words: string) =>
      page
        .findAll('button')
        .find((b) => b.text().includes(words))!
        .trigger('click')
    await press('长辈版')
    expect(isElder()).toBe(true)
    await press('标准字号')
    expect(isElder()).toBe(false)
  })
  it('asks for what is missing before it sends anything', async () => {
    const answer = vi.fn(async () => json(accepted))
    const { page, fill } = await openPage(answer)
    await fill('', '')
    expect(page.text()).toContain('请填工号')
    expect(page.text()).toContain('请填密码')
    expect(document.activeElement).toBe(page.findAll('input')[0]!.element)
    expect(answer).not.toHaveBeenCalled()
  })
})

it.each([
  ['activation', ActivatePage],
  ['first set-up', SetUpPage],
])('a form of %s that is refused leads to the first fault', async (_, shown) => {
  const answer = vi.fn(async () => json(accepted))
  const { page } = await openPage(answer, '/sign-in', shown)
  await page.findAll('input')[0]!.setValue('1001')
  await page.find('form').trigger('submit')
  await flushPromises()
  expect(document.activeElement).toBe(page.findAll('input')[1]!.element)
})

it('a card read by the camera fills number and code in, and sends nothing before the person presses', async () => {
  const sent: string[] = []
  const answer = vi.fn(async (_path?: unknown, init?: RequestInit) => {
    sent.push(String(init?.body))
    return json(accepted)
  })
  const link = new URL(activationLink('https://hall.example', { staffNo: '1001', code: 'ABCD2EF9' }))
  const { page, router } = await openPage(answer, `/activate${link.hash}`, ActivatePage)
  const inputs = page.findAll('input')
  expect(inputs.slice(0, 2).map(({ element }) => element.value)).toEqual(['1001', 'ABCD2EF9'])
  expect(page.text()).toContain('已按卡片填好')
  await eventually(() => expect(sent).toEqual([]))
  for (const input of inputs.slice(2)) await input.setValue('a long password')
  await page.find('form').trigger('submit')
  await eventually(() => expect(sent).toHaveLength(1))
  expect(JSON.parse(sent[0]!)).toMatchObject({ staffNo: '1001', activationCode: 'ABCD2EF9' })
  // The used code does not stay in the address.
  await eventually(() => expect(router.currentRoute.value.fullPath).toBe('/today'))
})

describe('what a person types', () => {
  it('takes a code in any case, with dashes, blanks and full-width letters', () => {
    expect(plainCode(' abcd-2ef9 ')).toBe('ABCD2EF9')
    expect(plainCode('ＡＢ－１２')).toBe('AB12')
  })
  it('asks for eight characters', () => {
    expect(newPasswordError('1234567')).toContain('8')
    expect(newPasswordError('密码密码密码密码')).toBeUndefined()
  })
  it('never leads away from the app', () => {
    expect(returnPath({ return: '//evil.example' })).toBe('/today')
    expect(returnPath({ return: 'https://evil.example' })).toBe('/today')
    expect(returnPath({ return: '/me' })).toBe('/me')
  })
  it('tells what a window cannot do', () => {
    const facts = { userAgent: 'Safari', isSecureContext: true, hasServiceWorker: true }
    expect(browserLimits(facts)).toEqual({
      inApp: false,
      insecure: false,
      noOffline: false,
      installFirst: false,
    })
    expect(browserLimits({ ...facts, userAgent: 'MicroMessenger/8' }).inApp).toBe(true)
    expect(browserLimits({ ...facts, isSecureContext: false }).insecure).toBe(true)
    expect(browserLimits({ ...facts, hasServiceWorker: false }).noOffline).toBe(true)
  })
  it('asks to add the app first where its storage is apart, and no longer inside it', () => {
    const facts = { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1' }
    const here = { ...facts, isSecureContext: true, hasServiceWorker: true }
    expect(browserLimits(here).installFirst).toBe(true)
    expect(browserLimits({ ...here, isInstalled: true }).installFirst).toBe(false)
  })
  it('names the way out of each app that opens links in a window of its own', () => {
    expect(openInBrowserSteps('wechat', true).steps[1]).toContain('在默认浏览器中打开')
    expect(openInBrowserSteps('wechat', false)).toMatchObject({
      where: '微信',
      steps: { 1: '选“在浏览器打开”' },
    })
    expect(openInBrowserSteps('wecom', false).where).toBe('企业微信')
    expect(openInBrowserSteps('dingtalk', true).where).toBe('钉钉')
    expect(openInBrowserSteps(null, false).where).toBe('微信等应用')
  })
})

it.each([
  ['1001', '单文娟已在本机登录'],
  ['1010', '本机现在由单文娟登录'],
])('where somebody is signed in, the card of %s says who, and sends nothing', async (staffNo, words) => {
  const answer = vi.fn(async () => json(accepted))
  const { hash } = new URL(activationLink('https://hall.example', { staffNo, code: 'ABCD2EF9' }))
  const session = { person, roles: [], deviceId: 'd1', keyId: null, expired: false, lastContactAt: 1 }
  const { page } = await openPage(
    answer,
    `/activate${hash}`,
    ActivatePage,
    new Map([[CURRENT, JSON.stringify(session)]]),
  )
  expect(page.text()).toContain(words)
  expect(page.find('form').exists()).toBe(false)
  expect(page.findAll('a').map((link) => link.attributes('href'))).toEqual(['/me', '/today'])
  expect(answer).not.toHaveBeenCalled()
})
