// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mountBehindBones } from '../../../src/client/ui/page/after-first-paint.ts'

beforeEach(() => {
  vi.useFakeTimers()
  document.body.innerHTML = '<div id="bones" class="skeleton"></div><div id="app"></div>'
})
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
  history.replaceState(null, '', '/')
})

const app = () => document.querySelector<HTMLElement>('#app')!
const bones = () => document.querySelector('#bones')
const open = (path: string, first: string) => {
  history.replaceState(null, '', path)
  mountBehindBones(() => (app().innerHTML = first))
}
const told = () => vi.advanceTimersByTimeAsync(0)

it('今日 is not drawn before it has its words, and the bones leave with that', async () => {
  open('/today', '<div class="skeleton"></div>')
  await told()
  expect([app().hidden, bones() !== null]).toEqual([true, true])
  app().innerHTML = '<main><div class="loading"></div></main>'
  await told()
  expect(app().hidden).toBe(true)
  app().innerHTML = '<main>今日</main>'
  await told()
  expect([app().hidden, bones()]).toEqual([false, null])
})

it('what takes long, or never comes, is drawn as far as it is', async () => {
  open('/', '<div class="loading"></div>')
  await vi.advanceTimersByTimeAsync(1200)
  expect([app().hidden, bones()]).toEqual([false, null])
})

it('every other page is drawn from the beginning, so that it may focus and measure', () => {
  open('/sign-in', '<div class="loading"></div>')
  expect([app().hidden, bones()]).toEqual([false, null])
})
