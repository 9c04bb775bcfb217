/**
 * Attacks on a circulation's life: killed in the middle, sent twice, recalled and archived for all branches in one act; and on
 * the record by which an officer dispatches within the own branch.
 */
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
  MONDAY,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { command, dumpTables, fieldsOf, queueOf } from '../attack.ts'

const first = branchId('第一支部')
const second = branchId('第二支部')
const DOCUMENT = '01990000-0000-7000-8000-000000000003'
const OWN = 'own-document'

let endpoint: TestEndpoint
let office: Connection
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
  office = await connect(endpoint, '9001')
})
afterEach(async () => {
  await endpoint.close()
})

const dispatchTo = (unitIds: string[], over: JsonObject = {}): JsonObject => ({
  documentId: DOCUMENT,
  unitIds,
  deadline: '2026-12-01',
  ...over,
})
const circulationOf = (unitId: string, documentId = DOCUMENT) =>
  fieldsOf<Circulation>(endpoint, 'circulation', circulationId(documentId, unitId))

/** The endpoint dies at the n-th record that a command writes. */
function dieAtWrite(n: number): void {
  const { store } = endpoint
  const write = store.write.bind(store)
  let isDead = false
  store.write = (scopes, body) =>
    write(scopes, (tx) => {
      let written = 0
      if (isDead) return body(tx)
      return body({
        ...tx,
        async putRecord(record, entry) {
          if (++written === n) {
            isDead = true
            throw new Error('killed')
          }
          await tx.putRecord(record, entry)
        },
      })
    })
}

describe('one act for all branches', () => {
  it('killed in the middle it has happened for none; sent again it happens once', async () => {
    const body = dispatchTo([first, second])
    const before = await dumpTables(endpoint)
    dieAtWrite(2)
    expect((await command(office, 'dispatch-circulation', body, 'command-killed')).status).toBe(500)
    expect(endpoint.problems.splice(0)).toHaveLength(1)
    expect(await dumpTables(endpoint)).toEqual(before)

    const answer = await command(office, 'dispatch-circulation', body, 'command-killed')
    expect([answer.status, answer.answer.added]).toEqual([200, 1])
    const after = await dumpTables(endpoint)
    expect((await command(office, 'dispatch-circulation', body, 'command-killed')).answer).toEqual(
      answer.answer,
    )
    expect(await dumpTables(endpoint)).toEqual(after)
    expect(endpoint.problems).toEqual([])
  })

  it('recalls everywhere or nowhere, with who, when and why', async () => {
    await command(office, 'dispatch-circulation', dispatchTo([first, second]))
    const before = await dumpTables(endpoint)
    dieAtWrite(2)
    const recall = { documentId: DOCUMENT, reason: ' 附件有误 ' }
    expect((await command(office, 'recall-circulation', recall, 'command-recall')).status).toBe(500)
    endpoint.problems.length = 0
    expect(await dumpTables(endpoint)).toEqual(before)

    expect((await command(office, 'recall-circulation', recall, 'command-recall')).answer.changed).toBe(2)
    for (const unitId of [first, second])
      expect(await circulationOf(unitId)).toMatchObject({
        state: 'recalled',
        stateReason: '附件有误',
        stateAt: MONDAY,
        stateBy: personIdOf('9001'),
      })
    const reader = await connect(endpoint, '1003')
    expect((await reader.send(`/api/blobs/${ground.sha256}`)).status).toBe(404)
  })

  it('archives by hand, which leaves the file readable; asks again when dispatched again; recalls what was archived', async () => {
    await command(office, 'dispatch-circulation', dispatchTo([first, second]))
    const close = { documentId: DOCUMENT, unitIds: [second] }
    expect((await command(office, 'close-circulation', close)).answer.changed).toBe(1)
    expect((await command(office, 'close-circulation', close)).answer.changed).toBe(0)
    expect([(await circulationOf(first))!.state, (await circulationOf(second))!.state]).toEqual([
      'open',
      'closed',
    ])
    const reader = await connect(endpoint, '2002')
    expect((await reader.send(`/api/blobs/${ground.sha256}`)).status).toBe(200)

    await command(office, 'dispatch-circulation', dispatchTo([second]))
    const again = (await circulationOf(second))!
    expect([again.state, again.stateAt, again.stateBy]).toEqual(['open', undefined, undefined])
    await command(office, 'close-circulation', close)
    expect((await command(office, 'recall-circulation', { documentId: DOCUMENT })).answer.changed).toBe(2)
    // What is recalled is not archived instead: the file would come back.
    expect((await command(office, 'close-circulation', { documentId: DOCUMENT })).answer.changed).toBe(0)
    expect((await circulationOf(second))!.state).toBe('recalled')
  })

  it('keeps the last day of validity until it is told another one, and refuses one before the deadline', async () => {
    const send = (over: JsonObject) => command(office, 'dispatch-circulation', dispatchTo([second], over))
    for (const expiresOn of ['2026-11-30', '2026-11-22']) {
      const answer = await send({ expiresOn })
      expect([answer.code, answer.answer.error?.field]).toEqual(['invalid-fields', 'expiresOn'])
    }
    await send({ expiresOn: '2026-12-31' })
    await send({})
    expect((await circulationOf(second))!.expiresOn).toBe('2026-12-31')
    await send({ expiresOn: null })
    expect((await circulationOf(second))!.expiresOn).toBeUndefined()
  })

  it('is for the office, and for an officer of the desk that keeps the document', async () => {
    await command(office, 'dispatch-circulation', dispatchTo([first]))
    for (const staffNo of ['1001', '1003', '0001']) {
      const other = await connect(endpoint, staffNo)
      for (const name of ['recall-circulation', 'close-circulation'])
        expect([name, (await command(other, name, { documentId: DOCUMENT })).code]).toEqual([
          name,
          'forbidden',
        ])
    }
  })
})

describe('an officer dispatches within the own branch by a record', () => {
  const own = (over: Partial<Circulation> = {}): JsonObject =>
    ({
      unitId: first,
      documentId: OWN,
      ...ground.head,
      revisions: [ground.revision],
      recipients: [{ personId: personIdOf('1003'), name: '王芳' }],
      dispatchedAt: MONDAY,
      dispatchedBy: personIdOf('1001'),
      deadline: '2026-11-30',
      ...over,
    }) as unknown as JsonObject
  const register = (over: JsonObject = {}) =>
    endpoint.put('document', OWN, {
      ownerUnitId: first,
      ...ground.head,
      nonClassifiedBy: personIdOf('1001'),
      nonClassifiedAt: MONDAY,
      revisions: [ground.revision],
      ...over,
    } as JsonObject)
  const confirm = (sha256 = ground.sha256) =>
    endpoint.put('document-confirmation', confirmationId(OWN, 1), {
      ownerUnitId: first,
      documentId: OWN,
      revision: 1,
      sha256,
      confirmedBy: personIdOf('1007'),
    })
  const offer = async (fields: JsonObject, baseRev = 0) => {
    const officer = await queueOf(endpoint, '1001')
    const id = circulationId(OWN, first)
    const outcome = await officer.offer({ type: 'circulation', id, scope: `unit:${first}`, fields, baseRev })
    return outcome.code ?? outcome.status
  }

  it('waits for the document, and takes only the bytes that a second person has confirmed', async () => {
    expect(await offer(own())).toBe('missing-parent')
    await register()
    expect(await offer(own())).toBe('not-confirmed')
    await confirm('b'.repeat(64))
    expect(await offer(own())).toBe('not-confirmed')
  })

  it('refuses another text under a confirmed hash, a mark of secrecy, and a withdrawn document', async () => {
    await register()
    await confirm()
    const other = { ...ground.revision, readingSha256: 'd'.repeat(64) }
    expect(await offer(own({ revisions: [other] }))).toBe('not-confirmed')
    expect(await offer(own({ title: '关于某事（机密）' }))).toBe('secrecy-mark')
    expect(await offer(own({ dispatchedBy: personIdOf('9001') }))).toBe('forbidden')
    await register({ withdrawn: true })
    expect(await offer(own())).toBe('circulation-recalled')
    await register()
    expect(await offer(own())).toBe('accepted')
  })

  it('recalls by the record too, and nobody there reads the file any more', async () => {
    await register({ revisions: [{ ...ground.revision, file: { ...ground.file, sha256: await ownFile() } }] })
    const sha256 = await ownFile()
    await confirm(sha256)
    const revisions = [{ ...ground.revision, file: { ...ground.file, sha256 } }]
    expect(await offer(own({ revisions }))).toBe('accepted')
    const reader = await connect(endpoint, '1003')
    expect((await reader.send(`/api/blobs/${sha256}`)).status).toBe(200)
    const { rev } = (await endpoint.store.read((tx) => tx.record('circulation', circulationId(OWN, first))))!
    expect(await offer(own({ revisions, state: 'recalled', stateAt: MONDAY }), rev)).toBe('accepted')
    expect((await reader.send(`/api/blobs/${sha256}`)).status).toBe(404)
  })
  const ownFile = () =>
    endpoint.putFile(new TextEncoder().encode('# 支部通知\n'), 'text/markdown', `desk:${first}`)
})
