/** Attacks on dispatch and recall: half of it wrong, newcomers, without confirmation, marked secret, from another desk. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  circulationId,
  confirmationId,
  type Circulation,
} from '../../../src/shared/circulation/circulation.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import {
  branchId,
  connect,
  personIdOf,
  sectionId,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { command, dumpTables, fieldsOf } from '../attack.ts'

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

const dispatchTo = (...unitIds: string[]): JsonObject => ({
  documentId: DOCUMENT,
  unitIds,
  deadline: '2026-12-01',
})

describe('dispatch and recall', () => {
  it('happens for no branch when one is wrong', async () => {
    const before = await dumpTables(endpoint)
    for (const wrong of ['no-such-unit', sectionId('综合科'), 'root']) {
      const answer = await command(office, 'dispatch-circulation', dispatchTo(second, wrong))
      expect([wrong, answer.code, answer.answer.error?.field]).toEqual([wrong, 'invalid-fields', 'unitIds'])
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('freezes the recipients: who comes later is not among them, also when it is sent again', async () => {
    await command(office, 'dispatch-circulation', dispatchTo(second))
    const id = circulationId(DOCUMENT, second)
    const before = (await fieldsOf<Circulation>(endpoint, 'circulation', id))!
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
    const after = (await fieldsOf<Circulation>(endpoint, 'circulation', id))!
    expect(after.recipients).toEqual(before.recipients)
    expect(after.deadline).toBe('2026-12-20')
  })

  it('is refused while a revision is not confirmed by a second person, or its file was changed since', async () => {
    const document = (await fieldsOf<JsonObject>(endpoint, 'document', DOCUMENT))!
    const twice = [ground.revision, { ...ground.revision, revision: 2 }]
    await endpoint.put('document', DOCUMENT, { ...document, revisions: twice })
    expect((await command(office, 'dispatch-circulation', dispatchTo(second))).code).toBe('not-confirmed')
    const swapped = { ...ground.revision, file: { ...ground.file, sha256: 'c'.repeat(64) } }
    await endpoint.put('document', DOCUMENT, { ...document, revisions: [swapped] })
    expect((await command(office, 'dispatch-circulation', dispatchTo(second))).code).toBe('not-confirmed')
    expect(
      (await command(office, 'dispatch-circulation', { ...dispatchTo(second), documentId: 'none' })).code,
    ).toBe('not-found')
    expect(await fieldsOf(endpoint, 'circulation', circulationId(DOCUMENT, second))).toBeUndefined()
  })

  it('is refused for a document whose title, number, instructions, issuer, note or file bears a mark of secrecy', async () => {
    const document = (await fieldsOf<JsonObject>(endpoint, 'document', DOCUMENT))!
    for (const over of [
      { title: '关于某事的通知（机密★1年）' },
      { documentNo: '秘密〔2026〕1 号' },
      { instructions: '请传阅。\n密级：机密' },
      { issuer: '机密★长期' },
      { revisions: [{ ...ground.revision, note: '秘密★1年' }] },
      { revisions: [{ ...ground.revision, file: { ...ground.file, name: '绝密.pdf' } }] },
    ]) {
      await endpoint.put('document', DOCUMENT, { ...document, ...over } as unknown as JsonObject)
      expect((await command(office, 'dispatch-circulation', dispatchTo(second))).code).toBe('secrecy-mark')
    }
  })

  it('is open to an officer for the own desk and branch only', async () => {
    const document = (await fieldsOf<JsonObject>(endpoint, 'document', DOCUMENT))!
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
    const recalled = (await fieldsOf<Circulation>(endpoint, 'circulation', circulationId(DOCUMENT, second)))!
    expect([recalled.state, recalled.recipients.length]).toEqual(['recalled', 4])
    expect((await fieldsOf<Circulation>(endpoint, 'circulation', ground.circulation))!.state).toBe('open')
  })
})
