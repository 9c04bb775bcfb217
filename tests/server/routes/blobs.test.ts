/** Attacks on file bytes: wrong hashes, wrong parts, rights by knowing a hash, foreign scopes, what is left after a recall. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/server/app.ts'
import {
  branchId,
  connect,
  MONDAY,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { dumpTables, queueOf } from '../attack.ts'

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 31 + 7) % 256)
const first = `unit:${branchId('第一支部')}`
const ownFile = `file:${branchId('第一支部')}:${personIdOf('1003')}`

let endpoint: TestEndpoint
let officer: Connection
let member: Connection
let outsider: Connection
beforeEach(async () => {
  endpoint = await setupEndpoint()
  officer = await connect(endpoint, '1001')
  member = await connect(endpoint, '1003')
  outsider = await connect(endpoint, '2002')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const put = (
  c: Connection,
  sha256: string,
  bytes: Uint8Array<ArrayBuffer>,
  { scope = first, range, size = bytes.length, mime = 'application/octet-stream' }: PutOptions = {},
) =>
  c.send(`/api/blobs/${sha256}?scope=${encodeURIComponent(scope)}`, {
    method: 'PUT',
    body: bytes,
    headers: {
      'content-type': mime,
      ...(range === undefined ? {} : { 'content-range': `bytes ${range[0]}-${range[1]}/${size}` }),
    },
  })
interface PutOptions {
  scope?: string
  range?: [number, number]
  size?: number
  mime?: string
}
const get = (c: Connection, sha256: string, range?: string) =>
  c.send(`/api/blobs/${sha256}`, range === undefined ? {} : { headers: { range } })
const answerOf = async (response: Response) => [response.status, await response.json()] as const
const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

describe('uploads', () => {
  it('takes a whole file, twice, and gives it back with its type', async () => {
    const bytes = bytesOf(1000)
    const sha256 = sha256Of(bytes)
    for (let time = 0; time < 2; time++)
      expect(await answerOf(await put(officer, sha256, bytes))).toEqual([201, { received: 1000 }])
    const answer = await get(member, sha256)
    expect(answer.headers.get('content-type')).toBe('application/octet-stream')
    expect(answer.headers.get('content-disposition')).toBe('attachment')
    expect(await bodyOf(answer)).toEqual(bytes)
  })

  it('resumes where it was cut, says what it has, and keeps nothing readable before the end', async () => {
    const bytes = bytesOf(1000)
    const sha256 = sha256Of(bytes)
    const part = (from: number, to: number) =>
      put(officer, sha256, bytes.slice(from, to + 1), { range: [from, to], size: 1000 })
    expect(await answerOf(await part(0, 399))).toEqual([202, { received: 400 }])
    expect((await get(officer, sha256)).status).toBe(404)
    expect(await answerOf(await part(500, 999))).toEqual([409, { received: 400 }])
    expect(await answerOf(await part(400, 999))).toEqual([201, { received: 1000 }])
    expect(await bodyOf(await get(member, sha256))).toEqual(bytes)
  })

  it('takes a file in parts that somebody else had sent before', async () => {
    const bytes = bytesOf(600)
    const sha256 = sha256Of(bytes)
    await put(outsider, sha256, bytes, { scope: `unit:${branchId('第二支部')}` })
    expect((await get(officer, sha256)).status).toBe(404)
    const parts = [
      await put(officer, sha256, bytes.slice(0, 300), { range: [0, 299], size: 600 }),
      await put(officer, sha256, bytes.slice(300), { range: [300, 599], size: 600 }),
    ]
    expect(parts.map((p) => p.status)).toEqual([202, 201])
    expect((await get(officer, sha256)).status).toBe(200)
  })

  it('does not let one complete or spoil what another has begun', async () => {
    const bytes = bytesOf(600)
    const sha256 = sha256Of(bytes)
    await put(officer, sha256, bytes.slice(0, 599), { range: [0, 598], size: 600 })
    const thief = await put(member, sha256, bytes.slice(599), {
      range: [599, 599],
      size: 600,
      scope: ownFile,
    })
    expect(await answerOf(thief)).toEqual([409, { received: 0 }])
    expect((await put(member, sha256, bytesOf(600).fill(0), { scope: ownFile })).status).toBe(422)
    const end = await put(officer, sha256, bytes.slice(599), { range: [599, 599], size: 600 })
    expect(end.status).toBe(201)
  })

  it('takes the same file from two phones and twice from one at the same moment', async () => {
    const bytes = bytesOf(50_000)
    const sha256 = sha256Of(bytes)
    const answers = await Promise.all(
      [officer, member, officer, member].map((c) => put(c, sha256, bytes, { scope: ownFile })),
    )
    expect(answers.map((a) => a.status)).toEqual([201, 201, 201, 201])
    expect(await bodyOf(await get(member, sha256))).toEqual(bytes)
  })

  it('takes nothing into a scope where the person may only read', async () => {
    for (const scope of ['org', first, 'desk:root', `file:${branchId('第一支部')}:${personIdOf('1002')}`]) {
      expect([scope, (await put(member, sha256Of(bytesOf(9)), bytesOf(9), { scope })).status]).toEqual([
        scope,
        403,
      ])
    }
  })

  it('takes nothing of a queue that belongs to somebody else on the same profile', async () => {
    const bytes = bytesOf(40)
    const path = `/api/blobs/${sha256Of(bytes)}?scope=${encodeURIComponent(ownFile)}&device=${officer.deviceId}`
    const answer = await member.send(path, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(await answerOf(answer)).toMatchObject([409, { error: { code: 'wrong-person' } }])
  })

  it('refuses a file that lies about its type or bears a mark, and keeps nothing of it', async () => {
    const lying = new TextEncoder().encode('这不是 PDF')
    const marked = new TextEncoder().encode('机密★3年\n\n关于某事的通知')
    for (const [file, mime, code] of [
      [lying, 'application/pdf', 'file-mislabelled'],
      [marked, 'text/markdown', 'secrecy-mark'],
    ] as const) {
      const sha256 = sha256Of(file)
      const answer = await put(officer, sha256, file, { mime })
      expect([answer.status, await answer.json()]).toMatchObject([422, { error: { code } }])
      expect(await endpoint.blobs.sizeBytes(sha256)).toBeUndefined()
      expect(await endpoint.store.read((tx) => tx.blob(sha256))).toBeUndefined()
    }
  })

  it('refuses bytes that do not hash to their name, and keeps nothing', async () => {
    const sha256 = sha256Of(bytesOf(100))
    const before = await dumpTables(endpoint)
    const wrong = await put(officer, sha256, bytesOf(99))
    expect([wrong.status, ((await wrong.json()) as { error: { code: string } }).error.code]).toEqual([
      422,
      'hash-mismatch',
    ])
    expect(await dumpTables(endpoint)).toEqual(before)
    expect(await endpoint.blobs.sizeBytes(sha256)).toBeUndefined()
    expect((await get(officer, sha256)).status).toBe(404)
    expect((await put(officer, sha256, bytesOf(100))).status).toBe(201)
  })

  it('refuses a foreign scope, no scope, a scope that is none, and a name that is no hash', async () => {
    const bytes = bytesOf(10)
    const sha256 = sha256Of(bytes)
    const before = await dumpTables(endpoint)
    const foreign = ['unit:' + branchId('第二支部'), 'desk:root', `private:${officer.personId}`]
    for (const scope of foreign)
      expect([scope, (await put(member, sha256, bytes, { scope })).status]).toEqual([scope, 403])
    for (const scope of ['', 'unit:', 'org:x', 'unit:a:b', '../..', 'private:../x'])
      expect([scope, (await put(member, sha256, bytes, { scope })).status]).toEqual([scope, 400])
    for (const name of ['x', sha256.toUpperCase(), `${sha256}0`, '..%2f..%2fetc%2fpasswd'])
      expect([name, (await put(member, name, bytes)).status]).toEqual([name, 400])
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('refuses what is too large, announced or not, and ranges that lie', async () => {
    const small = createApp({ ...endpoint, now: endpoint.clock.now, settings: { maxFileBytes: 1000 } })
    const bytes = bytesOf(1001)
    const sha256 = sha256Of(bytes)
    const url = `/api/blobs/${sha256}?scope=${first}`
    const send = (headers: Record<string, string>, body: BodyInit) =>
      small.request(url, {
        method: 'PUT',
        body,
        headers: { cookie: officer.cookie, ...headers },
        duplex: 'half',
      } as RequestInit)
    const endless = () =>
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) })
    expect((await send({}, bytes)).status).toBe(413)
    expect((await send({ 'content-length': '999999999999' }, bytesOf(1))).status).toBe(413)
    expect((await send({}, endless())).status).toBe(413)
    expect((await send({ 'content-range': 'bytes 0-9/5000' }, bytesOf(10))).status).toBe(413)
    for (const range of [
      'bytes 0-99/1000',
      'bytes 5-1/10',
      'bytes 0-9/9',
      'items 0-9/10',
      'bytes */10',
      'bytes -1-8/10',
    ])
      expect([range, (await send({ 'content-range': range }, bytesOf(10))).status]).toEqual([range, 400])
    expect(await endpoint.blobs.receivedBytes(sha256, officer.deviceId)).toBe(0)
  })

  it('takes a type that is no type as plain bytes, so that nothing is run by its name', async () => {
    const bytes = bytesOf(5)
    const sha256 = sha256Of(bytes)
    await put(officer, sha256, bytes, { mime: 'text/html; charset="><script>' })
    const answer = await get(officer, sha256)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-disposition')).toBe('attachment')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
  })
})

describe('ranges', () => {
  const bytes = bytesOf(1000)
  const sha256 = sha256Of(bytes)
  beforeEach(async () => void (await put(officer, sha256, bytes)))

  it('gives the first bytes, the last, and everything from a place on', async () => {
    for (const [range, from, to] of [
      ['bytes=0-99', 0, 99],
      ['bytes=900-', 900, 999],
      ['bytes=-1', 999, 999],
      ['bytes=-5000', 0, 999],
      ['bytes=990-5000', 990, 999],
    ] as const) {
      const answer = await get(member, sha256, range)
      expect([range, answer.status, answer.headers.get('content-range')]).toEqual([
        range,
        206,
        `bytes ${from}-${to}/1000`,
      ])
      expect(await bodyOf(answer)).toEqual(bytes.slice(from, to + 1))
    }
  })

  it('refuses what lies beyond with 416 and the size', async () => {
    for (const range of ['bytes=1000-', 'bytes=5-4', 'bytes=-0', 'bytes=-', 'bytes=99999999999999999999-']) {
      const answer = await get(member, sha256, range)
      expect([range, answer.status, answer.headers.get('content-range')]).toEqual([
        range,
        416,
        'bytes */1000',
      ])
    }
  })

  it('answers several ranges and unknown units with the whole', async () => {
    for (const range of ['bytes=0-1,5-6', 'lines=1-2'])
      expect((await get(member, sha256, range)).status).toBe(200)
  })

  it('tells size and kind by HEAD, without bytes', async () => {
    const answer = await member.send(`/api/blobs/${sha256}`, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '1000',
      '',
    ])
    expect((await outsider.send(`/api/blobs/${sha256}`, { method: 'HEAD' })).status).toBe(404)
  })
})

describe('who may read', () => {
  it('is told 404 alike for a foreign file, a missing one and a name that is none', async () => {
    const bytes = bytesOf(20)
    const sha256 = sha256Of(bytes)
    await put(officer, sha256, bytes)
    const answers = await Promise.all(
      [sha256, 'f'.repeat(64), 'nonsense', '..%2f..%2f..%2fetc%2fpasswd'].map(async (name) =>
        JSON.stringify(await answerOf(await get(outsider, name))),
      ),
    )
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('not-found')
    expect((await endpoint.app.request(`/api/blobs/${sha256}`)).status).toBe(401)
  })

  it('gives no right for naming a foreign hash in a record or in a lesson', async () => {
    const sha256 = await endpoint.putFile(bytesOf(30), 'application/pdf', `desk:${branchId('第二支部')}`)
    const attachment = { sha256, name: 'a.pdf', mime: 'application/pdf', sizeBytes: 30 }
    const chair = await queueOf(endpoint, '1001')
    const outcome = await chair.offer({
      type: 'meeting',
      id: 'meeting-1',
      fields: {
        unitId: branchId('第一支部'),
        kindId: 'k',
        title: '会',
        date: '2026-11-23',
        sittings: [{ id: 's', name: '一', startsAt: MONDAY }],
        attachments: [attachment],
      },
    })
    expect([outcome.status, outcome.code]).toEqual(['rejected', 'forbidden'])
    const office = await connect(endpoint, '9001')
    const { columns } = { columns: await endpoint.store.read((tx) => tx.records({ types: ['column'] })) }
    const published = await office.post('/api/commands/publish-lesson', {
      id: 'publish-01',
      issueId: 'issue-1',
      unitIds: null,
      week: '2026-W48',
      columnId: columns[0]!.id,
      title: '课',
      body: '正文',
      attachments: [attachment],
      publishAt: MONDAY,
    })
    expect(published.status).toBe(409)
    expect((await get(officer, sha256)).status).toBe(404)
    expect((await get(office, sha256)).status).toBe(404)
  })

  it('lets org files be kept by the browser, and no others', async () => {
    const org = await endpoint.putFile(bytesOf(11), 'text/markdown', 'org')
    const unit = await endpoint.putFile(bytesOf(12), 'text/markdown', first)
    expect((await get(member, org)).headers.get('cache-control')).toContain('immutable')
    expect((await get(member, unit)).headers.get('cache-control')).toBe('no-store')
  })

  it('ends with the recall, and stays with the desk; a file that another record of the unit names stays readable', async () => {
    const ground = await layGround(endpoint)
    const office = await connect(endpoint, '9001')
    await endpoint.store.write([], (tx) => tx.putBlobScope(ground.sha256, first))
    expect((await get(member, ground.sha256)).status).toBe(200)
    const documentId = '01990000-0000-7000-8000-000000000003'
    const dispatched = await office.post('/api/commands/dispatch-circulation', {
      id: 'dispatch-1',
      documentId,
      unitIds: [branchId('第二支部')],
      deadline: '2026-11-30',
    })
    expect(dispatched.status).toBe(200)
    expect((await get(outsider, ground.sha256)).status).toBe(200)
    await endpoint.put('meeting', 'meeting-2', {
      unitId: branchId('第二支部'),
      kindId: 'k',
      title: '会',
      date: '2026-11-23',
      sittings: [{ id: 's', name: '一', startsAt: MONDAY }],
      attachments: [ground.file],
    })
    const recalled = await office.post('/api/commands/recall-circulation', { id: 'recall-01', documentId })
    expect(await recalled.json()).toEqual({ changed: 2 })
    expect((await get(member, ground.sha256)).status).toBe(404)
    expect((await get(outsider, ground.sha256)).status).toBe(200)
    expect((await get(office, ground.sha256)).status).toBe(200)
  })

  it('ends for a person who left the unit', async () => {
    const sha256 = await endpoint.putFile(bytesOf(13), 'text/markdown', first)
    expect((await get(member, sha256)).status).toBe(200)
    const rows = await endpoint.store.read((tx) =>
      tx.records({ types: ['membership'], person: personIdOf('1003') }),
    )
    const own = rows.find((r) => r.scope === first)!
    await endpoint.put('membership', own.id, { ...JSON.parse(own.fields), to: '2026-11-23' })
    expect((await get(member, sha256)).status).toBe(404)
  })
})
