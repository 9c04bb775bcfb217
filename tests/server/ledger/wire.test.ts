/** What pulls and pushes show of the ledger, of erasures, of the horizon and of outcomes that are no longer kept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseRecord } from '../../../src/server/commands/erase-record.ts'
import { prune } from '../../../src/server/commands/upkeep/housekeeping.ts'
import { removeRecord } from '../../../src/server/commands/put-record.ts'
import { rowToEntry, type EntryRow } from '../../../src/server/store/sql/record-rows.ts'
import type { TableRow } from '../../../src/server/store/record-store.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import { chainMark, chainOf } from '../../../src/shared/sync/ledger.ts'
import { PullAnswer } from '../../../src/shared/sync/protocol/pull.ts'
import {
  connect,
  MONDAY,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { mutationOf, pullAll, push } from '../../support/wire.ts'
import { dumpTables, queueOf, type Queue } from '../attack.ts'
import { parse } from 'valibot'
import { first, member, rollMark, tablesOf, tamper, verifyHeld } from './tables.ts'

let endpoint: TestEndpoint
let officer: Queue
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await layGround(endpoint)
  officer = await queueOf(endpoint, '1001')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const page = async (c: Connection, cursor: string | null, limit = 2000) => {
  const response = await c.post('/api/pull', { protocol: 1, deviceId: c.deviceId, cursor, limit })
  return parse(PullAnswer, await response.json())
}
const SCOPE = `file:${first}:${member}`
describe('heads', () => {
  it('join without a seam from page to page, whatever the size of the pages and whoever writes meanwhile', async () => {
    const remembered = new Map<string, string>()
    const moved = new Set<string>()
    let cursor: string | null = null
    let n = 0
    for (const limit of [3, 1, 7, 2, 50, 1, 1, 2, 100, 2000, 1, 2000]) {
      const answer: PullAnswer = await page(officer, cursor, limit)
      for (const [scope, [before, after]] of Object.entries(answer.heads)) {
        expect([scope, before]).toEqual([scope, remembered.get(scope) ?? null])
        remembered.set(scope, after)
      }
      for (const record of answer.records) moved.add(record.scope)
      cursor = answer.cursor
      await officer.offer(rollMark(++n))
    }
    await pullAll(officer, cursor)
    expect([...moved].filter((scope) => scope.startsWith('private:')).length).toBe(0)
    expect(remembered.size).toBeGreaterThan(3)
    for (const head of await endpoint.store.read((tx) => tx.scopeHeads([...remembered.keys()])))
      if (head.name !== SCOPE) expect(remembered.get(head.name)).toBe(chainMark(head.chain!))
  })

  it('are absent from a round with nothing new, and never name a private scope', async () => {
    const self = await queueOf(endpoint, '1003')
    await self.offer({
      type: 'note',
      id: 'note-1',
      fields: { personId: self.personId, bookId: 'b', chapterId: 'c', paragraph: 1, text: '笔记' },
    })
    const { pages, cursor } = await pullAll(self)
    expect(pages.flatMap((p) => Object.keys(p.heads ?? {})).filter((s) => s.startsWith('private:'))).toEqual(
      [],
    )
    const quiet = await self.post('/api/pull', { protocol: 1, deviceId: self.deviceId, cursor })
    const text = await quiet.text()
    expect(text).not.toContain('heads')
    expect(text.length).toBeLessThan(1024)
  })

  it('show a tail that was cut off together with its head: what verify alone cannot see', async () => {
    for (const n of [1, 2, 3]) await officer.offer(rollMark(n))
    const { pages, cursor } = await pullAll(officer)
    const known = pages.at(-1)!.heads![SCOPE]![1]
    await tamper(endpoint.store, (tables) => {
      const scope = tables.scopes.find((row) => row.name === SCOPE)!
      const isLast = (row: TableRow) => row.scope_id === scope.id && row.rev === scope.rev
      tables.records = tables.records.filter((row) => !isLast(row))
      tables.ledger = tables.ledger.filter((row) => !isLast(row))
      scope.chain = tables.ledger.findLast((row) => row.scope_id === scope.id)!.chain!
    })
    expect(await verifyHeld(await tablesOf(endpoint.store))).toMatchObject({ ok: true })
    await officer.offer(rollMark(4))
    const [before] = (await page(officer, cursor)).heads[SCOPE]!
    expect(before).not.toBeNull()
    expect(before).not.toBe(known)
  })

  it('show a history that was written anew from an entry on, though it is consistent', async () => {
    for (const n of [1, 2, 3]) await officer.offer(rollMark(n))
    const { pages, cursor } = await pullAll(officer)
    const known = pages.at(-1)!.heads![SCOPE]![1]
    await tamper(endpoint.store, (tables) => rewriteAuthor(tables, 'somebody-else'))
    expect(await verifyHeld(await tablesOf(endpoint.store))).toMatchObject({ ok: true })
    await officer.offer(rollMark(4))
    expect((await page(officer, cursor)).heads[SCOPE]![0]).not.toBe(known)
  })
})

/** Chains a scope anew after changing who is said to have made its entries: as good a forgery as the operator can make. */
function rewriteAuthor(tables: Record<'scopes' | 'ledger', TableRow[]>, author: string): void {
  const scope = tables.scopes.find((row) => row.name === SCOPE)!
  let chain: string | null = null
  for (const row of tables.ledger.filter((entry) => entry.scope_id === scope.id)) {
    const entry = rowToEntry({ ...row, author } as unknown as EntryRow, SCOPE)
    chain = chainOf(chain, entry)
    Object.assign(row, { author, chain })
  }
  scope.chain = chain
}

describe('a record that was erased by rule', () => {
  const SECRET = '不该再有的名字'
  const erase = (type: string, id: string) =>
    endpoint.store.write([], (tx) =>
      eraseRecord(tx, { type, id, reason: '本人要求', author: 'operator', now: endpoint.clock.now() }),
    )

  it('leaves every phone at its next pull, and nothing of it stays in any table', async () => {
    const mark = rollMark(1, { name: SECRET })
    await officer.offer(mark)
    const phone = await connect(endpoint, '1003')
    const { cursor, records } = await pullAll(phone)
    expect(records.some((r) => r.id === mark.id)).toBe(true)
    const hash = (await endpoint.store.read((tx) => tx.record(mark.type, mark.id)))!.hash!
    expect(JSON.stringify(await dumpTables(endpoint))).toContain(SECRET)
    expect(await erase(mark.type, mark.id)).toMatchObject({ change: 'erased', scope: SCOPE })
    const { records: changed } = await pullAll(phone, cursor)
    expect(changed.map((r) => [r.id, r.deleted, r.fields])).toEqual([[mark.id, true, {}]])
    const everything = JSON.stringify(await dumpTables(endpoint))
    expect(everything).not.toContain(SECRET)
    expect(everything).not.toContain(hash)
    expect(await verifyHeld(await tablesOf(endpoint.store))).toMatchObject({
      ok: true,
      counts: { erased: 2 },
    })
    expect(await erase(mark.type, mark.id)).toEqual({ change: 'already' })
  })

  it('is not kept in an answer that was stored with it, nor in its older versions', async () => {
    const office = await queueOf(endpoint, '9001')
    const column = { type: 'column', id: 'a-column' }
    const offer = (name: string, baseRev: number) =>
      office.offer({ ...column, fields: { name, order: 1 }, scope: 'org', baseRev })
    const { record } = await offer(SECRET, 0)
    await offer(`${SECRET}二`, record!.rev)
    await erase(column.type, column.id)
    expect(JSON.stringify(await dumpTables(endpoint))).not.toContain(SECRET)
    expect(await verifyHeld(await tablesOf(endpoint.store))).toMatchObject({
      ok: true,
      counts: { erased: 3 },
    })
  })

  it('is refused for ever: to its author under another number, to others, and to the endpoint itself', async () => {
    const mark = rollMark(1)
    await officer.offer(mark)
    await erase(mark.type, mark.id)
    for (const queue of [officer, await queueOf(endpoint, '1007')])
      expect(await queue.offer(mark)).toMatchObject({ status: 'rejected', code: 'erased' })
    await expect(endpoint.put(mark.type, mark.id, mark.fields)).rejects.toMatchObject({ code: 'erased' })
    endpoint.clock.advance(400 * DAY_MS)
    await endpoint.store.write([], (tx) => prune(tx, endpoint.clock.now()))
    expect(await endpoint.store.read((tx) => tx.record(mark.type, mark.id))).toBeUndefined()
    expect(await (await queueOf(endpoint, '1001')).offer(mark)).toMatchObject({ code: 'erased' })
  })

  it('may be one whose tombstone is long gone; one that never was is told apart', async () => {
    const column = { type: 'column', id: 'a-column' }
    const office = await queueOf(endpoint, '9001')
    const { record } = await office.offer({ ...column, fields: { name: SECRET }, scope: 'org' })
    await office.offer({ ...column, op: 'delete', fields: {}, scope: 'org', baseRev: record!.rev })
    endpoint.clock.advance(200 * DAY_MS)
    await endpoint.store.write([], (tx) => prune(tx, endpoint.clock.now()))
    expect(await erase(column.type, column.id)).toMatchObject({ change: 'erased', scope: 'org' })
    expect(await verifyHeld(await tablesOf(endpoint.store), endpoint.clock.now())).toMatchObject({ ok: true })
    expect(await erase('column', 'never-was')).toEqual({ change: 'unknown' })
  })

  it('takes the right to its files along', async () => {
    const sha256 = await endpoint.putFile(new TextEncoder().encode('# 只此一处'), 'text/markdown', 'org')
    await endpoint.put('book', 'a-book', { title: '书', edition: '一' })
    await endpoint.put('book-chapter', 'a-chapter', {
      bookId: 'a-book',
      order: 1,
      title: '章',
      sha256,
      sizeBytes: 10,
      paragraphs: 1,
    })
    const erased = await erase('book-chapter', 'a-chapter')
    expect(erased).toMatchObject({ change: 'erased', freedFiles: [sha256] })
    expect((await officer.send(`/api/blobs/${sha256}`)).status).toBe(404)
  })
})

describe('200 days offline', () => {
  it('means to load everything anew; 100 days do not', async () => {
    const { cursor } = await pullAll(officer)
    endpoint.clock.advance(100 * DAY_MS)
    expect((await page(await connect(endpoint, '1001'), cursor)).scopes.reset).toEqual([])
    endpoint.clock.advance(100 * DAY_MS)
    const back = await connect(endpoint, '1001')
    const answer = await page(back, cursor)
    expect(answer.scopes.reset).toEqual(expect.arrayContaining(['org', SCOPE]))
    expect(answer.records.length).toBeGreaterThan(5)
    expect((await page(back, answer.cursor)).scopes.reset).toEqual([])
  })

  it('is also what a clock leaves behind that ran years ahead for a day and pruned', async () => {
    const { cursor } = await pullAll(officer)
    await endpoint.put('column', 'gone', { name: '删去' })
    await endpoint.store.write([], async (tx) => {
      await removeRecord(tx, 'column', 'gone', MONDAY)
      await prune(tx, MONDAY + 3 * 365 * DAY_MS)
    })
    expect((await page(await connect(endpoint, '1001'), cursor)).scopes.reset).toContain('org')
  })
})

describe('stored outcomes', () => {
  it('go once they are acknowledged; a number from before them is one of a copied phone', async () => {
    const c = await connect(endpoint, '1001')
    const batch = (from: number) =>
      Array.from({ length: 200 }, (_, at) =>
        mutationOf(from + at, {
          type: 'opinion',
          id: `opinion-${from + at}`,
          fields: { personId: personIdOf('1001'), text: '意见' },
        }),
      )
    for (let from = 1; from <= 1201; from += 200) expect((await push(c, batch(from))).status).toBe(200)
    const kept = (await dumpTables(endpoint)).outcomes!.map((row) => (JSON.parse(row) as { n: number }).n)
    expect([Math.min(...kept), Math.max(...kept)]).toEqual([400, 1400])
    // The last batch may come again, and is answered as before.
    const again = await push(c, batch(1201))
    expect(again.outcomes.map((o) => o.status)).toEqual(Array.from({ length: 200 }, () => 'accepted'))
    expect((await push(c, [batch(1)[0]!])).body.error?.code).toBe('device-forked')
  })
})

it('one id sent under two scopes at once ends with one of them, and scope-changed for the other', async () => {
  const other = await queueOf(endpoint, '1007')
  const mine = { ...rollMark(1), scope: SCOPE }
  const theirs = rollMark(1, { personId: personIdOf('1004'), markedBy: personIdOf('1007') })
  const answers = await Promise.all([officer.offer(mine), other.offer(theirs)])
  expect(answers.map((a) => a.code ?? a.status).sort()).toEqual(['accepted', 'scope-changed'])
  expect(await verifyHeld(await tablesOf(endpoint.store))).toMatchObject({ ok: true })
})
