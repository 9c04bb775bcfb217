// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { createUpdates } from '../../../src/client/pwa/updates.ts'
import { busyReasons, isBusy, markBusy, useBusyWhile } from '../../../src/client/ui/page/busy.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp() {
  const reload = vi.fn()
  const worker = { postMessage: vi.fn() }
  return { reload, worker, updates: createUpdates(reload) }
}

describe('a new version', () => {
  it('waits for the person’s word', async () => {
    const { reload, worker, updates } = setUp()
    updates.found(worker)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(updates.isOffered.value).toBe(true)
    expect(reload).not.toHaveBeenCalled()
    updates.update()
    expect(worker.postMessage).toHaveBeenCalledOnce()
    updates.tookOver()
    expect(reload).toHaveBeenCalled()
  })
  it('reloads by the clock where no event comes', async () => {
    const { reload, worker, updates } = setUp()
    updates.found(worker)
    updates.update()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(reload).toHaveBeenCalledOnce()
  })
  it('never comes over something half written, and comes when it is finished', async () => {
    const { reload, worker, updates } = setUp()
    const release = markBusy('心得')
    updates.found(worker)
    updates.update()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(worker.postMessage).not.toHaveBeenCalled()
    release()
    await nextTick()
    expect(worker.postMessage).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(reload).toHaveBeenCalledOnce()
  })
  it('only tells when another window updated', () => {
    const { reload, updates } = setUp()
    updates.tookOver()
    expect(reload).not.toHaveBeenCalled()
    expect(updates.state.value).toBe('outdated')
    updates.later()
    expect(updates.isOffered.value).toBe(false)
  })
})

describe('being busy', () => {
  it('counts each mark once, however often it is released', () => {
    const first = markBusy('心得')
    const second = markBusy('心得')
    expect(busyReasons.value).toEqual(['心得'])
    first()
    first()
    expect(isBusy.value).toBe(true)
    second()
    expect(isBusy.value).toBe(false)
  })
  it('follows a form and lets go when the form goes', async () => {
    const dirty = ref(false)
    const scope = effectScope()
    scope.run(() => useBusyWhile('自评', dirty))
    dirty.value = true
    await nextTick()
    expect(isBusy.value).toBe(true)
    scope.stop()
    expect(isBusy.value).toBe(false)
  })
})
