// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepParts } from '../../../src/client/ui/device/keep-parts.ts'

const kept = new Map<string, unknown>()
let fetched: string[]

beforeEach(() => {
  kept.clear()
  fetched = []
  const cache = {
    keys: async () => [...kept.keys()].map((path) => ({ url: new URL(path, location.href).href })),
    put: async (address: string, answer: unknown) => void kept.set(address, answer),
  }
  vi.stubGlobal('caches', { open: async () => cache })
  vi.stubGlobal('fetch', async (address: string) => {
    fetched.push(address)
    return new Response('bytes', { status: address.includes('gone') ? 404 : 200 })
  })
})
afterEach(() => void vi.unstubAllGlobals())

it('keeps what is not there yet, and asks for nothing twice', async () => {
  await keepParts(['/assets/a.mjs', '/assets/b.mjs'])
  await keepParts(['/assets/a.mjs', '/assets/b.mjs', '/assets/c.wasm'])
  expect(fetched).toEqual(['/assets/a.mjs', '/assets/b.mjs', '/assets/c.wasm'])
  expect([...kept.keys()]).toEqual(fetched)
})

it('keeps no refusal', async () => {
  await expect(keepParts(['/assets/gone.mjs'])).rejects.toThrow('404')
  expect([...kept.keys()]).toEqual([])
})

it('leaves the keeping to the worker that is in charge', async () => {
  vi.stubGlobal('navigator', { serviceWorker: { controller: {} } })
  await keepParts(['/assets/a.mjs'])
  expect(fetched).toEqual(['/assets/a.mjs'])
  expect([...kept.keys()]).toEqual([])
})

it('asks for nothing where there is no cache', async () => {
  vi.unstubAllGlobals()
  vi.stubGlobal('fetch', () => Promise.reject(new Error('asked')))
  await expect(keepParts(['/assets/a.mjs'])).resolves.toBeUndefined()
})
