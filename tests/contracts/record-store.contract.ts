/** What every RecordStore keeps its word on. Run on each implementation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chainOf, isLedgered, sealRecord } from '../../src/shared/sync/ledger.ts'
import { rowToEntry, type EntryRow } from '../../src/server/store/sql/record-rows.ts'
import type { RecordStore, StoredRecord, WriteTx } from '../../src/server/store/record-store.ts'

const recordAt = (
  id: string,
  at: { scopeId: number; rev: number },
  over: Partial<StoredRecord> = {},
): StoredRecord => ({
  type: 'note',
  id,
  ...at,
  schemaVersion: 1,
  deleted: false,
  fields: JSON.stringify({ id }),
  author: 'someone',
  observedAt: 1,
  receivedAt: 2,
  hash: null,
  clocks: null,
  history: null,
  person: null,
  subject: null,
  ...over,
})
const put = async (tx: WriteTx, scope: string, id: string, over: Partial<StoredRecord> = {}) => {
  const at = await tx.nextRevision(scope)
  await tx.putRecord(recordAt(id, at, over))
  return at
}

const FACT = { type: 'opinion' }

/** The ledger of a scope as it lies in the table. */
async function entriesOf(store: RecordStore, scope: string) {
  const [head] = await store.read((tx) => tx.scopeHeads([scope]))
  const entries = await store.readAll(async (tables) => {
    const found = []
    for await (const row of tables.rows('ledger'))
      if (row.scope_id === head?.id) found.push(rowToEntry(row as unknown as EntryRow, scope))
    return found
  })
  return { head, entries }
}

/** @param open an empty store. The suite closes it. */
export function runRecordStoreContract(name: string, open: () => Promise<RecordStore>): void {
  describe(`record store: ${name}`, () => {
    let store: RecordStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    it('commits a transaction wholly, and answers with what its body returned', async () => {
      const answer = await store.write(['unit:a'], async (tx) => {
        await put(tx, 'unit:a', '1')
        await put(tx, 'unit:b', '2')
        return 'done'
      })
      expect(answer).toBe('done')
      const found = await store.read((tx) => tx.records({ types: ['note'] }))
      expect(found.map((r) => [r.id, r.scope, r.rev])).toEqual([
        ['1', 'unit:a', 1],
        ['2', 'unit:b', 1],
      ])
    })

    it('undoes everything when the body throws, revisions and settings as well, and goes on with the next', async () => {
      const failed = store.write([], async (tx) => {
        await put(tx, 'unit:a', '1')
        await tx.setSetting('key', 'value')
        await tx.putThrottle('key', 1, 1)
        throw new Error('on purpose')
      })
      await expect(failed).rejects.toThrow('on purpose')
      const left = await store.read(async (tx) => [
        await tx.record('note', '1'),
        await tx.setting('key'),
        await tx.throttle('key'),
        await tx.scopeHeads(['unit:a']),
      ])
      expect(left).toEqual([undefined, undefined, undefined, []])
      expect(await store.write([], (tx) => put(tx, 'unit:a', '1'))).toMatchObject({ rev: 1 })
    })

    it('undoes a savepoint that throws, and keeps what was before and comes after', async () => {
      await store.write([], async (tx) => {
        await put(tx, 'unit:a', 'before')
        const failed = tx.savepoint(async () => {
          await put(tx, 'unit:a', 'within')
          await tx.savepoint(() => put(tx, 'unit:a', 'deeper'))
          throw new TypeError('bad mutation')
        })
        await expect(failed).rejects.toThrow(TypeError)
        await put(tx, 'unit:a', 'after')
      })
      const found = await store.read((tx) => tx.records({ types: ['note'] }))
      expect(found.map((r) => [r.id, r.rev])).toEqual([
        ['before', 1],
        ['after', 2],
      ])
    })

    it('undoes an inner savepoint alone', async () => {
      await store.write([], (tx) =>
        tx.savepoint(async () => {
          await put(tx, 's', 'outer')
          await tx
            .savepoint(async () => {
              await put(tx, 's', 'inner')
              throw new Error('inner')
            })
            .catch(() => undefined)
        }),
      )
      expect((await store.read((tx) => tx.records({ types: ['note'] }))).map((r) => r.id)).toEqual(['outer'])
    })

    it('numbers fifty writers at once without a gap, in the order in which their rows can be read', async () => {
      const seen: number[] = []
      const reading = (async () => {
        for (let round = 0; round < 20; round++) {
          const rows = await store.read(async (tx) => {
            const [head] = await tx.scopeHeads(['unit:busy'])
            return head === undefined ? [] : tx.recordsAfter(head.id, seen.length, 1000)
          })
          seen.push(...rows.map((r) => r.rev))
        }
      })()
      const revs = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          store.write(['unit:busy'], async (tx) => (await put(tx, 'unit:busy', `${at}`)).rev),
        ),
      )
      await reading
      const expected = Array.from({ length: 50 }, (_, at) => at + 1)
      expect([...revs].sort((a, b) => a - b)).toEqual(expected)
      // A reader that goes by the revision never passes one that it has not seen.
      expect(seen).toEqual(expected.slice(0, seen.length))
    })

    it('gives a read one snapshot, whatever is written meanwhile', async () => {
      await store.write([], (tx) => put(tx, 's', 'first'))
      let writing: Promise<unknown> = Promise.resolve()
      const counts = await store.read(async (tx) => {
        const before = (await tx.records({ types: ['note'] })).length
        writing = store.write([], (w) => put(w, 's', 'second'))
        await new Promise((resolve) => setTimeout(resolve, 20))
        return [before, (await tx.records({ types: ['note'] })).length, (await tx.scopeHeads(['s']))[0]?.rev]
      })
      await writing
      expect(counts).toEqual([1, 1, 1])
      expect(await store.read(async (tx) => (await tx.records({ types: ['note'] })).length)).toBe(2)
    })

    it('shows no row of a write that has not ended', async () => {
      const reads: Promise<number>[] = []
      await store.write([], async (tx) => {
        for (let at = 0; at < 5; at++) {
          await put(tx, 's', `${at}`)
          reads.push(store.read(async (r) => (await r.records({ types: ['note'] })).length))
        }
      })
      for (const count of await Promise.all(reads)) expect([0, 5]).toContain(count)
    })

    it('keeps one row for one type and id, at its newest revision', async () => {
      await store.write([], (tx) => put(tx, 's', 'x'))
      await store.write([], (tx) => put(tx, 's', 'x', { fields: '{"later":true}' }))
      await store.write([], (tx) => put(tx, 's', 'x', { type: 'highlight' }))
      const [head] = await store.read((tx) => tx.scopeHeads(['s']))
      const rows = await store.read((tx) => tx.recordsAfter(head!.id, 0, 10))
      expect(rows.map((r) => [r.type, r.id, r.rev, r.fields])).toEqual([
        ['note', 'x', 2, '{"later":true}'],
        ['highlight', 'x', 3, '{"id":"x"}'],
      ])
      expect(await store.read((tx) => tx.recordsAfter(head!.id, 2, 10))).toHaveLength(1)
      expect(await store.read((tx) => tx.recordsAfter(head!.id, 0, 1))).toHaveLength(1)
    })

    it('keeps text as it is: Chinese, NUL, quotes, signs beyond the first plane, large numbers', async () => {
      const text = '支部 \u0000 \' " \\ 🀄 \u202e'
      const late = 8_640_000_000_000_000
      await store.write([], async (tx) => {
        await put(tx, 's', 'x', { fields: JSON.stringify({ text }), observedAt: late, receivedAt: late })
        await tx.setSetting('odd', text.replaceAll('\u0000', ''))
      })
      const record = await store.read((tx) => tx.record('note', 'x'))
      expect([JSON.parse(record!.fields), record!.observedAt, record!.receivedAt]).toEqual([
        { text },
        late,
        late,
      ])
      expect(await store.read((tx) => tx.setting('odd'))).toBe(text.replaceAll('\u0000', ''))
    })

    it('finds records by person, subject, scope and several of them, without the deleted unless asked', async () => {
      await store.write([], async (tx) => {
        await put(tx, 'file:a:p1', '1', { person: 'p1', subject: 's1' })
        await put(tx, 'file:a:p2', '2', { person: 'p2', subject: 's1' })
        await put(tx, 'file:b:p1', '3', { person: 'p1', subject: 's2', deleted: true })
      })
      const ids = (query: Parameters<WriteTx['records']>[0]) =>
        store.read(async (tx) => (await tx.records(query)).map((r) => r.id))
      const types = ['note']
      expect(await ids({ types, person: 'p1' })).toEqual(['1'])
      expect(await ids({ types, person: 'p1', includeDeleted: true })).toEqual(['1', '3'])
      expect(await ids({ types, persons: ['p1', 'p2'] })).toEqual(['1', '2'])
      expect(await ids({ types, subject: 's1', scopes: ['file:a:p2'] })).toEqual(['2'])
      expect(await ids({ types, subjects: ['s1', 's2', 's3'] })).toEqual(['1', '2'])
      expect(await ids({ types, subjects: [] })).toEqual([])
      const many = Array.from({ length: 1203 }, (_, at) => `no${at}`)
      expect(await ids({ types, subjects: [...many, 's1'], scopes: ['file:a:p2'] })).toEqual(['2'])
      expect(await ids({ types, scopes: [] })).toEqual([])
      expect(await ids({ types: ['highlight'] })).toEqual([])
      const prefixed = await store.read((tx) => tx.scopesWithPrefix('file:a:'))
      expect(prefixed.map((s) => s.name).sort()).toEqual(['file:a:p1', 'file:a:p2'])
    })

    it('takes lists longer than a database takes parameters', async () => {
      const names = Array.from({ length: 1203 }, (_, at) => `unit:${at}`)
      await store.write([], async (tx) => {
        for (const [at, scope] of names.entries()) await put(tx, scope, `${at}`, { person: `p${at}` })
      })
      const heads = await store.read((tx) => tx.scopeHeads(names))
      expect(heads).toHaveLength(names.length)
      expect(await store.read((tx) => tx.scopeHeadsById(heads.map((h) => h.id)))).toHaveLength(names.length)
      const types = ['note']
      expect(await store.read((tx) => tx.records({ types, scopes: names }))).toHaveLength(names.length)
      const persons = names.map((_, at) => `p${at}`)
      expect(await store.read((tx) => tx.records({ types, persons }))).toHaveLength(names.length)
      expect(await store.read((tx) => tx.records({ types, persons, scopes: names }))).toHaveLength(
        names.length,
      )
    })

    it('keeps one outcome for each number of a device, and one for each command', async () => {
      const outcome = { n: 1, hash: 'h', outcome: '{}' }
      await store.write([], async (tx) => {
        await tx.putOutcome('d', outcome)
        await tx.putCommandOutcome('c', 'p', 'h', '{}', 1)
      })
      await expect(store.write([], (tx) => tx.putOutcome('d', outcome))).rejects.toThrow()
      await expect(store.write([], (tx) => tx.putCommandOutcome('c', 'p', 'h', '{}', 1))).rejects.toThrow()
      expect(await store.read((tx) => tx.outcome('d', 1))).toEqual(outcome)
      expect(await store.read((tx) => tx.outcome('d', 2))).toBeUndefined()
    })

    it('forgets sessions by token, by device and by person', async () => {
      const session = (tokenHash: string, deviceId: string, personId = 'p') => ({
        tokenHash,
        personId,
        deviceId,
        createdAt: 1,
        expiresAt: 2,
      })
      await store.write([], async (tx) => {
        for (const s of [session('a', 'd1'), session('b', 'd2'), session('c', 'd3'), session('x', 'd4', 'q')])
          await tx.putSession(s)
        await tx.deleteSession('a')
        await tx.deleteSessionsOf('p', 'd2')
      })
      const left = () =>
        store.read(async (tx) => {
          const found = await Promise.all(['a', 'b', 'c', 'x'].map((hash) => tx.session(hash)))
          return found.map((s) => s?.deviceId)
        })
      expect(await left()).toEqual([undefined, undefined, 'd3', 'd4'])
      await store.write([], (tx) => tx.deleteSessionsOf('p'))
      expect(await left()).toEqual([undefined, undefined, undefined, 'd4'])
    })

    it('keeps its epoch, and rights to a file by scope', async () => {
      const epoch = await store.read((tx) => tx.epoch())
      expect(epoch.length).toBeGreaterThan(8)
      await store.write([], async (tx) => {
        await tx.putBlob({ sha256: 'h', sizeBytes: 3, mime: 'text/plain', complete: true })
        await tx.putBlobScope('h', 'org')
        await tx.putBlobScope('h', 'org')
        await tx.putBlobScope('h', 'unit:a')
        await tx.removeBlobScope('h', 'org')
      })
      expect(await store.read((tx) => tx.blobScopes('h'))).toEqual(['unit:a'])
      expect(await store.read((tx) => tx.epoch())).toBe(epoch)
    })

    it('leaves a chained entry for facts and content outside private scopes, and none for drafts', async () => {
      await store.write(['unit:a'], async (tx) => {
        await put(tx, 'unit:a', '1', FACT)
        await put(tx, 'unit:a', 'draft')
        await put(tx, 'private:p', '2', FACT)
      })
      await store.write(['unit:a'], async (tx) => {
        await put(tx, 'unit:a', '3', { type: 'lesson' })
        await put(tx, 'unit:a', '3', { type: 'lesson', deleted: true, fields: '{}' })
      })
      const { head, entries } = await entriesOf(store, 'unit:a')
      expect(entries.map((e) => [e.rev, e.kind, e.type, e.id])).toEqual([
        [1, 'put', 'opinion', '1'],
        [3, 'put', 'lesson', '3'],
        [4, 'delete', 'lesson', '3'],
      ])
      let chain: string | null = null
      for (const entry of entries) expect(entry.chain).toBe((chain = chainOf(chain, entry)))
      expect(head?.chain).toBe(chain)
      const fact = (await store.read((tx) => tx.record('opinion', '1')))!
      expect(sealRecord(fact, entries[0]!.salt!).recordHash).toBe(entries[0]!.recordHash)
      expect((await entriesOf(store, 'private:p')).entries).toEqual([])
      const next = (rev: number, type: string, id: string) =>
        store.read(async (tx) => (await tx.ledgerEntryAfter('unit:a', rev, { type, id }))?.rev)
      expect(await next(0, 'lesson', '3')).toBe(3)
      expect(await next(3, 'lesson', '3')).toBe(4)
      expect(await next(4, 'lesson', '3')).toBeUndefined()
      expect(await next(0, 'opinion', '3')).toBeUndefined()
      const whole = await store.read((tx) => tx.ledgerEntryAfter('unit:a', 0, { type: 'opinion', id: '1' }))
      expect(whole).toEqual(entries[0])
      const at = (rev: number) => store.read((tx) => tx.chainAt(head!.id, rev))
      expect(await Promise.all([0, 1, 2, 3, 9].map(at))).toEqual([
        null,
        entries[0]!.chain,
        entries[0]!.chain,
        entries[1]!.chain,
        entries[2]!.chain,
      ])
    })

    it('keeps revisions and chain in step with its rows, whatever savepoints undo', async () => {
      for (let round = 0; round < 3; round++)
        await store.write(round === 1 ? [] : ['unit:a', 'unit:b'], async (tx) => {
          for (let at = 0; at < 12; at++) {
            const scope = at % 5 === 0 ? `unit:new-${round}` : at % 2 === 0 ? 'unit:a' : 'unit:b'
            const step = tx.savepoint(async () => {
              await put(tx, scope, `${round}-${at}`, FACT)
              await tx
                .savepoint(async () => {
                  await put(tx, 'unit:b', `${round}-${at}-inner`, FACT)
                  if (at % 4 === 1) throw new TypeError('inner')
                })
                .catch(() => undefined)
              if (at % 3 === 0) throw new TypeError('outer')
            })
            await step.catch(() => undefined)
          }
        })
      for (const scope of ['unit:a', 'unit:b', 'unit:new-0', 'unit:new-2']) {
        const { head, entries } = await entriesOf(store, scope)
        const rows = head === undefined ? [] : await store.read((tx) => tx.recordsAfter(head.id, 0, 1000))
        expect(entries.map((e) => [e.rev, e.id])).toEqual(rows.map((r) => [r.rev, r.id]))
        expect(rows.map((r) => r.rev)).toEqual(rows.map((_, at) => at + 1))
        expect(head?.rev ?? 0).toBe(rows.length)
        let chain: string | null = null
        for (const entry of entries) expect(entry.chain).toBe((chain = chainOf(chain, entry)))
        expect(head?.chain ?? null).toBe(chain)
        expect(entries.every((e) => isLedgered(e.type, scope))).toBe(true)
      }
    })

    it('shows a transaction its own revisions and rows, also those that it read ahead', async () => {
      await store.write([], (tx) => put(tx, 'unit:a', 'x'))
      await store.write(['unit:a'], async (tx) => {
        await tx.foresee([
          { type: 'note', id: 'x' },
          { type: 'note', id: 'y' },
        ])
        expect([(await tx.record('note', 'x'))?.rev, await tx.record('note', 'y')]).toEqual([1, undefined])
        const failed = tx.savepoint(async () => {
          await put(tx, 'unit:a', 'y')
          expect((await tx.record('note', 'y'))?.rev).toBe(2)
          throw new TypeError('undone')
        })
        await failed.catch(() => undefined)
        expect(await tx.record('note', 'y')).toBeUndefined()
        const { scopeId } = await put(tx, 'unit:a', 'x')
        expect((await tx.record('note', 'x'))?.rev).toBe(2)
        expect((await tx.scopeHeads(['unit:a']))[0]?.rev).toBe(2)
        expect((await tx.scopeHeadsById([scopeId]))[0]?.rev).toBe(2)
        expect((await tx.scopesWithPrefix('unit:'))[0]?.rev).toBe(2)
      })
    })

    it('makes no scope that was only named', async () => {
      await store.write(['unit:named', 'unit:used'], (tx) => put(tx, 'unit:used', 'x'))
      const heads = await store.read((tx) => tx.scopeHeads(['unit:named', 'unit:used']))
      expect(heads.map((head) => head.name)).toEqual(['unit:used'])
    })

    it('never moves a record to another scope', async () => {
      await store.write([], (tx) => put(tx, 'unit:a', 'x', FACT))
      const before = await store.read((tx) => tx.record('opinion', 'x'))
      let tries = 0
      const moving = store.write(['unit:b'], async (tx) => {
        // A store with several writers runs it again: then the body sees where the record is.
        if (++tries > 1) throw new Error('stands in another scope')
        await put(tx, 'unit:b', 'x', FACT)
      })
      await expect(moving).rejects.toThrow('stands in another scope')
      expect(await store.read((tx) => tx.record('opinion', 'x'))).toEqual(before)
      expect((await entriesOf(store, 'unit:b')).entries).toEqual([])
    })

    it('lets one of many win who send one id under different scopes at once', async () => {
      const names = Array.from({ length: 6 }, (_, at) => `unit:${at}`)
      const results = await Promise.all(
        names.map((scope) =>
          store.write([scope], async (tx) => {
            if ((await tx.record('opinion', 'x')) !== undefined) return 'scope-changed'
            await put(tx, scope, 'x', FACT)
            return 'accepted'
          }),
        ),
      )
      expect(results.filter((result) => result === 'accepted')).toHaveLength(1)
      const { scope } = (await store.read((tx) => tx.record('opinion', 'x')))!
      expect(results[names.indexOf(scope)]).toBe('accepted')
      for (const name of names)
        expect((await entriesOf(store, name)).entries).toHaveLength(name === scope ? 1 : 0)
    })

    it('takes many outcomes at once, and forgets those before a number', async () => {
      const outcomes = Array.from({ length: 250 }, (_, at) => ({ n: at + 1, hash: 'h', outcome: '{}' }))
      await store.write([], (tx) => tx.putOutcome('d', ...outcomes))
      await store.write([], async (tx) => {
        await tx.putOutcome('e', outcomes[0]!)
        await tx.deleteOutcomesBefore('d', 200)
      })
      const left = await store.read((tx) =>
        Promise.all([tx.outcome('d', 199), tx.outcome('d', 200), tx.outcome('d', 250), tx.outcome('e', 1)]),
      )
      expect(left.map((o) => o?.n)).toEqual([undefined, 200, 250, 1])
    })

    it('forgets what could prove erased content, in the same transaction and after it', async () => {
      const over = { ...FACT, hash: 'h-x', fields: '{"text":"secret"}' }
      const record = await store.write(['s'], async (tx) =>
        recordAt('x', await put(tx, 's', 'x', over), over),
      )
      await store.write(['s'], async (tx) => {
        await put(tx, 's', 'other', { ...FACT, hash: 'h-other' })
        const later = recordAt('x', await put(tx, 's', 'x', over), over)
        await tx.putOutcome('d', { n: 1, hash: 'h-x', outcome: '{"n":1,"status":"accepted"}' })
        const held =
          '{"n":2,"status":"rejected","code":"stale-base","record":{"type":"opinion","id":"x","fields":{}}}'
        await tx.putOutcome('d', { n: 2, hash: 'h-2', outcome: held })
        await tx.putOutcome('d', { n: 3, hash: 'h-other', outcome: '{"n":3,"status":"accepted"}' })
        await tx.forgetContent(later)
        await tx.putErasure({ type: record.type, id: 'x', scope: 's', at: 1, reason: 'rule' })
      })
      const { entries } = await entriesOf(store, 's')
      expect(entries.map((e) => [e.id, e.salt === null])).toEqual([
        ['x', true],
        ['other', false],
        ['x', true],
      ])
      const outcomes = await store.read((tx) => Promise.all([1, 2, 3].map((n) => tx.outcome('d', n))))
      expect(outcomes.map((o) => [o!.hash, JSON.parse(o!.outcome)])).toEqual([
        ['', { n: 1, status: 'accepted' }],
        ['', { n: 2, status: 'rejected', code: 'stale-base' }],
        ['h-other', { n: 3, status: 'accepted' }],
      ])
      const erased = await store.read((tx) =>
        tx.erasedAmong([
          { type: 'opinion', id: 'x' },
          { type: 'note', id: 'x' },
          { type: 'opinion', id: 'other' },
        ]),
      )
      expect([...erased]).toEqual(['opinion:x'])
      expect(await store.read((tx) => tx.ledgerScopeOf({ type: 'opinion', id: 'x' }))).toBe('s')
      expect(await store.read((tx) => tx.ledgerScopeOf({ type: 'opinion', id: 'never' }))).toBeUndefined()
    })

    it('prunes what is old and over, and nothing else', async () => {
      const session = { tokenHash: 't', personId: 'p', deviceId: 'd', createdAt: 1 }
      const code = { staffNo: '1', usedAt: null }
      await store.write([], async (tx) => {
        await put(tx, 's', 'old', { ...FACT, deleted: true, receivedAt: 99 })
        await put(tx, 's', 'young', { ...FACT, deleted: true, receivedAt: 100 })
        await put(tx, 's', 'alive', { ...FACT, receivedAt: 1 })
        await tx.putSession({ ...session, expiresAt: 999 })
        await tx.putSession({ ...session, tokenHash: 'live', expiresAt: 1000 })
        await tx.putActivationCode({ ...code, codeHash: 'used', expiresAt: 2000, usedAt: 5 })
        await tx.putActivationCode({ ...code, codeHash: 'expired', expiresAt: 999 })
        await tx.putActivationCode({ ...code, codeHash: 'good', expiresAt: 1000 })
        await tx.putCommandOutcome('old', 'p', 'h', '{}', 99)
        await tx.putCommandOutcome('young', 'p', 'h', '{}', 100)
      })
      const pruned = await store.write([], (tx) => tx.prune(100, 1000))
      expect(pruned).toEqual({
        tombstones: 1,
        sessions: 1,
        throttles: 0,
        activationCodes: 2,
        commandOutcomes: 1,
      })
      const left = await store.read(async (tx) => [
        (await tx.records({ types: ['opinion'], includeDeleted: true })).map((r) => r.id),
        (await tx.session('live'))?.deviceId,
        (await tx.activationCode('good'))?.staffNo,
        (await tx.commandOutcome('young'))?.hash,
      ])
      expect(left).toEqual([['young', 'alive'], 'd', '1', 'h'])
      expect((await entriesOf(store, 's')).entries).toHaveLength(3)
      const day = 24 * 3_600_000
      await store.write([], async (tx) => {
        await tx.putThrottle('stale', 1, 1000)
        await tx.putThrottle('fresh', 1, 1001)
      })
      expect(await store.write([], (tx) => tx.prune(0, 1001 + day))).toMatchObject({ throttles: 1 })
      expect((await store.read((tx) => tx.throttle('fresh')))?.failures).toBe(1)
    })

    it('ends what is under way before it closes', async () => {
      const writes = Array.from({ length: 10 }, (_, at) => store.write([], (tx) => put(tx, 's', `${at}`)))
      const reads = Array.from({ length: 10 }, () => store.read((tx) => tx.scopeHeads(['s'])))
      const closing = store.close()
      expect(await Promise.all(writes)).toHaveLength(10)
      expect(await Promise.all(reads)).toHaveLength(10)
      await closing
      store = await open()
    })
  })
}
