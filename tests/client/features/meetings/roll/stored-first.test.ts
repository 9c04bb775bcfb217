// @vitest-environment happy-dom
/**
 * A tap is stored before it is shown: the roll says 到 when the write's transaction has ended, never before; where that fails, the
 * roll stays as it was, says what failed, and the next tap counts.
 */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import RollPage from '../../../../../src/client/features/meetings/roll/RollPage.vue'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, fillBranch, meetingFields, setupPhone, type TestPhone } from '../fixtures.ts'

let phone: TestPhone
let page: VueWrapper
const rows = (count: number) => eventually(() => expect(page.findAll('[data-person]')).toHaveLength(count))
const figures = () => page.findAll('.strip dd').map((dd) => Number(dd.text()))
const button = () => page.get('[data-person="p3"] .state.present')
const isShown = () => button().attributes('aria-pressed') === 'true'

beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const global = { plugins: [router], provide: { [phoneKey as symbol]: phone } }
  page = mount(RollPage, { props: { id: 'mt', sittingId: 'st1' }, attachTo: document.body, global })
  await rows(50)
})
afterEach(() => {
  vi.restoreAllMocks()
  page.unmount()
  document.body.innerHTML = ''
})

/** The next press writes all that it writes, and then its transaction is held open until it is told how to end. */
function holdOpen() {
  const { store } = phone
  const together = store.together.bind(store)
  let end!: { commit: () => void; fail: (reason: unknown) => void }
  const told = new Promise<void>((commit, fail) => (end = { commit, fail }))
  const state = { isWritten: false, ...end }
  vi.spyOn(store, 'together').mockImplementationOnce((types, work) =>
    together(types, async () => {
      const answer = await work()
      state.isWritten = true
      await Dexie.waitFor(told)
      return answer
    }),
  )
  return state
}

const unmarked = () => expect([isShown(), figures()]).toEqual([false, [50, 0, 0, 0]])
/** At once, and again when the page has drawn what it was asked to draw since: what was to be drawn before has been. */
async function staysUnmarked(): Promise<void> {
  await flushPromises()
  unmarked()
  await page.get('input[type=search]').setValue('某3')
  await rows(11)
  unmarked()
}

it('what is written and not yet kept is not shown; once it is kept it is', async () => {
  const write = holdOpen()
  await button().trigger('click')
  await eventually(() => expect(write.isWritten).toBe(true))
  await staysUnmarked()
  write.commit()
  await eventually(() => expect([isShown(), figures()]).toEqual([true, [50, 1, 0, 0]]))
  expect(await phone.db.outbox.count()).toBe(1)
})

it.each([
  ['no room', new DOMException('full', 'QuotaExceededError'), '手机空间不足，没有存下'],
  ['the browser gave it up', new DOMException('gone', 'AbortError'), '没有存下'],
  ['a reason that nobody foresaw', new TypeError('x is undefined'), '请再点一次'],
])(
  'at the last moment, %s: the roll stays as it was and says so, and the next tap counts',
  async (_, reason, told) => {
    const write = holdOpen()
    await button().trigger('click')
    await eventually(() => expect(write.isWritten).toBe(true))
    write.fail(reason)
    const alert = () =>
      page
        .findAll('[role=alert]')
        .map((one) => one.text())
        .join('')
    await eventually(() => expect(alert()).toContain(told))
    await staysUnmarked()
    expect(await phone.db.outbox.count()).toBe(0)
    await button().trigger('click')
    await eventually(() => expect([isShown(), figures()]).toEqual([true, [50, 1, 0, 0]]))
    expect(alert()).toBe('')
  },
)
