// @vitest-environment happy-dom
/** The installation of the service worker: all files or none of it, each asked for once, and nothing that is kept already. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pack, PACK_URL } from '../../../src/client/pwa/worker/app-pack.ts'
import { inLanes, ShellKeeper } from '../../../src/client/pwa/worker/keep-shell.ts'

describe('what comes one by one', () => {
  const files = Array.from({ length: 40 }, (_, n) => n)
  const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1))

  it('comes once, in order, never more than so many on their way', async () => {
    const begun: number[] = []
    let under = 0
    let most = 0
    await inLanes(files, 12, async (file) => {
      begun.push(file)
      most = Math.max(most, (under += 1))
      await soon()
      under -= 1
    })
    expect(begun).toEqual(files)
    expect(most).toBe(12)
    expect(under).toBe(0)
  })

  it('fails when one cannot be had, and no more is asked for', async () => {
    const begun: number[] = []
    const failing = inLanes(files, 4, async (file) => {
      begun.push(file)
      await soon()
      if (file === 5) throw new Error('gone')
    })
    await expect(failing).rejects.toThrow('gone')
    const asked = begun.length
    await soon()
    await soon()
    expect(begun.length).toBe(asked)
    expect(asked).toBeLessThan(12)
  })
})

class InstallEvent extends Event {
  waitUntil = (work: Promise<unknown>) => void work.catch(() => undefined)
}

/** What a browser keeps; workbox asks of it by name and by address. */
function fakeCaches() {
  const kept = new Map<string, Response>()
  const addressOf = (request: RequestInfo | URL) =>
    request instanceof Request ? request.url : String(request)
  const cache = {
    put: async (request: RequestInfo | URL, response: Response) =>
      void kept.set(addressOf(request), response.clone()),
    match: async (request: RequestInfo | URL) => kept.get(addressOf(request))?.clone(),
    keys: async () => [...kept.keys()].map((url) => ({ url })),
  }
  return {
    kept,
    caches: { open: async () => cache, match: cache.match, keys: async () => [], has: async () => true },
  }
}

describe('an installation', () => {
  const PAGE = { url: '/index.html', revision: 'r1' }
  const hashed = Array.from({ length: 20 }, (_, n) => `/assets/part-${n}.js`)
  const packed = hashed.slice(2)
  const at = (path: string) => new URL(path, location.href).href
  const textOf = (path: string) => `export const is = '${path}'`
  const PACK = pack(packed.map((url) => ({ url, bytes: new TextEncoder().encode(textOf(url)) })))
  const ALL = [`${at('/index.html')}?__WB_REVISION__=r1`, ...hashed.map(at)].sort()

  let browser: ReturnType<typeof fakeCaches>
  let asked: string[]
  let answers: Map<string, () => Response>

  beforeEach(() => {
    browser = fakeCaches()
    asked = []
    answers = new Map([[PACK_URL, () => new Response(PACK)]])
    vi.stubGlobal('caches', browser.caches)
    vi.stubGlobal('__WB_DISABLE_DEV_LOGS', true)
    // Workbox wants to see one.
    vi.stubGlobal('ExtendableEvent', InstallEvent)
    vi.stubGlobal('fetch', async (request: RequestInfo) => {
      const { pathname } = new URL(request instanceof Request ? request.url : request, location.href)
      asked.push(pathname)
      return (answers.get(pathname) ?? (() => new Response(textOf(pathname))))()
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  function install(): Promise<unknown> {
    const keeper = new ShellKeeper()
    keeper.precache([PAGE, ...hashed.map((url) => ({ url, revision: null }))])
    return keeper.install(new InstallEvent('install'))
  }

  it('asks for one text, and for what is not in it', async () => {
    await install()
    expect(asked.sort()).toEqual([PACK_URL, ...hashed.slice(0, 2), '/index.html'].sort())
    expect([...browser.kept.keys()].sort()).toEqual(ALL)
    for (const url of hashed) expect(await browser.kept.get(at(url))!.text()).toBe(textOf(url))
  })

  it('where the text breaks off, asks for the others one by one', async () => {
    const torn = new ReadableStream({
      start: (controller) => controller.enqueue(PACK.slice(0, PACK.length * 0.75)),
      pull: () => Promise.reject(new TypeError('network')),
    })
    answers.set(PACK_URL, () => new Response(torn))
    await install()
    expect([...browser.kept.keys()].sort()).toEqual(ALL)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.length).toBeLessThan(hashed.length)
  })

  it('of an endpoint without the text, or with a page in its place, has every file all the same', async () => {
    for (const answer of [new Response('', { status: 404 }), new Response('<!doctype html>')]) {
      browser.kept.clear()
      answers.set(PACK_URL, () => answer)
      await install()
      expect([...browser.kept.keys()].sort()).toEqual(ALL)
    }
  })

  it('asks again for nothing that is kept, and not for the text where little is missing', async () => {
    await install()
    for (const url of hashed.slice(5, 9)) browser.kept.delete(at(url))
    asked = []
    await install()
    expect(asked.sort()).toEqual(hashed.slice(5, 9))
  })

  it('fails when a file cannot be had; the next start goes on', async () => {
    answers.set('/assets/part-1.js', () => new Response('', { status: 503 }))
    await expect(install()).rejects.toThrow()
    answers.delete('/assets/part-1.js')
    asked = []
    await install()
    expect([...browser.kept.keys()].sort()).toEqual(ALL)
    expect(asked).toContain('/assets/part-1.js')
    expect(asked).not.toContain(PACK_URL)
  })
})
