/**
 * The figures of circulations that a store keeps always are what `coverageOf` says of the records that stand: after random facts
 * in random order, recalls and erasures, when two sign at once, and when a store is filled from a backup or was made by an older
 * version. Run on each implementation.
 */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseRecord } from '../../src/server/commands/erase-record.ts'
import { putRecord } from '../../src/server/commands/put-record.ts'
import { sumsOf } from '../../src/shared/circulation/coverage/coverage-figures.ts'
import type { RecordStore } from '../../src/server/store/record-store.ts'
import { TABLE_NAMES } from '../../src/server/store/sql/whole-store.ts'
import type { Circulation } from '../../src/shared/circulation/circulation.ts'
import { coverageOf, type Stored } from '../../src/shared/circulation/coverage/coverage.ts'
import type { RecipientChange } from '../../src/shared/circulation/recipient-change.ts'
import type { SignOff } from '../../src/shared/circulation/signing/sign-off.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'

const PEOPLE = ['p1', 'p2', 'p3', 'p4']
/** c-1 is the beginning of c-10, and the third is of another document. */
const CIRCULATIONS = [
  { id: 'c-1', unitId: 'b1', documentId: 'd1' },
  { id: 'c-10', unitId: 'b2', documentId: 'd1' },
  { id: 'c-2', unitId: 'b1', documentId: 'd2' },
]
const TODAY = '2026-11-23'
const sha = (revision: number) => String(revision).repeat(64)

function circulationFields(at: number, revisions: number, state: string): JsonObject {
  const { unitId, documentId } = CIRCULATIONS[at]!
  return {
    unitId,
    documentId,
    documentNo: '',
    title: `第 ${at} 份`,
    issuer: '办公室',
    urgency: at === 2 ? '特急' : '平件',
    revisions: Array.from({ length: revisions }, (_, n) => ({
      revision: n + 1,
      file: { sha256: sha(n + 1), name: '通知.pdf', mime: 'application/pdf', sizeBytes: 1 },
      pages: 1,
      at: 1000 + n,
    })),
    recipients: PEOPLE.slice(0, 3).map((personId) => ({ personId, name: personId })),
    dispatchedAt: 1000 + at,
    dispatchedBy: 'o',
    deadline: at === 0 ? '2026-11-20' : '2026-11-30',
    ...(at === 1 ? { expiresOn: '2026-11-22' } : {}),
    state,
  }
}

type Step =
  | { act: 'circulation'; at: number; revisions: number; state: string }
  | { act: 'sign'; at: number; person: number; revision: number; half: boolean }
  | { act: 'change'; at: number; person: number; change: 'add' | 'excuse' | 'restore'; over: number }
  | { act: 'remind'; at: number; person: number }
  | { act: 'erase'; which: number }

const at = fc.nat(CIRCULATIONS.length - 1)
const person = fc.nat(PEOPLE.length - 1)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      act: fc.constant('circulation' as const),
      at,
      revisions: fc.integer({ min: 1, max: 2 }),
      state: fc.constantFrom('open', 'open', 'recalled', 'closed'),
    }),
    {
      weight: 4,
      arbitrary: fc.record({
        act: fc.constant('sign' as const),
        at,
        person,
        revision: fc.integer({ min: 1, max: 2 }),
        half: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('change' as const),
        at,
        person,
        change: fc.constantFrom('add', 'excuse', 'restore'),
        over: fc.nat(9),
      }),
    },
    fc.record({ act: fc.constant('remind' as const), at, person }),
    fc.record({ act: fc.constant('erase' as const), which: fc.nat(1000) }),
  ),
  { maxLength: 40 },
)

function factOf(step: Step, changes: readonly string[]): { type: string; fields: JsonObject } | undefined {
  if (step.act === 'circulation' || step.act === 'erase') return undefined
  const { id: circulationId, unitId, documentId } = CIRCULATIONS[step.at]!
  const personId = PEOPLE[step.person]!
  const common = { unitId, circulationId, personId }
  if (step.act === 'remind')
    return {
      type: 'reminder',
      fields: { ...common, name: personId, byPersonId: 'o', byName: 'o', revision: 1, at: 1 },
    }
  if (step.act === 'change') {
    const superseded = changes[step.over]
    const supersedes = superseded === undefined ? [] : [superseded]
    return {
      type: 'recipient-change',
      fields: { ...common, name: personId, change: step.change, reason: '因故', supersedes },
    }
  }
  return {
    type: 'sign-off',
    fields: {
      ...common,
      documentId,
      signedBy: personId,
      revision: step.revision,
      sha256: step.half ? sha(9) : sha(step.revision),
      mode: 'in-person',
      signature: { kind: 'drawn', width: 10, height: 10, strokes: [[1, 1, 2, 2]] },
      opinion: '同意。“照办”\\',
      signedAt: 5,
      keyId: null,
      deviceSignature: null,
    },
  }
}

async function play(store: RecordStore, story: readonly Step[]): Promise<void> {
  const facts: { type: string; id: string }[] = []
  const context = { author: 'o', now: 2000 }
  for (const [n, step] of story.entries())
    await store.write([], async (tx) => {
      if (step.act === 'circulation') {
        const fields = circulationFields(step.at, step.revisions, step.state)
        const put = { type: 'circulation', id: CIRCULATIONS[step.at]!.id, fields, ...context }
        if ((await tx.erasedAmong([put])).size === 0) await putRecord(tx, put)
      } else if (step.act === 'erase') {
        // One of the facts that were written, or now and then a whole circulation.
        const at = step.which % (facts.length + 1)
        const victim = facts[at] ?? { type: 'circulation', id: CIRCULATIONS[step.which % 3]!.id }
        await eraseRecord(tx, { ...victim, ...context, reason: '依规' })
      } else {
        const ids = facts.filter(({ type }) => type === 'recipient-change').map(({ id }) => id)
        const fact = factOf(step, ids)!
        const id = `f-${n}`
        await putRecord(tx, { ...fact, id, ...context, now: 2000 + n })
        facts.push({ type: fact.type, id })
      }
    })
}

/** What the records say, read whole and counted anew. */
async function expected(store: RecordStore) {
  return store.read(async (tx) => {
    const of = async <F>(type: string) =>
      (await tx.records({ types: [type] })).map((r): Stored<F> => ({
        id: r.id,
        fields: JSON.parse(r.fields) as F,
      }))
    const [circulations, changes, signOffs] = [
      await of<Circulation>('circulation'),
      await of<RecipientChange>('recipient-change'),
      await of<SignOff>('sign-off'),
    ]
    const reminders = await tx.records({ types: ['reminder'] })
    return circulations
      .map((c) => {
        const { toSign, signed, outdated, excused, waiting } = coverageOf(c, changes, signOffs)
        const own = reminders.filter((r) => r.subject?.startsWith(`${c.id}:`)).map((r) => r.receivedAt)
        return {
          circulation_id: c.id,
          state: c.fields.state,
          to_sign: toSign,
          signed,
          outdated,
          excused,
          waiting,
          reminded_at: own.length === 0 ? null : Math.max(...own),
        }
      })
      .sort((a, b) => (a.circulation_id < b.circulation_id ? -1 : 1))
  })
}
const kept = async (store: RecordStore) => {
  const rows = await store.read((tx) => tx.coverageOfDocuments(['d1', 'd2']))
  return rows.sort((a, b) => (a.circulation_id < b.circulation_id ? -1 : 1))
}

async function expectEqual(store: RecordStore): Promise<void> {
  const rows = await kept(store)
  const wanted = await expected(store)
  expect(rows).toHaveLength(wanted.length)
  expect(rows).toMatchObject(wanted)
  const sums = await store.read((tx) => tx.coverageByDocument(TODAY))
  const inWords = [...Map.groupBy(rows, (r) => r.document_id).values()].map((some) => sumsOf(some, TODAY))
  const byId = (a: { documentId: string }, b: { documentId: string }) =>
    a.documentId < b.documentId ? -1 : 1
  expect(sums.sort(byId)).toEqual(inWords.sort(byId))
}

/** @param open an empty store. The suite closes it. */
export function runCirculationFiguresContract(name: string, open: () => Promise<RecordStore>): void {
  describe(`figures of circulations: ${name}`, () => {
    let store: RecordStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())
    const empty = () => store.replaceAll(() => Promise.resolve())

    it('are what the records say, whatever happened in whatever order', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (story) => {
          await empty()
          await play(store, story)
          await expectEqual(store)
        }),
        { numRuns: 40 },
      )
    })

    it('an erased sign-off counts no more, though its row no longer says what it was about', async () => {
      await play(store, [
        { act: 'circulation', at: 0, revisions: 1, state: 'open' },
        { act: 'sign', at: 0, person: 1, revision: 1, half: false },
      ])
      expect(await kept(store)).toMatchObject([{ signed: 1, waiting: 2 }])
      const erase = { type: 'sign-off', id: 'f-1', author: 'o', now: 1, reason: '依规' }
      await store.write([], (tx) => eraseRecord(tx, erase))
      expect(await kept(store)).toMatchObject([{ signed: 0, waiting: 3 }])
    })

    it('miss nobody when many sign at once, in batches that meet crosswise', async () => {
      for (const at of [0, 1, 2]) await play(store, [{ act: 'circulation', at, revisions: 1, state: 'open' }])
      const sign = (person: number, order: readonly number[]) => {
        const scopes = order.map((at) => `file:${CIRCULATIONS[at]!.unitId}:${PEOPLE[person]}`)
        return store.write(scopes, async (tx) => {
          for (const at of order) {
            const fact = factOf({ act: 'sign', at, person, revision: 1, half: false }, [])!
            await putRecord(tx, { ...fact, id: `s-${at}-${person}`, author: 'o', now: 3000 })
          }
        })
      }
      const orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0]] // prettier-ignore
      await Promise.all(orders.map((order, person) => sign(person, order)))
      await expectEqual(store)
      expect((await kept(store)).map((row) => [row.signed, row.waiting])).toEqual([[3, 0], [3, 0], [3, 0]]) // prettier-ignore
    })

    it('a write that is undone leaves them as they were', async () => {
      await play(store, [{ act: 'circulation', at: 0, revisions: 1, state: 'open' }])
      const fact = factOf({ act: 'sign', at: 0, person: 0, revision: 1, half: false }, [])!
      const put = { ...fact, id: 's', author: 'o', now: 1 }
      await expect(
        store.write([], async (tx) => {
          await putRecord(tx, put)
          throw new Error('undone')
        }),
      ).rejects.toThrow('undone')
      await store.write([], (tx) =>
        tx
          .savepoint(async () => {
            await putRecord(tx, put)
            throw new Error('undone too')
          })
          .catch(() => undefined),
      )
      await expectEqual(store)
    })

    it('are in no backup, and stand again when a store is filled from one', async () => {
      await play(store, [
        { act: 'circulation', at: 0, revisions: 2, state: 'open' },
        { act: 'sign', at: 0, person: 1, revision: 1, half: false },
        { act: 'remind', at: 0, person: 0 },
      ])
      const before = await kept(store)
      const rows = await store.readAll(async (tables) => {
        const copy = []
        for (const table of TABLE_NAMES) for await (const row of tables.rows(table)) copy.push({ table, row })
        return copy
      })
      await store.replaceAll(async (tables) => {
        for (const { table, row } of rows) await tables.insert(table, [row])
      })
      expect(before).toMatchObject([{ outdated: 1, waiting: 2 }])
      expect(await kept(store)).toEqual(before)
      await expectEqual(store)
    })
  })
}
