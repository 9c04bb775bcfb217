/** Somebody with the database in hand changes something: it is found, and the place is named. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verdictLines } from '../../../src/server/operator/verify/verify.ts'
import type { TableRow } from '../../../src/server/store/record-store.ts'
import { isLedgered } from '../../../src/shared/sync/ledger.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import { MONDAY, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { altered, ERASED, layLedger, rollMark, tablesOf, verifyHeld, type HeldTables } from './tables.ts'

let endpoint: TestEndpoint
let held: HeldTables
let scopeNames: Map<unknown, string>
beforeEach(async () => {
  endpoint = await setupEndpoint({ inMemory: true })
  await layLedger(endpoint)
  held = await tablesOf(endpoint.store)
  scopeNames = new Map(held.scopes.map((row) => [row.id, String(row.name)]))
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const other = (value: TableRow[string]) =>
  value === null ? 'x' : typeof value === 'number' ? value + 1 : `${value} `
const scopeOf = (row: TableRow) => scopeNames.get(row.scope_id)!
const ledgered = () => held.records.filter((row) => isLedgered(String(row.type), scopeOf(row)))
const brokenOf = async (tables: HeldTables) => {
  const verdict = await verifyHeld(tables)
  return verdict.ok ? undefined : verdict.broken
}

it('finds nothing where nothing was changed, and says what it proved', async () => {
  const verdict = await verifyHeld(held)
  expect(verdict).toMatchObject({ ok: true })
  const stands = ledgered().length
  // Two versions of the column before its tombstone; the erased mark and its erasure.
  expect(verdict.counts).toMatchObject({ linkOnly: 2, erased: 2, proved: stands - 1 })
  expect(verdict.counts.restores).toBe(held.scopes.filter((row) => row.chain !== null).length)
  expect(verdictLines(verdict)[0]).toBe('账本相符。')
})

describe('a record', () => {
  it('altered in any column is found and named', async () => {
    for (const row of ledgered().slice(-12)) {
      for (const column of Object.keys(row)) {
        if (column === 'scope_id') continue
        const tables = altered(held, ({ records }) => {
          const target = records.find((r) => r.type === row.type && r.id === row.id)!
          target[column] = other(row[column]!)
        })
        const broken = await brokenOf(tables)
        expect([column, broken?.scope]).toEqual([column, scopeOf(row)])
        if (column !== 'type' && column !== 'id')
          expect([column, broken?.type, broken?.id]).toEqual([column, row.type, row.id])
      }
    }
  })

  it('called a draft, or put into another scope or a private one, is missed in its own', async () => {
    const row = ledgered().find((r) => r.id === rollMark(1).id)!
    const change = (over: TableRow) =>
      altered(
        held,
        ({ records }) =>
          void Object.assign(
            records.find((r) => r.id === row.id)!,
            over,
          ),
      )
    expect(await brokenOf(change({ type: 'note' }))).toMatchObject({ what: 'record-missing', id: row.id })
    for (const { id } of held.scopes.filter((s) => s.id !== row.scope_id))
      expect((await brokenOf(change({ scope_id: id! })))?.id).toBe(row.id)
    const hidden = change({ scope_id: 9999 })
    hidden.scopes.push({ id: 9999, name: 'private:somebody', rev: 9999, chain: null })
    expect(await brokenOf(hidden)).toMatchObject({ what: 'record-missing', id: row.id, scope: scopeOf(row) })
  })

  it('taken away, made up, or put back as it once was, is found and named', async () => {
    const mark = rollMark(1)
    const gone = altered(held, (t) => void (t.records = t.records.filter((r) => r.id !== mark.id)))
    expect(await brokenOf(gone)).toMatchObject({ what: 'record-missing', id: mark.id })
    const made = altered(held, ({ records }) => {
      records.push({ ...records.find((r) => r.id === mark.id)!, id: 'made-up', rev: 9999 })
    })
    expect(await brokenOf(made)).toMatchObject({ what: 'no-entry', id: 'made-up', rev: 9999 })
    await endpoint.put('column', 'a-column', { name: '第一版', order: 1 })
    const before = (await tablesOf(endpoint.store)).records.find((r) => r.id === 'a-column')!
    await endpoint.put('column', 'a-column', { name: '第二版', order: 1 })
    const back = altered(await tablesOf(endpoint.store), ({ records }) => {
      Object.assign(
        records.find((r) => r.id === 'a-column')!,
        before,
      )
    })
    expect(await brokenOf(back)).toMatchObject({ what: 'record-differs', id: 'a-column' })
  })
})

describe('an entry', () => {
  const entryAt = (tables: HeldTables, entry: TableRow) =>
    tables.ledger.find((e) => e.scope_id === entry.scope_id && e.rev === entry.rev)!
  const isProvable = (entry: TableRow) =>
    held.records.some((r) => r.type === entry.type && r.id === entry.id && r.rev === entry.rev)

  it('altered in any column is found, in its scope and not after the next entry', async () => {
    for (const entry of held.ledger.slice(-20)) {
      const next = held.ledger.find((e) => e.scope_id === entry.scope_id && e.rev! > entry.rev!)
      for (const column of Object.keys(entry)) {
        // What was overwritten cannot be opened by any salt: a wrong one proves nothing and breaks nothing.
        if (column === 'salt' && entry.salt !== null && !isProvable(entry)) continue
        const tables = altered(held, (t) => void (entryAt(t, entry)[column] = other(entry[column]!)))
        const broken = await brokenOf(tables)
        expect([column, entry.kind, broken === undefined]).toEqual([column, entry.kind, false])
        if (column === 'scope_id') continue
        expect(broken!.scope).toBe(scopeOf(entry))
        // A salt that came back is named with the erasure that it contradicts.
        if (column === 'salt') expect(broken!.id).toBe(entry.id)
        else if (column !== 'rev') expect(broken!.rev).toBeLessThanOrEqual(Number(next?.rev ?? Infinity))
      }
    }
  })

  it('without its salt, but not erased, is found and named', async () => {
    for (const entry of held.ledger.filter((e) => e.salt !== null).slice(-15)) {
      const broken = await brokenOf(altered(held, (t) => void (entryAt(t, entry).salt = null)))
      expect(broken).toMatchObject({ what: 'salt-lost', rev: entry.rev, id: entry.id })
    }
  })

  it('taken away, moved elsewhere or doubled is found', async () => {
    for (const entry of held.ledger.slice(-20)) {
      const gone = altered(held, (t) => void t.ledger.splice(t.ledger.indexOf(entryAt(t, entry)), 1))
      expect((await brokenOf(gone))?.scope).toBe(scopeOf(entry))
      const doubled = altered(held, (t) => void t.ledger.push({ ...entry, rev: Number(entry.rev) + 0.5 }))
      expect((await brokenOf(doubled))?.scope).toBe(scopeOf(entry))
    }
  })

  it('swapped with its neighbour, by its number or by all but its number, is found and named', async () => {
    const swaps = held.ledger.slice(-20).flatMap((entry, at, all) => {
      const next = all[at + 1]
      return next !== undefined && next.scope_id === entry.scope_id ? [[entry, next] as const] : []
    })
    expect(swaps.length).toBeGreaterThan(3)
    for (const [one, two] of swaps) {
      const renumbered = altered(held, (t) => {
        const [a, b] = [entryAt(t, one), entryAt(t, two)]
        ;[a.rev, b.rev] = [two.rev!, one.rev!]
      })
      expect(await brokenOf(renumbered)).toMatchObject({ what: 'chain', scope: scopeOf(one), rev: one.rev })
      const exchanged = altered(held, (t) => {
        const [a, b] = [entryAt(t, one), entryAt(t, two)]
        Object.assign(a, two, { rev: one.rev })
        Object.assign(b, one, { rev: two.rev })
      })
      expect(await brokenOf(exchanged)).toMatchObject({ what: 'chain', scope: scopeOf(one), rev: one.rev })
    }
  })
})

describe('a head', () => {
  it('changed, taken away or behind is found in its scope, and so is a tail that was cut off', async () => {
    for (const scope of held.scopes.filter((s) => s.chain !== null)) {
      const change = (over: TableRow) =>
        altered(
          held,
          (t) =>
            void Object.assign(
              t.scopes.find((s) => s.id === scope.id)!,
              over,
            ),
        )
      for (const over of [{ chain: 'f'.repeat(64) }, { chain: null }])
        expect(await brokenOf(change(over))).toMatchObject({ what: 'head', scope: scope.name })
      const last = held.ledger.filter((e) => e.scope_id === scope.id).at(-1)!
      expect(await brokenOf(change({ rev: Number(last.rev) - 1 }))).toMatchObject({
        what: 'order',
        scope: scope.name,
        rev: last.rev,
      })
      const cut = altered(held, (t) => {
        t.ledger = t.ledger.filter((e) => e.scope_id !== scope.id || e.rev !== last.rev)
      })
      expect(await brokenOf(cut)).toMatchObject({ what: 'head', scope: scope.name })
    }
  })

  it('made where no entry is, is found', async () => {
    const drafts = held.scopes.find((s) => s.chain === null)
    const made = altered(held, ({ scopes }) => {
      if (drafts === undefined) scopes.push({ id: 999, name: 'unit:none', rev: 0, chain: 'ab' })
      else scopes.find((s) => s.id === drafts.id)!.chain = 'ab'
    })
    expect(await brokenOf(made)).toMatchObject({ what: 'head' })
  })
})

describe('an erasure', () => {
  const isErasure = (e: TableRow) => e.kind === 'erase'
  it('without its entry, its refusal or with what could prove the content, is found and named', async () => {
    const noRefusal = altered(held, (t) => void (t.erasures = []))
    expect(await brokenOf(noRefusal)).toMatchObject({ what: 'not-refused', id: ERASED.id })
    const noEntry = altered(held, (t) => void (t.ledger = t.ledger.filter((e) => !isErasure(e))))
    expect((await brokenOf(noEntry))?.scope).toBe(scopeOf(held.ledger.find(isErasure)!))
    const salted = altered(held, (t) => {
      t.ledger.find((e) => e.id === ERASED.id && e.kind === 'put')!.salt = 'again'
    })
    expect(await brokenOf(salted)).toMatchObject({ what: 'salt-kept', id: ERASED.id })
  })

  it('is not hidden by calling it a deletion', async () => {
    const called = altered(held, (t) => void (t.ledger.find(isErasure)!.kind = 'delete'))
    expect(await brokenOf(called)).toMatchObject({ what: 'chain', id: ERASED.id })
  })
})

it('takes a tombstone that is older than the horizon for pruned, and a younger one for missing', async () => {
  const { id } = held.records.find((r) => r.type === 'column' && r.deleted === 1)!
  const gone = altered(held, (t) => void (t.records = t.records.filter((r) => r.id !== id)))
  expect(await verifyHeld(gone)).toMatchObject({ ok: false, broken: { what: 'record-missing', id } })
  expect(await verifyHeld(gone, MONDAY + 181 * DAY_MS)).toMatchObject({ ok: true, counts: { linkOnly: 3 } })
})
