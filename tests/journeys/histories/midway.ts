/** What holds after every act, at rest or not: the queue is on the screen, and no cursor goes backward. */
import assert from 'node:assert/strict'
import { decodeCursor, type Cursor } from '../../../src/server/routes/pull/cursor.ts'
import { flatten } from '../../../src/shared/sync/flat-paths.ts'
import { definitions } from '../../../src/shared/sync/registry.ts'
import type { OutboxEntry } from '../../../src/client/storage/rows.ts'
import { readMeta } from '../../../src/client/storage/meta.ts'
import { POISON_HLC, type Owner, type World } from './world.ts'

const cursors = new WeakMap<object, Cursor>()

async function checkCursor(world: World, { journey }: Owner): Promise<void> {
  const text = await readMeta(journey.phone.db, 'cursor')
  if (text == null) return
  const current = await world.hall.store().read((tx) => tx.setting('cursor-key'))
  world.cursorKeys.add(current ?? '')
  // A phone that has not heard of a restore yet holds one of the store before it.
  const cursor = [...world.cursorKeys].map((key) => decodeCursor(text, key)).find((one) => one !== undefined)
  assert.ok(cursor, `phone of ${journey.staffNo}: a cursor that the endpoint did not make`)
  const before = cursors.get(journey.disk)
  cursors.set(journey.disk, cursor)
  if (before?.epoch !== cursor.epoch) return
  for (const [scopeId, rev] of cursor.revByScope) {
    const last: number = before.revByScope.get(scopeId) ?? 0
    assert.ok(
      rev >= last,
      `phone of ${journey.staffNo}: cursor of scope ${scopeId} from ${last} back to ${rev}`,
    )
  }
}

function checkEntry(entry: OutboxEntry, fields: Record<string, unknown> | undefined, name: string): void {
  assert.ok(fields, `${name}: in the queue and not on the screen`)
  const shown = entry.conflict === 'draft' ? flatten(fields as never) : fields
  for (const [path, value] of Object.entries(entry.fields))
    assert.deepEqual((shown as Record<string, unknown>)[path], value, `${name}: ${path}`)
}

/** Pending edits stand on top of what the endpoint says, and nothing else is called pending. */
async function checkQueue({ journey }: Owner): Promise<void> {
  const { db } = journey.phone
  const lastByKey = new Map<string, OutboxEntry>()
  for (const entry of await db.outbox.orderBy('seq').toArray())
    if (entry.scopeDropped !== true && entry.hlc !== POISON_HLC)
      lastByKey.set(`${entry.type}/${entry.id}`, entry)
  for (const [key, entry] of lastByKey) {
    const row = await db.rows(entry.type).get(entry.id)
    const name = `phone of ${journey.staffNo}: ${key}`
    if (entry.op === 'delete') assert.equal(row, undefined, `${name}: taken away and still shown`)
    else checkEntry(entry, row?.fields, name)
  }
  for (const { type } of definitions)
    for (const row of await db.rows(type).where('pending').equals(1).toArray())
      assert.ok(lastByKey.has(`${type}/${row.id}`), `phone of ${journey.staffNo}: ${type} waits for nothing`)
}

export async function checkMidway(world: World): Promise<void> {
  for (const owner of world.owners) {
    await checkQueue(owner)
    await checkCursor(world, owner)
  }
}
