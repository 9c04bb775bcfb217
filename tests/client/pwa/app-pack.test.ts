// @vitest-environment happy-dom
/** The app in one text: what comes out is what went in, and what is kept of it stands under its address as the endpoint would send it. */
import * as fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { pack, unpack, type PackedFile } from '../../../src/client/pwa/worker/app-pack.ts'
import { keepFromPack } from '../../../src/client/pwa/worker/keep-shell.ts'

/** @param cuts where the road cuts the text; it breaks off at the last when `isBroken` */
function streamOf(bytes: Uint8Array, cuts: readonly number[], isBroken = false): ReadableStream<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  const ends = isBroken ? places : [...places, bytes.length]
  let from = 0
  return new ReadableStream({
    pull(controller) {
      const end = ends.shift()
      if (end !== undefined) controller.enqueue(bytes.slice(from, end))
      else if (isBroken) throw new TypeError('network')
      else controller.close()
      from = end ?? from
    },
  })
}
async function all(stream: ReadableStream<Uint8Array>): Promise<PackedFile[]> {
  const files: PackedFile[] = []
  for await (const file of unpack(stream)) files.push(file)
  return files
}
/** As Cache and fetch see them. */
const plain = (files: readonly PackedFile[]) => files.map(({ url, bytes }) => [url, [...bytes]])

const anyFiles = fc.array(
  fc.record({
    url: fc.string({ unit: 'grapheme', maxLength: 20 }).map((name) => `/assets/${name}.js`),
    bytes: fc.uint8Array({ maxLength: 300 }) as fc.Arbitrary<Uint8Array<ArrayBuffer>>,
  }),
  { maxLength: 12 },
)
const anyCuts = fc.array(fc.nat(), { minLength: 1, maxLength: 30 })

it('comes out as it went in, wherever the road cuts it', async () => {
  await fc.assert(
    fc.asyncProperty(anyFiles, anyCuts, async (files, cuts) => {
      expect(plain(await all(streamOf(pack(files), cuts)))).toEqual(plain(files))
    }),
  )
})

it('of a text that ends early, or breaks off, gives whole files alone', async () => {
  await fc.assert(
    fc.asyncProperty(anyFiles, anyCuts, fc.boolean(), async (files, cuts, isBroken) => {
      const whole = pack(files)
      const came: PackedFile[] = []
      const ended = (async () => {
        const road = isBroken
          ? streamOf(whole, cuts, true)
          : streamOf(whole.slice(0, cuts[0]! % whole.length), cuts.slice(1))
        for await (const file of unpack(road)) came.push(file)
      })()
      const outcome = await ended.then(
        () => 'ended',
        () => 'broken',
      )
      if (isBroken && came.length < files.length) expect(outcome).toBe('broken')
      expect(plain(came)).toEqual(plain(files.slice(0, came.length)))
    }),
  )
})

it('is refused where it is no pack', async () => {
  const page = new TextEncoder().encode('<!doctype html>\n<html></html>')
  await expect(all(streamOf(page, []))).rejects.toThrow(SyntaxError)
})

const text = (words: string) => new TextEncoder().encode(words)
const FILES = [
  { url: '/assets/a-1.js', bytes: text('export const 一 = 1') },
  { url: '/assets/b-2.css', bytes: text('b { color: red }') },
  { url: '/assets/of-another-build-3.js', bytes: text('3') },
]
const addressOf = (url: string) => new URL(url, location.href).href

afterEach(() => vi.unstubAllGlobals())

/** What is kept, when the endpoint answers so. */
async function keptOf(answer: Response, wanted = FILES.slice(0, 2)): Promise<Map<string, Response>> {
  vi.stubGlobal('fetch', async () => answer)
  const kept = new Map<string, Response>()
  const put = async (address: RequestInfo | URL, response: Response) => {
    kept.set(String(address), response)
  }
  const told: string[] = []
  const addresses = new Set(wanted.map(({ url }) => addressOf(url)))
  await keepFromPack({ put }, addresses, (address) => told.push(address))
  expect(told).toEqual([...kept.keys()])
  return kept
}

it('keeps what is wanted and nothing else, with the rules that the endpoint sends', async () => {
  const rules = { 'content-security-policy': "default-src 'self'", 'x-content-type-options': 'nosniff' }
  const own = { 'content-type': 'text/plain', 'content-encoding': 'br', 'content-length': '7', etag: 'x' }
  const kept = await keptOf(new Response(pack(FILES), { headers: { ...rules, ...own } }))
  expect([...kept.keys()]).toEqual(FILES.slice(0, 2).map(({ url }) => addressOf(url)))
  const [script, style] = [...kept.values()]
  expect(await script!.text()).toBe('export const 一 = 1')
  expect(Object.fromEntries(script!.headers)).toEqual({
    ...rules,
    'content-type': 'text/javascript; charset=utf-8',
  })
  expect(style!.headers.get('content-type')).toBe('text/css; charset=utf-8')
})

it('keeps nothing of an endpoint that has none', async () => {
  expect((await keptOf(new Response('not found', { status: 404 }))).size).toBe(0)
})
