// @vitest-environment happy-dom
/** Nothing is called ready that could not be opened without a network: the viewer of a file belongs to it. */
import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const kept = new Set<string>()
let isFull = false
let asked: string[]
const PARTS = ['/assets/viewer.mjs', '/assets/worker.js']

/** What is needed is of the document: each test has one of its own. */
async function fresh() {
  vi.resetModules()
  const parts = await import('../../../src/client/ui/device/later-parts.ts')
  const { useShellKept } = await import('../../../src/client/ui/device/shell-kept.ts')
  return { ...parts, useShellKept, viewer: parts.createLaterParts(async () => PARTS) }
}

function goOnline(isOnline: boolean): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline)
  window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'))
}

beforeEach(() => {
  kept.clear()
  isFull = false
  asked = []
  const cache = {
    keys: async () => [...kept].map((path) => ({ url: new URL(path, location.href).href })),
    put: async (address: string) => void (isFull || kept.add(address)),
  }
  vi.stubGlobal('caches', { open: async () => cache })
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address)
    if (!navigator.onLine) throw new TypeError('no network')
    return new Response('bytes')
  })
  const active = { active: {}, addEventListener: () => undefined }
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      close = () => undefined
    },
  )
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: Object.assign(new EventTarget(), { getRegistration: async () => active }),
  })
  goOnline(true)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'serviceWorker')
})

describe('parts that come later', () => {
  it('are kept when each of them is in the cache, and not before', async () => {
    const { viewer } = await fresh()
    expect(viewer.state.value).toBe('unknown')
    kept.add(PARTS[0]!)
    expect(await viewer.look()).toBe('lacking')
    kept.add(PARTS[1]!)
    expect(await viewer.look()).toBe('kept')
  })

  it('are not called kept by a phone that had no room for them', async () => {
    const { viewer } = await fresh()
    isFull = true
    await viewer.keep()
    expect([asked, viewer.state.value]).toEqual([PARTS, 'lacking'])
  })

  it('are lacking where a browser has no cache', async () => {
    const { viewer } = await fresh()
    vi.stubGlobal('caches', undefined)
    Reflect.deleteProperty(globalThis, 'caches')
    expect(await viewer.look()).toBe('lacking')
  })
})

describe('the app as it is told to the person', () => {
  const shellOf = async ({ useShellKept }: Awaited<ReturnType<typeof fresh>>) => {
    const scope = effectScope()
    const told = scope.run(() => useShellKept())!
    return { ...told, end: () => scope.stop() }
  }

  it('is ready with its worker where nothing else is needed', async () => {
    const { shell, end } = await shellOf(await fresh())
    await vi.waitUntil(() => shell.value.state === 'ready')
    expect(asked).toEqual([])
    end()
  })

  it('is not ready while the viewer is missing and there is no network, and fetches it when there is', async () => {
    const app = await fresh()
    goOnline(false)
    app.needParts(app.viewer)
    const { shell, end } = await shellOf(app)
    const seen: string[] = []
    await vi.waitUntil(() => (seen.push(shell.value.state), shell.value.state === 'stopped'))
    expect(seen).not.toContain('ready')
    goOnline(true)
    await vi.waitUntil(() => shell.value.state === 'ready')
    expect(asked).toEqual(PARTS)
    end()
  })

  it('looks again when the viewer is needed only later', async () => {
    const app = await fresh()
    const { shell, end } = await shellOf(app)
    await vi.waitUntil(() => shell.value.state === 'ready')
    goOnline(false)
    app.needParts(app.viewer)
    expect(shell.value.state).not.toBe('ready')
    await vi.waitUntil(() => shell.value.state === 'stopped')
    end()
  })
})
