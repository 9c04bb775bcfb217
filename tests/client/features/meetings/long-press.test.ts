// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLongPress } from '../../../../src/client/features/meetings/roll/lines/use-long-press.ts'

const onLong = vi.fn()
const onShort = vi.fn()
let press: ReturnType<typeof createLongPress>
const at = (buttons: number) => new PointerEvent('pointer', { button: 0, buttons, clientX: 5, clientY: 5 })
const holdLong = () => {
  press.pointerdown(at(1))
  vi.advanceTimersByTime(600)
}

beforeEach(() => {
  vi.useFakeTimers()
  press = createLongPress(onLong, onShort)
})
afterEach(() => {
  vi.useRealTimers()
  vi.clearAllMocks()
})

it('swallows the click that follows a long press of a finger, which leaves before it', () => {
  holdLong()
  press.pointerup()
  press.pointerleave(at(0))
  press.click()
  expect([onLong.mock.calls.length, onShort.mock.calls.length]).toEqual([1, 0])
})

it.each([
  ['leaves the button', () => press.pointerleave(at(1))],
  ['is taken away', () => press.pointercancel()],
])('counts the next press after a long one that %s', (_, ends) => {
  holdLong()
  ends()
  press.click()
  expect([onLong.mock.calls.length, onShort.mock.calls.length]).toEqual([1, 1])
})
