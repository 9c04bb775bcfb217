// @vitest-environment happy-dom
/** What another tab does with the session reaches this one, and this one leaves the person's pages. */
import { describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import { createMemoryHistory } from 'vue-router'
import { eventually } from '../../support/eventually.ts'
import { createSessionParts } from '../../../src/client/app/session/session-parts.ts'
import { createAppRouter, type GuardedSession } from '../../../src/client/router.ts'

describe('the browser', () => {
  it('tells when the remembered session changes, goes, or everything is cleared; not for other keys', () => {
    const follow = vi.fn()
    createSessionParts().onRemembered?.(follow)
    window.dispatchEvent(new StorageEvent('storage', { key: 'wh-appearance' }))
    expect(follow).not.toHaveBeenCalled()
    window.dispatchEvent(new StorageEvent('storage', { key: 'wh-session' }))
    window.dispatchEvent(new StorageEvent('storage', { key: 'wh-sign-out-pending' }))
    window.dispatchEvent(new StorageEvent('storage', { key: null }))
    expect(follow).toHaveBeenCalledTimes(3)
  })
  it('tells when the page becomes visible', () => {
    const refresh = vi.fn()
    createSessionParts().onVisible?.(refresh)
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(refresh).not.toHaveBeenCalled()
    visibility.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(refresh).toHaveBeenCalledTimes(1)
  })
})

it('a person’s page is left as soon as the session is gone', async () => {
  const session: GuardedSession = reactive({ state: 'signed-in', locked: false })
  const router = createAppRouter(session, createMemoryHistory())
  router.addRoute({ path: '/some-page', component: { template: '<p />' } })
  await router.push('/some-page')
  session.state = 'signed-out'
  await eventually(() => expect(router.currentRoute.value.path).toBe('/sign-in'))
})
