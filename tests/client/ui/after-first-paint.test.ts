// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { afterFirstPaint } from '../../../src/client/ui/page/after-first-paint.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

function follow() {
  const seen = { isOver: false }
  void afterFirstPaint().then(() => (seen.isOver = true))
  return seen
}

it('comes two frames on where nothing waits', async () => {
  const seen = follow()
  expect(seen.isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(100)
  expect(seen.isOver).toBe(true)
})

it.each(['skeleton', 'loading'])('waits for a screen that still shows its %s', async (bones) => {
  // The frame is asked before the bones stand.
  const seen = follow()
  document.body.innerHTML = `<div class="${bones}"></div>`
  await vi.advanceTimersByTimeAsync(800)
  expect(seen.isOver).toBe(false)
  document.body.innerHTML = '<p>今日</p>'
  await vi.advanceTimersByTimeAsync(200)
  expect(seen.isOver).toBe(true)
})

it('does not wait for ever, nor for frames that a page in the background never gets', async () => {
  vi.stubGlobal('requestAnimationFrame', () => 0)
  const seen = follow()
  document.body.innerHTML = '<div class="loading"></div>'
  await vi.advanceTimersByTimeAsync(3000)
  expect(seen.isOver).toBe(true)
  vi.unstubAllGlobals()
})
