/** What every RecordStore keeps its word on. Run on each implementation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
        await tx.putCommandOutcome('c', 'p', 'h', '{}')
      })
      await expect(store.write([], (tx) => tx.putOutcome('d', outcome))).rejects.toThrow()
      await expect(store.write([], (tx) => tx.putCommandOutcome('c', 'p', 'h', '{}'))).rejects.toThrow()
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
