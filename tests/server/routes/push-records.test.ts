/** Facts, parents and files that come late, fields and versions that this endpoint does not know yet. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatHlc } from '../../../src/shared/sync/hlc.ts'
import { sha256Hex } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { privateScope } from '../../../src/shared/sync/scopes.ts'
import { branchId, MONDAY, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { pullAll, push } from '../../support/wire.ts'
import { queueOf, rehashed, type Queue } from '../attack.ts'

const first = branchId('第一支部')

let endpoint: TestEndpoint
let member: Queue
beforeEach(async () => {
  endpoint = await setupEndpoint()
  member = await queueOf(endpoint, '1003')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const opinion = (over: JsonObject = {}) => ({
  type: 'opinion',
  id: 'opinion-1',
  // As a phone keeps it: the clock is the entry's own, whatever number it is sent under.
  hlc: formatHlc(MONDAY, 0, 'phone'),
  fields: { personId: member.personId, text: '一条意见', ...over },
})
const stored = (type: string, id: string) => endpoint.store.read((tx) => tx.record(type, id))

describe('a dispatched circulation', () => {
  it('keeps its recipients and what was sent, and cannot be deleted', async () => {
    const ground = await layGround(endpoint)
    const office = await queueOf(endpoint, '9001')
    const standing = (await stored('circulation', ground.circulation))!
    const fields = JSON.parse(standing.fields) as JsonObject
    const offer = (over: JsonObject, op: 'put' | 'delete' = 'put') =>
      office.offer({
        type: 'circulation',
        id: ground.circulation,
        op,
        baseRev: standing.rev,
        scope: standing.scope,
        fields: { ...fields, ...over },
      })
    const cut = (fields.recipients as JsonObject[]).slice(1)
    expect((await offer({ recipients: cut })).code).toBe('frozen')
    expect((await offer({ dispatchedAt: MONDAY - 5 })).code).toBe('frozen')
    expect(
      (await offer({ revisions: [{ ...(fields.revisions as JsonObject[])[0]!, note: '改过' }] })).code,
    ).toBe('frozen')
    expect((await offer({}, 'delete')).status).toBe('rejected')
    expect(await stored('circulation', ground.circulation)).toEqual(standing)
    expect((await offer({ state: 'closed' })).status).toBe('accepted')
  })
})

describe('a fact', () => {
  it('sent again under another number or from another phone of its author is the same fact, once', async () => {
    await member.offer(opinion())
    const before = await stored('opinion', 'opinion-1')
    const tablet = await queueOf(endpoint, '1003')
    for (const queue of [member, tablet]) expect((await queue.offer(opinion())).status).toBe('accepted')
    expect(await stored('opinion', 'opinion-1')).toEqual(before)
  })

  it('is refused under the id of another one, by its author or by a stranger, and nothing of it is told', async () => {
    await member.offer(opinion())
    const before = await stored('opinion', 'opinion-1')
    const changed = await member.offer(opinion({ text: '改口' }))
    expect([changed.status, changed.code, changed.record]).toEqual(['rejected', 'id-conflict', undefined])
    const stranger = await queueOf(endpoint, '1004')
    const copied = await stranger.offer(opinion())
    expect([copied.status, copied.code, copied.record]).toEqual(['rejected', 'id-conflict', undefined])
    const own = await stranger.offer(opinion({ personId: stranger.personId }))
    expect([own.status, own.code, own.record]).toEqual(['rejected', 'scope-changed', undefined])
    expect(await stored('opinion', 'opinion-1')).toEqual(before)
  })

  it('cannot be deleted', async () => {
    await member.offer(opinion())
    const gone = await member.offer({ ...opinion(), op: 'delete' })
    expect([gone.status, gone.code]).toEqual(['rejected', 'id-conflict'])
    expect((await stored('opinion', 'opinion-1'))?.deleted).toBe(false)
  })
})

describe('what comes before what it needs', () => {
  it('is deferred without its parent, uses up its number, and is taken under a new one', async () => {
    const receipt = {
      type: 'lesson-receipt',
      id: 'receipt-1',
      hlc: formatHlc(MONDAY, 0, 'phone'),
      fields: {
        personId: member.personId,
        unitId: first,
        lessonId: 'lesson-1',
        week: '2026-W48',
        lessonRevision: 1,
        learned: true,
      },
    }
    const early = member.make(receipt)
    const answer = await push(member, [early])
    expect(answer.outcomes[0]).toMatchObject({
      status: 'deferred',
      code: 'missing-parent',
      detail: 'lesson:lesson-1',
    })
    expect(answer.body.lastMutation).toBe(1)
    await endpoint.put('lesson', 'lesson-1', {
      issueId: 'lesson-1',
      unitId: null,
      week: '2026-W48',
      columnId: 'c',
      title: '课',
      body: '文',
      publishAt: MONDAY,
    })
    expect((await push(member, [early])).outcomes[0]!.status).toBe('deferred')
    expect(await stored('lesson-receipt', 'receipt-1')).toBeUndefined()
    expect((await member.offer(receipt)).status).toBe('accepted')
    expect((await member.offer(receipt)).status).toBe('accepted')
  })

  it('is deferred without its file, and taken when the file is there', async () => {
    const chair = await queueOf(endpoint, '1001')
    const bytes = new TextEncoder().encode('附件')
    const sha256 = sha256Hex(bytes)
    const meeting = {
      type: 'meeting',
      id: 'meeting-1',
      fields: {
        unitId: first,
        kindId: 'k',
        title: '会',
        date: '2026-11-23',
        sittings: [{ id: 's', name: '一', startsAt: MONDAY }],
        attachments: [{ sha256, name: '附件.txt', mime: 'text/plain', sizeBytes: bytes.length }],
      },
    }
    const early = await chair.offer(meeting)
    expect([early.status, early.code, early.detail]).toEqual(['deferred', 'missing-file', sha256])
    const put = await chair.send(`/api/blobs/${sha256}?scope=unit:${first}`, { method: 'PUT', body: bytes })
    expect(put.status).toBe(201)
    expect((await chair.offer(meeting)).status).toBe('accepted')
    expect((await member.send(`/api/blobs/${sha256}`)).status).toBe(200)
  })
})

describe('what a newer version wrote', () => {
  it('keeps fields that nobody here knows, nested ones too, on their way to another phone', async () => {
    await member.offer(opinion({ later: { deep: [1, { x: '值' }] } }))
    const tablet = await queueOf(endpoint, '1003')
    const found = (await pullAll(tablet)).records.find((r) => r.id === 'opinion-1')
    expect(found?.fields).toMatchObject({ later: { deep: [1, { x: '值' }] } })
  })

  it('keeps its schema version, also when an older version edits another path of the draft', async () => {
    const note = (fields: JsonObject, at: number) => ({
      type: 'note',
      id: 'note-1',
      scope: privateScope(member.personId),
      fields: { personId: member.personId, bookId: 'b', chapterId: 'c', paragraph: 1, ...fields },
      hlc: formatHlc(at, 0, 'x'),
    })
    await member.offer(note({ 'colour/name': '朱红' }, MONDAY), (m) => rehashed(m, { schemaVersion: 2 }))
    await member.offer(note({ text: '旧版本写的' }, MONDAY + 1))
    const record = (await stored('note', 'note-1'))!
    expect(record.schemaVersion).toBe(2)
    expect(JSON.parse(record.fields)).toMatchObject({ colour: { name: '朱红' }, text: '旧版本写的' })
  })
})
