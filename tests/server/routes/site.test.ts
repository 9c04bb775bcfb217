import { Hono } from 'hono'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AppContext } from '../../../src/server/routes/parts.ts'
import { serveSite } from '../../../src/server/site.ts'

const PAGE = `<!doctype html><title>窗口先锋</title>${'<p>示例</p>'.repeat(200)}`
const SCRIPT = `console.log(${'1 + '.repeat(600)}1)`
let dist: string
const app = new Hono<AppContext>()

beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), 'wh-site-'))
  mkdirSync(join(dist, 'assets'))
  const text = (name: string, content: string) => {
    writeFileSync(join(dist, name), content)
    writeFileSync(join(dist, `${name}.br`), brotliCompressSync(content))
  }
  text('index.html', PAGE)
  text('assets/app-1a2b.js', SCRIPT)
  writeFileSync(join(dist, 'assets/plain.js'), SCRIPT)
  expect(serveSite(app, dist)).toBe(true)
})

afterAll(() => rmSync(dist, { recursive: true }))

const ask = async (path: string, encodings?: string): Promise<Response> =>
  await app.request(path, encodings === undefined ? {} : { headers: { 'accept-encoding': encodings } })

it.each(['/', '/me/delivery', '/assets/app-1a2b.js'])('serves %s as brotli to who takes it', async (path) => {
  const answer = await ask(path, 'gzip, deflate, br, zstd')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-encoding')).toBe('br')
  expect(answer.headers.get('vary')).toMatch(/accept-encoding/i)
  const content = path.endsWith('.js') ? SCRIPT : PAGE
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(brotliCompressSync(content))
})

it.each(['/', '/me/delivery', '/assets/app-1a2b.js', '/assets/plain.js'])(
  'serves %s as gzip, or as it is, to who does not',
  async (path) => {
    const content = path.endsWith('.js') ? SCRIPT : PAGE
    const zipped = await ask(path, 'gzip')
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    expect(gunzipSync(await zipped.arrayBuffer()).toString()).toBe(content)
    const plain = await ask(path)
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toBe(content)
  },
)

it('keeps what is named after its content, and asks for the page anew each time', async () => {
  expect((await ask('/assets/app-1a2b.js', 'br')).headers.get('cache-control')).toMatch(/immutable/)
  for (const path of ['/', '/index.html', '/me/delivery'])
    expect((await ask(path, 'br')).headers.get('cache-control')).toBe('no-cache')
})

it('has no page for a part that is missing', async () => {
  const answer = await ask('/assets/gone-9z.js', 'br')
  expect(answer.status).toBe(404)
  expect(answer.headers.get('cache-control')).toBeNull()
  expect(await answer.text()).not.toContain('<title>')
})

it('says when the app has not been built', () => {
  expect(serveSite(new Hono<AppContext>(), join(dist, 'assets'))).toBe(false)
})
