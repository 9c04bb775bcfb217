/** Attacks on the office's bulk acts: who may, twice, the same id for another thing, half of it wrong, without confirmation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { circulationId } from '../../../src/server/commands/circulations.ts'
import { columnId } from '../../../src/server/commands/make-bureau.ts'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import { confirmationId } from '../../../src/shared/circulation/circulation.ts'
import type { Lesson } from '../../../src/shared/lessons/lesson.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import {
  branchId,
  connect,
  MONDAY,
  personIdOf,
  sectionId,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { dumpTables } from '../attack.ts'

const first = branchId('第一支部')
const second = branchId('第二支部')
const DOCUMENT = '01990000-0000-7000-8000-000000000003'

let endpoint: TestEndpoint
let office: Connection
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
  office = await connect(endpoint, '9001')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

let ids = 0
const newId = () => `command-${++ids}`
const command = async (c: Connection, name: string, body: JsonObject, id = newId()) => {
  const response = await c.post(`/api/commands/${name}`, { id, ...body })
  const answer = (await response.json()) as JsonObject & {
    error?: { code: string; field?: string; message: string }
  }
  return { status: response.status, code: answer.error?.code, answer }
}
const fieldsOf = async <T>(type: string, id: string): Promise<T | undefined> => {
  const record = await endpoint.store.read((tx) => tx.record(type, id))
  return record === undefined ? undefined : (JSON.parse(record.fields) as T)
}
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
    const before = dumpTables(endpoint)
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
    expect(dumpTables(endpoint)).toEqual(before)
  })

  it('answers the same id again with the stored outcome, once done, also when sent at the same moment', async () => {
    for (const [name, body, by] of commands) {
      if (name === 'issue-activation-codes') continue
      const c = await connect(endpoint, by)
      const id = newId()
      const answers = await Promise.all([1, 2, 3].map(() => command(c, name, body, id)))
      expect([name, answers[0]!.status]).toEqual([name, 200])
      const before = dumpTables(endpoint)
      answers.push(await command(c, name, body, id))
      for (const a of answers) expect(a).toEqual(answers[0])
      expect(dumpTables(endpoint)).toEqual(before)
    }
  })

  it('refuses an id that stands for another thing, another command, or another person', async () => {
    const id = newId()
    expect((await command(office, 'publish-lesson', lesson(), id)).status).toBe(200)
    const before = dumpTables(endpoint, ['devices', 'sessions', 'throttles'])
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
    expect(dumpTables(endpoint, ['devices', 'sessions', 'throttles'])).toEqual(before)
  })

  it('that was refused may be given again under its id when the cause is gone', async () => {
    const id = newId()
    expect((await command(office, 'publish-lesson', lesson({ columnId: 'later' }), id)).code).toBe(
      'invalid-fields',
    )
    await endpoint.put('column', 'later', { name: '后来的栏目' })
    expect((await command(office, 'publish-lesson', lesson({ columnId: 'later' }), id)).status).toBe(200)
  })
})

describe('dispatch and recall', () => {
  it('happens for no branch when one is wrong', async () => {
    const before = dumpTables(endpoint)
    for (const wrong of ['no-such-unit', sectionId('综合科'), 'root']) {
      const answer = await command(office, 'dispatch-circulation', dispatchTo(second, wrong))
      expect([wrong, answer.code, answer.answer.error?.field]).toEqual([wrong, 'invalid-fields', 'unitIds'])
    }
    expect(dumpTables(endpoint)).toEqual(before)
  })

  it('freezes the recipients: who comes later is not among them, also when it is sent again', async () => {
    await command(office, 'dispatch-circulation', dispatchTo(second))
    const id = circulationId(DOCUMENT, second)
    const before = (await fieldsOf<Circulation>('circulation', id))!
    expect(before.recipients.map((r) => r.name).sort()).toEqual(['何伟', '孙丽', '林燕', '马强'].sort())
    await endpoint.put('membership', 'newcomer', {
      personId: personIdOf('1006'),
      unitId: second,
      name: '吴刚',
      memberKind: 'full',
      votingRight: true,
      primary: true,
      from: '2026-11-01',
      to: null,
    })
    await command(office, 'dispatch-circulation', { ...dispatchTo(second), deadline: '2026-12-20' })
    const after = (await fieldsOf<Circulation>('circulation', id))!
    expect(after.recipients).toEqual(before.recipients)
    expect(after.deadline).toBe('2026-12-20')
  })

  it('is refused while a revision is not confirmed by a second person, or its file was changed since', async () => {
    const document = (await fieldsOf<JsonObject>('document', DOCUMENT))!
    const twice = [ground.revision, { ...ground.revision, revision: 2 }]
    await endpoint.put('document', DOCUMENT, { ...document, revisions: twice })
    expect((await command(office, 'dispatch-circulation', dispatchTo(second))).code).toBe('not-confirmed')
    const swapped = { ...ground.revision, file: { ...ground.file, sha256: 'c'.repeat(64) } }
    await endpoint.put('document', DOCUMENT, { ...document, revisions: [swapped] })
    expect((await command(office, 'dispatch-circulation', dispatchTo(second))).code).toBe('not-confirmed')
    expect(
      (await command(office, 'dispatch-circulation', { ...dispatchTo(second), documentId: 'none' })).code,
    ).toBe('not-found')
    expect(await fieldsOf('circulation', circulationId(DOCUMENT, second))).toBeUndefined()
  })

  it('is refused for a document whose title, number or file bears a mark of secrecy', async () => {
    const document = (await fieldsOf<JsonObject>('document', DOCUMENT))!
    for (const over of [
      { title: '关于某事的通知（机密★1年）' },
      { documentNo: '秘密〔2026〕1 号' },
      { revisions: [{ ...ground.revision, file: { ...ground.file, name: '绝密.pdf' } }] },
    ]) {
      await endpoint.put('document', DOCUMENT, { ...document, ...over } as unknown as JsonObject)
      expect((await command(office, 'dispatch-circulation', dispatchTo(second))).code).toBe('file-refused')
    }
  })

  it('is open to an officer for the own desk and branch only', async () => {
    const document = (await fieldsOf<JsonObject>('document', DOCUMENT))!
    await endpoint.put('document', 'own', {
      ...document,
      ownerUnitId: first,
      nonClassifiedBy: personIdOf('1001'),
    })
    await endpoint.put('document-confirmation', confirmationId('own', 1), {
      ownerUnitId: first,
      documentId: 'own',
      revision: 1,
      sha256: ground.sha256,
      confirmedBy: personIdOf('1007'),
    })
    const officer = await connect(endpoint, '1001')
    const other = await connect(endpoint, '2001')
    const send = (c: Connection, ...units: string[]) =>
      command(c, 'dispatch-circulation', { ...dispatchTo(...units), documentId: 'own' })
    expect((await send(officer, first, second)).code).toBe('forbidden')
    expect((await send(other, second)).code).toBe('forbidden')
    expect((await send(officer, first)).status).toBe(200)
    expect((await command(other, 'recall-circulation', { documentId: 'own' })).code).toBe('forbidden')
    expect((await command(officer, 'recall-circulation', { documentId: 'own' })).answer).toEqual({
      changed: 1,
    })
  })

  it('recalls once, keeps the record and its recipients, and leaves other branches as they are', async () => {
    await command(office, 'dispatch-circulation', dispatchTo(second))
    const one = await command(office, 'recall-circulation', { documentId: DOCUMENT, unitIds: [second] })
    expect(one.answer).toEqual({ changed: 1 })
    const again = await command(office, 'recall-circulation', { documentId: DOCUMENT, unitIds: [second] })
    expect(again.answer).toEqual({ changed: 0 })
    const recalled = (await fieldsOf<Circulation>('circulation', circulationId(DOCUMENT, second)))!
    expect([recalled.state, recalled.recipients.length]).toEqual(['recalled', 4])
    expect((await fieldsOf<Circulation>('circulation', ground.circulation))!.state).toBe('open')
  })
})

describe('publishing a lesson', () => {
  const stored = () => fieldsOf<Lesson>('lesson', 'issue-1')

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
    for (const over of [{ title: '机密★' }, { body: '绝密★长期\n\n正文' }] as JsonObject[]) {
      const { code, answer } = await command(office, 'publish-lesson', lesson(over))
      expect(code).toBe('file-refused')
      expect(answer.error?.message).toMatch(/机密|绝密/)
    }
    expect(await stored()).toBeUndefined()
    expect(
      (await command(office, 'publish-lesson', lesson({ title: '保守国家秘密，人人有责' }))).status,
    ).toBe(200)
  })

  it('is refused wholly for a unit, a column or a file that does not exist', async () => {
    const before = dumpTables(endpoint)
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
    expect(dumpTables(endpoint)).toEqual(before)
  })
})

describe('codes and devices', () => {
  it('issues codes that are kept only as hashes, and voids those before', async () => {
    const administrator = await connect(endpoint, '0001')
    const ask = () => command(administrator, 'issue-activation-codes', { personIds: [personIdOf('1003')] })
    const codes = [await ask(), await ask()].map((a) => (a.answer.codes as { code: string }[])[0]!.code)
    expect(codes[0]).not.toBe(codes[1])
    const dump = JSON.stringify(dumpTables(endpoint))
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
    const before = dumpTables(endpoint)
    const unknown = await command(office, 'issue-activation-codes', {
      personIds: [personIdOf('1003'), 'nobody'],
    })
    expect(unknown.code).toBe('not-found')
    const account = (await endpoint.store.read((tx) => tx.account({ staffNo: '0001' })))!
    const grab = await command(office, 'issue-activation-codes', { personIds: [account.personId] })
    expect(grab.code).toBe('forbidden')
    expect(dumpTables(endpoint)).toEqual(before)
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
