/** Malformed and hostile input at every route: a clear 4xx with our error body, never a 5xx, and nothing stored. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ERRORS, type ErrorBody } from '../../../src/shared/sync/protocol/errors.ts'
import type { JsonObject, JsonValue } from '../../../src/shared/sync/json.ts'
import { connect, MONDAY, setupEndpoint, type Connection, type TestEndpoint } from '../../support/endpoint.ts'
import { mutationOf } from '../../support/wire.ts'
import { dumpTables } from '../attack.ts'

let endpoint: TestEndpoint
let office: Connection
let administrator: Connection
beforeEach(async () => {
  endpoint = await setupEndpoint()
  office = await connect(endpoint, '9001')
  administrator = await connect(endpoint, '0001')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const HASH = 'a'.repeat(64)
const person = {
  staffNo: '3001',
  name: '新人',
  committee: null,
  branch: '第一支部',
  group: null,
  section: null,
  postingUnit: null,
  partyStatus: 'full',
  roles: [],
  handOrder: null,
}
/** A good body for each route that takes one; each test spoils it in another way. */
const bodies = (): Record<string, JsonObject> => ({
  '/api/session': { staffNo: '1003', password: 'x' },
  '/api/setup': { code: 'c', bureauName: 'b', staffNo: '1', name: 'n', password: 'long enough' },
  '/api/session/device': { personId: administrator.personId, deviceName: '手机' },
  '/api/push': {
    protocol: 1,
    deviceId: office.deviceId,
    epoch: '',
    sentAt: 0,
    mutations: [
      mutationOf(1, { type: 'opinion', id: 'o1', fields: { personId: office.personId, text: '一' } }),
    ] as unknown as JsonValue,
  },
  '/api/pull': { protocol: 1, deviceId: office.deviceId, cursor: null, limit: 10 },
  '/api/commands/publish-lesson': {
    id: 'command-1',
    issueId: 'i',
    unitIds: null,
    week: '2026-W48',
    columnId: 'c',
    title: '题',
    body: '文',
    publishAt: MONDAY,
  },
  '/api/commands/dispatch-circulation': {
    id: 'command-2',
    documentId: 'd',
    unitIds: ['u'],
    deadline: '2026-11-30',
  },
  '/api/commands/recall-circulation': { id: 'command-3', documentId: 'd', unitIds: ['u'] },
  '/api/commands/freeze-month': { id: 'command-4', month: '2026-10', unitIds: ['u'] },
  '/api/commands/issue-activation-codes': { id: 'command-5', personIds: ['nobody'] },
  '/api/commands/revoke-device': { id: 'command-6', deviceId: 'nothing' },
  '/api/commands/put-people': { id: 'command-7', people: [person], dryRun: true },
})

const send = (c: Connection, path: string, body: BodyInit, method = 'POST') =>
  c.send(path, { method, body, headers: { 'content-type': 'application/json' } })

/** A refusal of ours: a 4xx whose code is a row of the table. */
async function refusalOf(what: string, response: Response): Promise<ErrorBody['error']> {
  const text = await response.text()
  expect([what, response.status >= 400 && response.status < 500, text.slice(0, 200)]).toEqual([
    what,
    true,
    text.slice(0, 200),
  ])
  const { error } = JSON.parse(text) as ErrorBody
  expect([what, ERRORS[error.code]?.status]).toEqual([what, response.status])
  expect(error.message).not.toMatch(/ at |node:|\.ts:/)
  return error
}

const bytes = (...numbers: number[]) => Uint8Array.from(numbers)
const deep = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)

describe('a body that is no JSON', () => {
  const garbage: [string, BodyInit][] = [
    ['nothing', ''],
    ['half', '{"a":'],
    ['HTML of a captive portal', '<!doctype html><title>login</title>'],
    ['a comment', '{/* */}'],
    ['invalid UTF-8', bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d)],
    ['overlong UTF-8', bytes(0x22, 0xc0, 0xaf, 0x22)],
    ['NUL', bytes(0, 0, 0)],
    ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
    ['a number beyond the end', '1e999999999 2'],
    ['NaN', '{"a":NaN}'],
  ]
  it('is 400 at every route', async () => {
    const before = await dumpTables(endpoint)
    for (const path of Object.keys(bodies())) {
      for (const [name, body] of garbage) {
        const error = await refusalOf(`${path} ${name}`, await send(administrator, path, body))
        expect(error.code).toBe('bad-request')
      }
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })
})

describe('JSON of another shape', () => {
  const values: JsonValue[] = [null, [], 'text', 5, true, {}, [[]], { __proto__: 1 } as unknown as JsonObject]
  it('is 400 at every route', async () => {
    const before = await dumpTables(endpoint)
    for (const [path, good] of Object.entries(bodies())) {
      for (const value of values) {
        await refusalOf(
          `${path} ${JSON.stringify(value)}`,
          await send(administrator, path, JSON.stringify(value)),
        )
      }
      for (const raw of [
        deep(40),
        deep(20_000),
        `[${'['.repeat(20_000)}`,
        JSON.stringify(good).replace('{', `{"x":${deep(50)},`),
      ])
        await refusalOf(`${path} deep`, await send(administrator, path, raw))
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('names the field that is wrong, for every field of every route', async () => {
    const mayChange = ['throttles', 'command_outcomes', 'devices', 'outcomes', 'sessions']
    const before = await dumpTables(endpoint, mayChange)
    const wrong: JsonValue[] = [{ broken: 1 }, -1.5, '\u0000', 'x'.repeat(30_000)]
    for (const [path, good] of Object.entries(bodies())) {
      for (const key of Object.keys(good)) {
        for (const value of wrong) {
          // Text that merely doesn't exist is an honest refusal of another kind; only wrong types must name their field.
          const body = JSON.stringify({ ...good, [key]: value })
          const what = `${path} ${key}=${JSON.stringify(value).slice(0, 20)}`
          const response = await send(administrator, path, body)
          if (response.status < 300) {
            expect([what, typeof value]).toEqual([what, 'string'])
            continue
          }
          const error = await refusalOf(what, response)
          if (typeof value !== 'string' && error.code === 'bad-request')
            expect([what, error.field]).toEqual([what, expect.stringContaining(key) as unknown])
        }
      }
    }
    // What was answered 200 was a dry run, an empty page, or a phone with a new name.
    expect(await dumpTables(endpoint, mayChange)).toEqual(before)
  })

  it('names the field inside a mutation', async () => {
    const good = bodies()['/api/push'] as { mutations: JsonObject[] } & JsonObject
    const spoil: JsonObject = {
      n: 0,
      type: 'No Type',
      id: '../../etc/passwd',
      scope: 'unit:../x',
      op: 'merge',
      schemaVersion: 1.5,
      fields: [],
      baseRev: -1,
      hlc: 'now',
      observedAt: 9e15,
      hash: 'HASH',
      signed: { person: 1 },
    }
    const before = await dumpTables(endpoint)
    for (const [key, value] of Object.entries(spoil)) {
      const body = { ...good, mutations: [{ ...good.mutations[0], [key]: value }] }
      const error = await refusalOf(key, await send(office, '/api/push', JSON.stringify(body)))
      expect(error.field).toContain(`mutations.0.${key}`)
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })
})

describe('a body that is too large', () => {
  it('is 413, announced or streamed without a length', async () => {
    const before = await dumpTables(endpoint)
    for (const [path, good] of Object.entries(bodies())) {
      const large = JSON.stringify({ ...good, padding: 'x'.repeat(5 * 1024 * 1024) })
      expect((await refusalOf(path, await send(administrator, path, large))).code).toBe('body-too-large')
      const endless = new ReadableStream<Uint8Array>({
        pull: (s) => s.enqueue(new Uint8Array(256 * 1024).fill(32)),
      })
      const streamed = await administrator.send(path, {
        method: 'POST',
        body: endless,
        duplex: 'half',
      } as RequestInit)
      expect((await refusalOf(path, streamed)).code).toBe('body-too-large')
    }
    const many = bodies()['/api/push'] as { mutations: JsonObject[] } & JsonObject
    const crowd = { ...many, mutations: Array.from({ length: 201 }, () => many.mutations[0]!) }
    expect((await refusalOf('201', await send(office, '/api/push', JSON.stringify(crowd)))).field).toContain(
      'mutations',
    )
    expect(await dumpTables(endpoint)).toEqual(before)
  })
})

describe('paths and methods', () => {
  it('that nobody offers are refused, whatever tricks they play', async () => {
    const before = await dumpTables(endpoint)
    const paths = [
      '/api/blobs/../../etc/passwd',
      '/api/blobs/..%2f..%2fetc%2fpasswd',
      '/api/blobs/%2e%2e%2f%2e%2e',
      '/api/blobs/%00',
      '/api/blobs/%zz',
      '/api/blobs/%ff%fe',
      `/api/blobs/${HASH}/..`,
      '/api/office/nothing',
      '/api/office/__proto__',
      '/api/commands/no-such-command',
      '/api/commands/constructor',
      '/api/commands/%5f%5fproto%5f%5f',
      '/api/commands/' + 'x'.repeat(5000),
      '/api/支部',
      '/api/',
      '/api',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
        const response = await administrator.send(path, {
          method,
          ...(method === 'GET' ? {} : { body: '{}' }),
        })
        expect([method, path, response.status >= 400 && response.status < 500]).toEqual([method, path, true])
        expect(await response.text()).not.toContain('root:')
      }
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('with another method than the route has are refused', async () => {
    for (const path of [...Object.keys(bodies()), '/api/office/people', '/api/live', `/api/blobs/${HASH}`]) {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'POST', 'GET']) {
        const isOffered =
          (method === 'POST' && path in bodies()) ||
          (method === 'GET' && /session|setup|office|live/.test(path)) ||
          (path === '/api/session' && method === 'DELETE')
        if (isOffered) continue
        const c = await administrator.send(path, { method, ...(method === 'GET' ? {} : { body: '{}' }) })
        await refusalOf(`${method} ${path}`, c)
      }
    }
  })
})

describe('questions of the office', () => {
  it('refuse parameters that are wrong or missing', async () => {
    for (const [c, path] of [
      [office, '/api/office/month'],
      [office, '/api/office/month?month='],
      [office, '/api/office/month?month=2026-13'],
      [office, "/api/office/month?month=2026-10'--"],
      [office, '/api/office/month?month=2026-10%00'],
      [administrator, '/api/office/devices'],
    ] as const) {
      const error = await refusalOf(path, await c.send(path))
      expect(error.field).toMatch(/month|personId/)
    }
    expect(
      await (
        await administrator.send(`/api/office/devices?personId=${encodeURIComponent("x' or 1=1")}`)
      ).json(),
    ).toEqual({
      devices: [],
    })
  })
})

describe('text that is cut or hostile', () => {
  const texts = [
    '半个 \ud83d',
    '\ude00 尾',
    '\u0000',
    '\u202e倒写',
    '<img src=x onerror=alert(1)>',
    "'; drop table records; --",
    '🀄'.repeat(50),
    '\ufeff',
  ]
  it('is kept as it is where a person wrote it, or refused, never half', async () => {
    for (const [at, text] of texts.entries()) {
      const lone = !text.isWellFormed()
      const publish = {
        ...bodies()['/api/commands/publish-lesson'],
        id: `hostile-${at}`,
        issueId: `i${at}`,
        title: `题${text}`,
        columnId: 'c',
      }
      await endpoint.put('column', 'c', { name: '栏目' })
      const response = await send(office, '/api/commands/publish-lesson', JSON.stringify(publish))
      if (lone) {
        const error = await refusalOf(`lone ${at}`, response)
        expect(error.field).toBe('title')
        continue
      }
      expect([at, response.status]).toEqual([at, 200])
      const record = await endpoint.store.read((tx) => tx.record('lesson', `i${at}`))
      expect((JSON.parse(record!.fields) as { title: string }).title).toBe(`题${text}`.trim())
    }
  })

  it('does not stop a session, a set-up or a roster with a 5xx', async () => {
    for (const text of texts) {
      for (const [path, body] of Object.entries({
        '/api/session': { staffNo: text, password: text },
        '/api/setup': { ...bodies()['/api/setup'], code: text, name: text },
        '/api/commands/put-people': {
          ...bodies()['/api/commands/put-people'],
          people: [{ ...person, name: text }],
        },
        '/api/commands/revoke-device': { id: 'command-9', deviceId: text },
      })) {
        const response = await send(administrator, path, JSON.stringify(body))
        expect([path, text, response.status < 500]).toEqual([path, text, true])
      }
      endpoint.clock.advance(3_600_000)
    }
  })
})
