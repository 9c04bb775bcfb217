/**
 * The invariants of a history at rest, against the plain model. Node's own assert: histories also run outside of the test
 * runner, in the soak.
 */
import assert from 'node:assert/strict'
import { definitions } from '../../../src/shared/sync/registry.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import type { StoredRecord } from '../../../src/server/store/record-store.ts'
import { verifyTables } from '../../../src/server/operator/verify/verify-tables.ts'
import { readableBy } from './org-model.ts'
import { quiet, type Owner, type World, type Written } from './world.ts'

const MINUTE = 60_000
const TYPES = definitions.map((definition) => definition.type)
/** Requests that one round may make, however small the pages and however much was written in a history this short. */
const MOST_REQUESTS = 250

async function round(world: World): Promise<void> {
  for (const { journey } of world.owners) {
    if (journey.phone.engine.phase() === 'needs-sign-in') await journey.signIn()
    const before = journey.line.requests.length
    await journey.sync()
    await quiet(world)
    const asked = journey.line.requests.length - before
    assert.ok(asked <= MOST_REQUESTS, `a round of ${asked} requests: nothing is retried without a bound`)
  }
}

async function waiting(world: World): Promise<number> {
  const counts = await Promise.all(world.owners.map(({ journey }) => journey.phone.db.outbox.count()))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Well again: no faults, everybody signed in, and time goes by as long as something waits. */
export async function comeToRest(world: World): Promise<void> {
  world.hall.attack.faults = []
  for (const { journey } of world.owners) {
    journey.line.faults = []
    journey.disk.plan(undefined)
  }
  // At rest: nobody waits, nobody is under way, and a whole round has changed nothing at the endpoint.
  for (let turn = 0; turn < 8 && !(turn > 1 && (await isAtRest(world))); turn++)
    await laterRound(world, 11 * MINUTE)
  // What waits for a parent that never comes gives up after seven days.
  for (let day = 0; day < 9 && (await waiting(world)) > 0; day++) await laterRound(world, DAY_MS)
  await round(world)
  await round(world)
}

const commitsBefore = new WeakMap<World, number>()

async function laterRound(world: World, ms: number): Promise<void> {
  commitsBefore.set(world, world.hall.attack.committed.length)
  world.hall.clock.advance(ms)
  await quiet(world)
  await round(world)
}

async function isAtRest(world: World): Promise<boolean> {
  const isIdle = world.owners.every(({ journey }) => journey.phone.engine.phase() === 'idle')
  if (!isIdle || commitsBefore.get(world) !== world.hall.attack.committed.length) return false
  return (await waiting(world)) === 0
}

type Stored = StoredRecord & { scope: string }

export async function storedRecords(world: Pick<World, 'hall'>): Promise<Stored[]> {
  return world.hall.store().read((tx) => tx.records({ types: TYPES, includeDeleted: true }))
}

const byKey = (a: { type: string; id: string }, b: { type: string; id: string }) =>
  a.type < b.type ? -1 : a.type > b.type ? 1 : a.id < b.id ? -1 : 1

/** A row of the phone, and a record of the endpoint, as the same plain thing. */
const plainRow = (type: string, row: Record<string, unknown>) => ({
  type,
  id: row.id as string,
  scope: row.scope,
  rev: row.rev,
  schemaVersion: row.schemaVersion,
  fields: row.fields,
  author: row.author,
  observedAt: row.observedAt,
  receivedAt: row.receivedAt,
  history: row.history ?? [],
  pending: row.pending,
  unknown: row.revUnknown ?? false,
})

const plainRecord = ({ history, ...record }: Stored) => ({
  ...plainRow(record.type, record as unknown as Record<string, unknown>),
  fields: JSON.parse(record.fields) as unknown,
  history: history === null ? [] : (JSON.parse(history) as unknown),
  pending: 0,
})

/** Every phone equals the endpoint in its scopes, byte for byte, and holds nothing else. */
export async function checkPhone(
  world: Pick<World, 'hall' | 'org'>,
  owner: Pick<Owner, 'journey' | 'personId'>,
  stored: readonly Stored[],
): Promise<void> {
  const { db } = owner.journey.phone
  const name = `phone of ${owner.journey.staffNo}`
  const mayRead = readableBy(world.org, owner.personId, world.hall.clock.now())
  const rows = await Promise.all(
    TYPES.map(async (type) => (await db.rows(type).toArray()).map((row) => plainRow(type, { ...row }))),
  )
  const expected = stored.filter((record) => !record.deleted && mayRead(record.scope)).map(plainRecord)
  assert.deepEqual(rows.flat().sort(byKey), expected.sort(byKey), `${name}: rows`)
  assert.equal(await db.outbox.count(), 0, `${name}: outbox`)
  assert.deepEqual(await db.base.toArray(), [], `${name}: base`)
  assert.deepEqual(await db.quarantine.toArray(), [], `${name}: quarantine`)
  assert.equal(owner.journey.phone.engine.phase(), 'idle', `${name}: phase`)
}

interface Refused {
  type: string
  id: string
  fields: unknown
  code: string
  sentence: string
}

function checkFate(world: World, one: Written, stored: Stored | undefined, refused: Refused[]): void {
  const name = `${one.type} ${one.id} ${JSON.stringify(one.fields)}`
  if (stored !== undefined) {
    const fields = JSON.parse(stored.fields) as Record<string, unknown>
    for (const [key, value] of Object.entries(one.fields))
      assert.deepEqual(fields[key], value, `${name}: fields`)
    assert.equal(stored.author, one.personId, `${name}: author`)
  }
  for (const item of refused) {
    assert.ok(item.code !== '' && item.sentence !== '', `${name}: refused without a reason`)
    for (const [key, value] of Object.entries(one.fields))
      assert.deepEqual((item.fields as Record<string, unknown>)[key], value, `${name}: refused fields`)
  }
  const places = [stored === undefined ? '' : 'stored', refused.length > 0 ? 'refused' : ''].filter(Boolean)
  if (!one.saved) {
    assert.deepEqual(places, [], `${name}: the phone had said that it was not kept`)
    return
  }
  if (one.free) return
  assert.notEqual(places.length, 0, `${name}: LOST`)
  // Two copies of one phone may be told differently.
  if (!world.wasCopied)
    assert.equal(places.length, 1, `${name}: ${places.join(' and ')} (${refused.map((r) => r.code).join()})`)
  if (one.fate === 'stored') assert.ok(stored, `${name}: refused (${refused.map((r) => r.code).join()})`)
  if (one.fate === 'refused') assert.equal(stored, undefined, `${name}: stored, and may not be`)
}

async function checkWritten(world: World, stored: readonly Stored[]): Promise<void> {
  const recordsByKey = new Map(stored.map((record) => [`${record.type}/${record.id}`, record]))
  const refused = new Map<string, Refused[]>()
  for (const { journey } of world.owners)
    for (const item of await journey.phone.db.attention.toArray()) {
      const key = `${item.type}/${item.id}`
      refused.set(key, [...(refused.get(key) ?? []), item])
    }
  for (const one of world.written) {
    const key = `${one.type}/${one.id}`
    checkFate(world, one, recordsByKey.get(key), refused.get(key) ?? [])
  }
}

/** What was committed: numbers without gaps, and each fact once. */
function checkCommits(world: World): void {
  const commits = world.hall.attack.committed.slice(world.logFrom)
  const lastByScope = new Map<number, number>()
  const facts = new Map<string, number>()
  const kinds = new Map(definitions.map((definition) => [definition.type, definition.conflict]))
  for (const { scopeId, rev, type, id } of commits) {
    const last = lastByScope.get(scopeId)
    if (last !== undefined) assert.equal(rev, last + 1, `scope ${scopeId}: revision after ${last}`)
    lastByScope.set(scopeId, rev)
    if (kinds.get(type) === 'fact') facts.set(id, (facts.get(id) ?? 0) + 1)
  }
  for (const [id, times] of facts) assert.equal(times, 1, `fact ${id} was committed ${times} times`)
}

/** One device's opinions arrive in the order in which they were written. */
function checkOrder(world: World): void {
  if (world.wasRestored || world.wasCopied || world.wasWiped) return
  const place = new Map(world.hall.attack.committed.map(({ id }, at) => [id, at]))
  for (const [at] of world.owners.entries()) {
    const opinions = world.written.filter((one) => one.phone === at && one.type === 'opinion')
    const own = opinions.filter(({ id, wasRetried }) => place.has(id) && wasRetried !== true)
    const places = own.map(({ id }) => place.get(id)!)
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      `order of phone ${at}`,
    )
  }
}

/** Drafts and shared content end as something that somebody wrote. */
function checkTexts(world: World, stored: readonly Stored[]): void {
  for (const { type, id, fields, deleted } of stored) {
    const texts = world.texts.get(`${type}/${id}`)
    if (texts === undefined || deleted) continue
    const { text, title } = JSON.parse(fields) as { text?: string; title?: string }
    assert.ok(texts.has(type === 'note' ? text! : title!), `${type} ${id}: a text that nobody wrote`)
  }
}

export async function checkWorld(world: World): Promise<void> {
  const stored = await storedRecords(world)
  await checkWritten(world, stored)
  checkCommits(world)
  const verdict = await world.hall.store().readAll((tables) => verifyTables(tables, world.hall.clock.now()))
  assert.equal(verdict.ok, true, `the ledger: ${JSON.stringify(verdict)}`)
  checkOrder(world)
  checkTexts(world, stored)
  for (const owner of world.owners) await checkPhone(world, owner, stored)
  assert.deepEqual(world.hall.problems, [], 'problems that the endpoint did not foresee')
}
