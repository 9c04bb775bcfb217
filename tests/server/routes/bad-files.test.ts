/** Files that must not come in, at the endpoint's two doors: each refused with a sentence, and nothing stored. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/server/app.ts'
import { ROOT_UNIT_ID } from '../../../src/shared/sync/scopes.ts'
import {
  branchId,
  connect,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { badFiles } from '../../support/files/bad-files.ts'
import { docxOf, jpegOf, ofdOf, pdfOf, pngOf, utf8 } from '../../support/files/make-files.ts'
import { dumpTables } from '../attack.ts'

const bad = await badFiles()
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const scope = `desk:${ROOT_UNIT_ID}`

let endpoint: TestEndpoint
let office: Connection
beforeAll(async () => {
  endpoint = await setupEndpoint()
  office = await connect(endpoint, '9001')
})
afterAll(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const upload = (bytes: Uint8Array, mime: string) =>
  office.send(`/api/blobs/${sha256Of(bytes)}?scope=${scope}`, {
    method: 'PUT',
    body: bytes as Uint8Array<ArrayBuffer>,
    headers: { 'content-type': mime },
  })
const factsOf = (c: Connection, name: string, bytes: Uint8Array, unit = ROOT_UNIT_ID) =>
  c.send(`/api/office/file-facts?unit=${unit}&name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: bytes as Uint8Array<ArrayBuffer>,
    headers: { 'content-type': 'application/octet-stream' },
  })
const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string; message: string } }).error

describe('an upload', () => {
  it.each(bad)('of $what is refused, and nothing is stored', async ({ bytes, mime, words, code }) => {
    const before = await dumpTables(endpoint)
    const answer = await upload(bytes, mime)
    expect(answer.status).toBe(422)
    const error = await errorOf(answer)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(words)
    expect(error.message).toMatch(/。$/)
    expect(error.message).not.toMatch(/[!！]/)
    expect(await dumpTables(endpoint)).toEqual(before)
    expect(await endpoint.blobs.read(sha256Of(bytes))).toBeUndefined()
  })

  it('of what is as it says comes in', async () => {
    for (const [bytes, mime] of [
      [await pdfOf(['A plain page']), 'application/pdf'],
      [docxOf('正文'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
      [ofdOf(['关于做好值守的通知']), 'application/ofd'],
      [pngOf(40, 40), 'image/png'],
      [jpegOf(4000, 3000), 'image/jpeg'],
      [utf8('# 通知\n\n正文'), 'text/markdown'],
    ] as const)
      expect([mime, (await upload(bytes, mime)).status]).toEqual([mime, 201])
  })
})

describe('a question about a file', () => {
  it.each(bad.filter(({ code }) => code !== 'file-mislabelled'))(
    'tells of $what, and stores nothing',
    async ({ name, bytes, words }) => {
      const before = await dumpTables(endpoint)
      const answer = await factsOf(office, name, bytes)
      expect((await errorOf(answer)).message).toMatch(words)
      expect(await dumpTables(endpoint)).toEqual(before)
    },
  )

  it('makes a reading text of a Word file, and tells what to look at again', async () => {
    const answer = await factsOf(office, 'a.docx', docxOf('内部资料，注意保存'))
    expect(await answer.json()).toEqual({
      kind: 'docx',
      pages: null,
      markdown: '内部资料，注意保存\n',
      warnings: ['有“内部资料”字样', '有“注意保存”字样'],
    })
  })

  it('knows the pages of an OFD', async () => {
    const answer = await factsOf(office, 'a.ofd', ofdOf(['不予公开']))
    expect(await answer.json()).toEqual({
      kind: 'ofd',
      pages: 1,
      markdown: null,
      warnings: ['有“不予公开”字样'],
    })
  })

  it('is answered to a desk only', async () => {
    const member = await connect(endpoint, '1003')
    const secretary = await connect(endpoint, '1001')
    expect((await factsOf(member, 'a.md', utf8('文'), branchId('第一支部'))).status).toBe(403)
    expect((await factsOf(secretary, 'a.md', utf8('文'))).status).toBe(403)
    expect((await factsOf(secretary, 'a.md', utf8('文'), branchId('第一支部'))).status).toBe(200)
  })

  it('of what nobody circulates is refused with what may be', async () => {
    expect((await errorOf(await factsOf(office, 'a.exe', utf8('MZ\u0000\u0001')))).message).toContain(
      '只能登记',
    )
  })
})

it('how large a file may be is a setting, told before and said when refused', async () => {
  const small = createApp({
    ...endpoint,
    now: endpoint.clock.now,
    settings: { maxFileBytes: 2 * 1024 * 1024 },
  })
  const about = (await (await small.request('/api/about')).json()) as { maxFileBytes: number }
  expect(about.maxFileBytes).toBe(2 * 1024 * 1024)
  const bytes = new Uint8Array(about.maxFileBytes + 1)
  for (const [path, method] of [
    [`/api/blobs/${sha256Of(bytes)}?scope=${scope}`, 'PUT'],
    [`/api/office/file-facts?unit=${ROOT_UNIT_ID}&name=a.pdf`, 'POST'],
  ] as const) {
    const answer = await small.request(path, { method, body: bytes, headers: { cookie: office.cookie } })
    expect(answer.status).toBe(413)
    expect((await errorOf(answer)).message).toContain('超过 2 MB')
  }
})
