/** Attacks on the office's bulk acts: who may, twice, the same id for another thing, half of it wrong. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { columnId } from '../../../src/server/commands/make-bureau.ts'
import type { Lesson } from '../../../src/shared/lessons/lesson.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
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
import { command, dumpTables, fieldsOf, newCommandId } from '../attack.ts'

const first = branchId('第一支部')
const second = branchId('第二支部')
const DOCUMENT = '01990000-0000-7000-8000-000000000003'

let endpoint: TestEndpoint
let office: Connection
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await layGround(endpoint)
  office = await connect(endpoint, '9001')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const dispatchTo = (...unitIds: string[]): JsonObject => ({
  documentId: DOCUMENT,
  unitIds,
  deadline: '2026-12-01',
})
const lesson = (over: JsonObject = {}): JsonObject => ({
  issueId: 'issue-1',
  unitIds: null,
  week: '2026-W48',
  columnId: columnId('通知要求'),
  title: '一课',
  body: '正文。',
  publishAt: MONDAY - 1000,
  ...over,
})
const commands: [string, JsonObject, string][] = [
  ['publish-lesson', lesson(), '9001'],
  ['dispatch-circulation', dispatchTo(second), '9001'],
  ['recall-circulation', { documentId: DOCUMENT }, '9001'],
  ['close-circulation', { documentId: DOCUMENT }, '9001'],
  ['freeze-month', { month: '2026-10', unitIds: [first] }, '9001'],
  ['issue-activation-codes', { personIds: [personIdOf('1003')] }, '9001'],
  [
    'put-people',
    {
      people: [
        {
          staffNo: '5001',
          name: '新来的',
          committee: null,
          branch: '第一支部',
          group: null,
          section: null,
          postingUnit: null,
          partyStatus: 'full',
          roles: [],
          handOrder: null,
        },
      ],
    },
    '0001',
  ],
]

describe('every command', () => {
  it('is refused to whoever has not the role, and changes nothing', async () => {
    const others = ['1001', '1002', '1003', '1005', '1006', '2001', '0001', '9001']
    const connections = await Promise.all(others.map((staffNo) => connect(endpoint, staffNo)))
    const before = await dumpTables(endpoint)
    for (const [name, body, by] of commands) {
      for (const [at, c] of connections.entries()) {
        if (others[at] === by || (name === 'issue-activation-codes' && others[at] === '0001')) continue
        expect([name, others[at], (await command(c, name, body)).code]).toEqual([
          name,
          others[at],
          'forbidden',
        ])
      }
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('answers the same id again with the stored outcome, once done, also when sent at the same moment', async () => {
    for (const [name, body, by] of commands) {
      if (name === 'issue-activation-codes') continue
      const c = await connect(endpoint, by)
      const id = newCommandId()
      const answers = await Promise.all([1, 2, 3].map(() => command(c, name, body, id)))
      expect([name, answers[0]!.status]).toEqual([name, 200])
      const before = await dumpTables(endpoint)
      answers.push(await command(c, name, body, id))
      for (const a of answers) expect(a).toEqual(answers[0])
      expect(await dumpTables(endpoint)).toEqual(before)
    }
  })

  it('refuses an id that stands for another thing, another command, or another person', async () => {
    const id = newCommandId()
    expect((await command(office, 'publish-lesson', lesson(), id)).status).toBe(200)
    const before = await dumpTables(endpoint, ['devices', 'sessions', 'throttles'])
    expect((await command(office, 'publish-lesson', lesson({ title: '另一课' }), id)).code).toBe(
      'id-conflict',
    )
    expect((await command(office, 'recall-circulation', { documentId: DOCUMENT }, id)).code).toBe(
      'id-conflict',
    )
    const colleague = await connect(endpoint, '9002')
    const member = await connect(endpoint, '1003')
    expect((await command(colleague, 'publish-lesson', lesson(), id)).code).toBe('id-conflict')
    expect((await command(member, 'publish-lesson', lesson(), id)).code).toBe('id-conflict')
    expect(await dumpTables(endpoint, ['devices', 'sessions', 'throttles'])).toEqual(before)
  })

  it('that was refused may be given again under its id when the cause is gone', async () => {
    const id = newCommandId()
    expect((await command(office, 'publish-lesson', lesson({ columnId: 'later' }), id)).code).toBe(
      'invalid-fields',
    )
    await endpoint.put('column', 'later', { name: '后来的栏目' })
    expect((await command(office, 'publish-lesson', lesson({ columnId: 'later' }), id)).status).toBe(200)
  })
})

describe('publishing a lesson', () => {
  const stored = () => fieldsOf<Lesson>(endpoint, 'lesson', 'issue-1')

  it('makes a revision of what was out, says when, and none of the same text', async () => {
    expect((await command(office, 'publish-lesson', lesson())).answer).toEqual({
      added: 1,
      changed: 0,
      same: 0,
    })
    expect((await command(office, 'publish-lesson', lesson())).answer).toEqual({
      added: 0,
      changed: 0,
      same: 1,
    })
    endpoint.clock.advance(1000)
    const changed = await command(
      office,
      'publish-lesson',
      lesson({ body: '改过的正文。', revisionNote: '改一处' }),
    )
    expect(changed.answer).toEqual({ added: 0, changed: 1, same: 0 })
    expect(await stored()).toMatchObject({
      revision: 2,
      revisedAt: endpoint.clock.now(),
      revisionNote: '改一处',
    })
  })

  it('makes no revision of what is not out yet', async () => {
    const later = { publishAt: MONDAY + 86_400_000 }
    await command(office, 'publish-lesson', lesson(later))
    await command(office, 'publish-lesson', lesson({ ...later, body: '改过' }))
    expect(await stored()).toMatchObject({ revision: 1, revisedAt: null, body: '改过' })
  })

  it('takes a title with spaces around it', async () => {
    expect((await command(office, 'publish-lesson', lesson({ title: '  一课  ' }))).status).toBe(200)
    expect((await stored())?.title).toBe('一课')
  })

  it('refuses a mark of secrecy in title or text, and names it', async () => {
    for (const over of [
      { title: '机密★' },
      { title: '机密：窗口值守安排' },
      { body: '绝密★长期\n\n正文' },
    ] as JsonObject[]) {
      const { code, answer } = await command(office, 'publish-lesson', lesson(over))
      expect(code).toBe('secrecy-mark')
      expect(answer.error?.message).toMatch(/机密|绝密/)
    }
    expect(await stored()).toBeUndefined()
    expect(
      (await command(office, 'publish-lesson', lesson({ title: '保守国家秘密，人人有责' }))).status,
    ).toBe(200)
  })

  it('is refused wholly for a unit, a column or a file that does not exist', async () => {
    const before = await dumpTables(endpoint)
    const file = { sha256: 'd'.repeat(64), name: 'a', mime: 'text/plain', sizeBytes: 1 }
    for (const [over, field] of [
      [{ unitIds: [first, 'no-such-unit'] }, 'unitIds'],
      [{ columnId: 'no-such-column' }, 'columnId'],
      [{ attachments: [file] }, 'attachments'],
    ] as const) {
      const { status, answer } = await command(
        office,
        'publish-lesson',
        lesson(over as unknown as JsonObject),
      )
      expect([status >= 400 && status < 500, answer.error?.field]).toEqual([true, field])
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })
})

describe('codes and devices', () => {
  it('issues codes that are kept only as hashes, and voids those before', async () => {
    const administrator = await connect(endpoint, '0001')
    const ask = () => command(administrator, 'issue-activation-codes', { personIds: [personIdOf('1003')] })
    const codes = [await ask(), await ask()].map((a) => (a.answer.codes as { code: string }[])[0]!.code)
    expect(codes[0]).not.toBe(codes[1])
    const dump = JSON.stringify(await dumpTables(endpoint))
    for (const code of codes) expect(dump).not.toContain(code)
    const use = async (code: string) =>
      (
        await endpoint.app.request('/api/session', {
          method: 'POST',
          body: JSON.stringify({ staffNo: '1003', activationCode: code, newPassword: 'long enough' }),
        })
      ).status
    expect([await use(codes[0]!), await use(codes[1]!)]).toEqual([401, 200])
  })

  it('issues none when one person is unknown, and no administrator’s to the office', async () => {
    const before = await dumpTables(endpoint)
    const unknown = await command(office, 'issue-activation-codes', {
      personIds: [personIdOf('1003'), 'nobody'],
    })
    expect(unknown.code).toBe('not-found')
    const account = (await endpoint.store.read((tx) => tx.account({ staffNo: '0001' })))!
    const grab = await command(office, 'issue-activation-codes', { personIds: [account.personId] })
    expect(grab.code).toBe('forbidden')
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('stops a device for its person and for the administrator, for nobody else', async () => {
    const [lost, own, other, administrator] = [
      await connect(endpoint, '1003'),
      await connect(endpoint, '1003'),
      await connect(endpoint, '1001'),
      await connect(endpoint, '0001'),
    ]
    const revoke = (c: Connection, d: Connection) => command(c, 'revoke-device', { deviceId: d.deviceId })
    expect((await revoke(other, lost)).code).toBe('forbidden')
    expect((await revoke(office, lost)).code).toBe('forbidden')
    expect((await lost.send('/api/session')).status).toBe(200)
    expect((await revoke(own, lost)).status).toBe(200)
    expect([(await lost.send('/api/session')).status, (await own.send('/api/session')).status]).toEqual([
      401, 200,
    ])
    expect((await revoke(administrator, own)).status).toBe(200)
    expect((await own.send('/api/session')).status).toBe(401)
  })
})
