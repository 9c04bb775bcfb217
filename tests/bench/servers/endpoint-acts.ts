/** What the benchmark does to the endpoint's store while phones hold on to it: rows added, a membership ended, cursors voided. */
import type { RecordStore } from '../../../src/server/store/record-store.ts'
import { addToDigest, emptyDigest, type Digest } from '../fill/digest.ts'
import { fillRecords } from '../fill/fill-store.ts'
import { putQuickly } from '../fill/records.ts'
import { digestOf } from '../support/plain-rows.ts'

export interface Range {
  from: number
  to: number
}

export interface Revisions {
  /** Of rows that stand. */
  rows: number
  /** Revisions of the scope that no row has and that lie between the first and the last. */
  gaps: number
}

export function createActs(store: RecordStore) {
  return {
    append: ({ from, to }: Range) => fillRecords(store, from, to, Date.now()),

    /** As an administrator would, from yesterday on. */
    endMembership: async ({ id }: { id: string }) => {
      await store.write([], async (tx) => {
        const record = await tx.record('membership', id)
        if (record === undefined) throw new Error('no such membership')
        const fields = { ...(JSON.parse(record.fields) as object), to: '2026-01-02' }
        await putQuickly(tx, { type: 'membership', id, fields }, Date.now())
      })
    },

    /** Every cursor is then one of another store: all that a phone holds is loaded anew. */
    voidCursors: () => store.write([], (tx) => tx.setSetting('cursor-key', crypto.randomUUID())),

    digest: (scopes?: string[]): Promise<Digest> => digestOf(store, scopes),

    /** Of one writer's records, by scope and type: each once, in gapless revisions. */
    revisions: async ({
      scope,
      type,
    }: {
      scope: string
      type: string
    }): Promise<Revisions & { digest: Digest }> =>
      store.read(async (tx) => {
        const [head] = await tx.scopeHeads([scope])
        const digest = emptyDigest()
        if (head === undefined) return { rows: 0, gaps: 0, digest }
        const all = await tx.recordsAfter(head.id, 0, 1_000_000)
        const rows = all.filter((record) => record.type === type)
        for (const row of rows) addToDigest(digest, row.type, { ...row, scope })
        const first = rows[0]?.rev ?? 0
        const last = rows.at(-1)?.rev ?? -1
        return {
          rows: rows.length,
          gaps: last - first + 1 - all.filter((r) => r.rev >= first).length,
          digest,
        }
      }),

    holds: async ({ type, ids }: { type: string; ids: string[] }): Promise<number> =>
      store.read(async (tx) => {
        let found = 0
        for (const id of ids) if ((await tx.record(type, id)) !== undefined) found += 1
        return found
      }),
  }
}
