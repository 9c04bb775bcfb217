// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import { cacheFirst, isOnDemandPart } from '../../../src/client/pwa/worker/on-demand.ts'
import { NOT_PAGES } from '../../../src/client/pwa/worker/precache.ts'

const isPage = (path: string) => !NOT_PAGES.some((not) => not.test(path))

describe('what the service worker answers for', () => {
  it('opens pages, and leaves the endpoint’s addresses alone', () => {
    expect(['/', '/today', '/me/delivery', '/books/b1/c1'].every(isPage)).toBe(true)
    expect(['/api/pull', '/api/blobs/ab', '/healthz', '/readyz', '/assets/a.js', '/sw.js'].some(isPage)).toBe(
      false,
    )
  })
  it('keeps hashed parts of its own origin only', () => {
    const own = 'https://hall.example'
    expect(isOnDemandPart(new URL(`${own}/assets/pdf-1.js`), own)).toBe(true)
    expect(isOnDemandPart(new URL(`${own}/api/blobs/1`), own)).toBe(false)
    expect(isOnDemandPart(new URL('https://other.example/assets/pdf-1.js'), own)).toBe(false)
  })
  it('fetches a viewer once, and not at all when it is kept', async () => {
    const kept = new Map<string, Response>()
    const cache = {
      match: async (request: Request) => kept.get(request.url),
      put: async (request: Request, response: Response) => void kept.set(request.url, response),
      keys: async () => [...kept.keys()].map((url) => new Request(url)),
      delete: async (request: Request) => kept.delete(request.url),
    }
    const storage = { open: async () => cache } as unknown as CacheStorage
    const fetched = vi.fn(async () => {
      const answer = new Response('viewer')
      Object.defineProperty(answer, 'type', { value: 'basic' })
      return answer
    })
    vi.stubGlobal('fetch', fetched)
    const request = new Request('https://hall.example/assets/pdf-1.js')
    await cacheFirst(request, storage)
    await cacheFirst(request, storage)
    vi.unstubAllGlobals()
    expect(fetched).toHaveBeenCalledOnce()
  })
})
