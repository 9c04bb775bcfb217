import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { startKeepingAhead } from '../../../src/client/app/keep-ahead.ts'
import type { DeliverySummary } from '../../../src/client/sync/delivery-state.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp(phase: DeliverySummary['phase']) {
  const summary = shallowRef({ phase } as DeliverySummary)
  const phone = { delivery: { summary } } as never
  const ended = vi.fn()
  const quiet = vi.fn()
  const keepAhead = vi.fn((_phone: unknown, whenQuiet: () => Promise<void>) => {
    void whenQuiet().then(quiet)
    return ended
  })
  const load = vi.fn(async () => ({ keepAhead }))
  const stop = startKeepingAhead(phone, [load, async () => Promise.reject(new Error('not loaded'))])
  const become = (next: DeliverySummary['phase']) => (summary.value = { phase: next } as DeliverySummary)
  return { load, keepAhead, quiet, ended, stop, become }
}

it('loads nothing before the first screen is there, nor while a round of sync runs', async () => {
  const { load, keepAhead, become } = setUp('syncing')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(load).not.toHaveBeenCalled()
  become('idle')
  await vi.advanceTimersByTimeAsync(1000)
  expect(keepAhead).toHaveBeenCalledOnce()
})

it('tells a slice when it is quiet', async () => {
  const { keepAhead, quiet, become } = setUp('offline')
  await vi.advanceTimersByTimeAsync(1700)
  expect(keepAhead).toHaveBeenCalledOnce()
  become('syncing')
  await vi.advanceTimersByTimeAsync(1000)
  const whenQuiet = keepAhead.mock.calls[0]![1]
  const again = vi.fn()
  void whenQuiet().then(again)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(quiet).toHaveBeenCalledOnce()
  expect(again).not.toHaveBeenCalled()
  become('idle')
  await vi.advanceTimersByTimeAsync(1000)
  expect(again).toHaveBeenCalledOnce()
})

it('ends what was started, and starts nothing after its end', async () => {
  const first = setUp('idle')
  await vi.advanceTimersByTimeAsync(3000)
  first.stop()
  expect(first.ended).toHaveBeenCalledOnce()
  const second = setUp('syncing')
  await vi.advanceTimersByTimeAsync(3000)
  second.stop()
  second.become('idle')
  await vi.advanceTimersByTimeAsync(3000)
  expect(second.load).not.toHaveBeenCalled()
})
