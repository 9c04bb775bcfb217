/**
 * Text that one database keeps and the other cannot: NUL, half signs, texts too long for an index, numbers too large for a column.
 * A clear refusal on both, never a fault of ours, and what is good beside it goes through.
 */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import { connect, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { mutationOf, push } from '../../support/wire.ts'
import { command } from '../attack.ts'

const NUL = 'a\u0000b'
const HALF = 'a\ud800b'
/** Not compressible: 12,000 bytes where an index takes 2,700. */
const LONG = Array.from({ length: 4000 }, (_, at) =>
  String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)),
).join('')
const ODD = [
  ['NUL', NUL],
  ['half a sign', HALF],
  ['a very long text', LONG],
] as const

const statuses: Record<string, Record<string, unknown>> = {}
afterAll(() => {
  expect(statuses.postgres).toEqual(statuses.sqlite)
})

describe.each(['sqlite', 'postgres'] as const)('on %s', (database) => {
  let endpoint: TestEndpoint
  beforeEach(async () => {
    endpoint = await setupEndpoint({ database })
  })
  afterEach(async () => {
    expect(endpoint.problems).toEqual([])
    await endpoint.close()
  })
  const note = (what: string, status: unknown) => {
    ;(statuses[database] ??= {})[what] = status
  }
  const post = (path: string, body: unknown) =>
    endpoint.app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it.each(ODD)('%s in what anybody may send', async (name, text) => {
    const answers = [
      await post('/api/session', { staffNo: text, password: 'correct horse 2026' }),
      await post('/api/session', { staffNo: '1003', password: text }),
      await post('/api/session', { staffNo: '1003', activationCode: text, newPassword: 'a long password' }),
      await post('/api/session', { staffNo: '1003', password: 'correct horse 2026', deviceId: text }),
      await post('/api/session', { staffNo: '1003', password: 'correct horse 2026', publicKey: text }),
      await post('/api/setup', {
        code: text,
        bureauName: text,
        staffNo: text,
        name: text,
        password: `${text}-------`,
      }),
    ]
    for (const [at, { status }] of answers.entries()) {
      // A known device is asked for, and an unknown one is made: both are good answers to a wrong id.
      expect([at, status < 500]).toEqual([at, true])
      note(`${name} ${at}`, status)
    }
    const named = await post('/api/session', {
      staffNo: '1003',
      password: 'correct horse 2026',
      deviceName: text.slice(0, 50),
    })
    expect(named.status).toBeLessThan(500)
  })

  // Half a sign has no canonical form, so no phone can make a mutation of it: malformed.test.ts sends it by hand.
  it.each(ODD.filter(([, text]) => text !== HALF))(
    '%s in the fields of a record: refused alone, the next one is kept',
    async (name, text) => {
      const person = await connect(endpoint, '1003')
      const office = await connect(endpoint, '9001')
      const opinion = (n: number, fields: object) =>
        mutationOf(n, {
          type: 'opinion',
          id: idFrom('odd', String(n)),
          fields: { personId: person.personId, ...fields },
        })
      const mutations = [
        opinion(1, { text, personId: text }),
        opinion(2, { text: '好的' }),
        opinion(3, { text: '好的', extra: text }),
      ]
      const { status, outcomes, body } = await push(person, mutations)
      note(`push ${name}`, status === 200 ? outcomes.map((outcome) => outcome.status) : body.error?.code)
      if (status === 200) expect(outcomes[1]).toMatchObject({ n: 2, status: 'accepted' })
      else expect(status).toBe(400)
      const column = mutationOf(1, { type: 'column', id: idFrom('odd', 'column'), fields: { name: text } })
      expect((await push(office, [column])).status).toBeLessThan(500)
    },
  )

  it.each(ODD)('%s in a command: nothing of it happens', async (name, text) => {
    const administrator = await connect(endpoint, '0001')
    const before = await endpoint.store.read((tx) => tx.accounts())
    const row = {
      staffNo: '7001',
      name: '新',
      committee: null,
      branch: '第一支部',
      group: null,
      section: '综合科',
    }
    const rest = { postingUnit: null, partyStatus: 'full', roles: [], handOrder: null }
    for (const over of [{ staffNo: text }, { name: text }, { branch: text }]) {
      const { status } = await command(administrator, 'put-people', {
        people: [{ ...row, ...rest, ...over }],
        rows: [{ ...row, ...rest, ...over }],
        createUnits: true,
      })
      expect(status).toBeLessThan(500)
      note(`command ${name} ${Object.keys(over)[0]}`, status)
    }
    const issued = await command(administrator, 'issue-activation-codes', {
      personIds: [text],
      staffNos: [text],
    })
    expect(issued.status).toBeLessThan(500)
    const after = await endpoint.store.read((tx) => tx.accounts())
    expect(after.filter((account) => account.staffNo === text)).toEqual([])
    expect(after.length).toBeLessThanOrEqual(before.length + 2)
  })

  it('odd text in paths, questions and ids', async () => {
    const person = await connect(endpoint, '1003')
    for (const path of [
      '/api/blobs/%00',
      `/api/blobs/${'0'.repeat(64)}?scope=%00&device=%00`,
      '/api/office/people?q=%00',
      '/api/commands/%00',
    ]) {
      const answer = await person.send(path)
      expect([path, answer.status < 500]).toEqual([path, true])
    }
    const put = await person.send(
      `/api/blobs/${'0'.repeat(64)}?scope=private:${person.personId}&device=a%00b`,
      {
        method: 'PUT',
        body: 'x',
      },
    )
    expect(put.status).toBeLessThan(500)
    const pulled = await person.post('/api/pull', { protocol: 1, deviceId: NUL, cursor: NUL, limit: 10 })
    expect(pulled.status).toBeLessThan(500)
    expect((await push(person, [], { deviceId: NUL })).status).toBeLessThan(500)
  })

  it('times at the edge of what is allowed', async () => {
    const person = await connect(endpoint, '1003')
    for (const [n, observedAt] of [8_640_000_000_000_000, 2 ** 53 - 1, 1.5, 1e300].entries()) {
      const mutation = mutationOf(n + 1, {
        type: 'opinion',
        id: idFrom('time', String(n)),
        fields: { personId: person.personId, text: '时间' },
        observedAt,
      })
      expect((await push(person, [mutation])).status).toBeLessThan(500)
    }
  })
})
