/** Plays one act after the other on a world. */
import { isRunning } from '../../../src/client/sync/machine/core.ts'
import { personIdOf } from '../../support/endpoint.ts'
import type { Act, SyncAct, WriteAct } from './acts.ts'
import { playOrg } from './org-acts.ts'
import { addPhone, nextId, POISON_HLC, quiet, type Owner, type World } from './world.ts'
import { noteId, write } from './writes.ts'

const GUEST = '1006'

async function sync(world: World, at: number, act: SyncAct): Promise<void> {
  const owner = world.owners[at]!
  const { journey } = owner
  journey.line.faults = act.line.map((fault) => ({ path: '/api/', fault }))
  journey.disk.plan(act.disk)
  world.hall.attack.faults = act.store === undefined ? [] : [act.store]
  const round = journey.sync()
  if (act.what === 'sync-and-write')
    await write(world, at, { what: 'opinion', phone: at, key: 0, disk: undefined })
  await round
  await quiet(world)
  journey.line.faults = []
  journey.disk.plan(undefined)
  world.hall.attack.faults = []
}

/** Somebody else signs in on the browser, with the first one's queue full and their tab still open. */
async function otherPerson(world: World, owner: Owner): Promise<void> {
  const { journey } = owner
  const own = journey.jar.cookie
  const guest = await addPhone(world, GUEST, { disk: journey.disk, jar: journey.jar })
  journey.disk.onKilled = () => journey.kill()
  await journey.sync()
  const personId = personIdOf(GUEST)
  const fields = { personId, text: `客人 ${++world.count}` }
  const id = await guest.journey.phone.store.put('opinion', fields)
  world.written.push({
    type: 'opinion',
    id,
    fields,
    personId,
    phone: -1,
    saved: true,
    fate: 'stored',
    free: false,
  })
  await guest.journey.sync()
  await journey.sync()
  // The line may have failed the guest: it then waits in their own database on this disk, and nobody opens that again.
  const waits = await guest.journey.phone.db.outbox.where('[type+id]').equals(['opinion', id]).count()
  if (waits > 0) world.written.find((one) => one.id === id)!.free = true
  await guest.journey.close()
  // Back again: with the old session, or with a new one where the phone asks for it.
  journey.jar.cookie = own
  await quiet(world)
}

async function copied(world: World, owner: Owner): Promise<void> {
  if (world.owners.length > 3) return
  const { journey, personId } = owner
  await journey.close()
  const disk = await journey.disk.copy()
  await journey.revive()
  const jar = { ...journey.jar }
  const copy = await addPhone(world, journey.staffNo, { disk, jar, session: journey.session })
  world.owners.push({ ...copy, personId })
  world.wasCopied = true
}

/** The whole origin is wiped, and the person signs in again: what was only there is lost with it. */
async function wiped(world: World, owner: Owner): Promise<void> {
  const at = world.owners.indexOf(owner)
  await world.hall.store().read(async (tx) => {
    for (const one of world.written)
      if (one.personId === owner.personId && (await tx.record(one.type, one.id)) === undefined)
        one.free = true
  })
  owner.journey.kill()
  world.owners[at] = await addPhone(world, owner.journey.staffNo)
  world.wasWiped = true
}

/** An entry that breaks every request that carries it, at the head of the queue. */
async function poisoned(world: World, owner: Owner): Promise<void> {
  const { journey, personId } = owner
  const { db } = journey.phone
  const id = nextId(world)
  const fields = { personId, text: `毒 ${world.count}` }
  const head = await db.outbox.orderBy('seq').first()
  await db.outbox.add({
    seq: Math.min(head?.seq ?? 0, 0) - 1,
    type: 'opinion',
    id,
    scope: `file:root:${personId}`,
    op: 'put',
    conflict: 'fact',
    schemaVersion: 1,
    fields,
    baseRev: 0,
    hlc: POISON_HLC,
    observedAt: world.hall.clock.now(),
    savedAt: world.hall.clock.now(),
    label: '意见建议',
    n: null,
    hash: null,
    attempts: 0,
  } as never)
  world.written.push({
    type: 'opinion',
    id,
    fields,
    personId,
    phone: world.owners.indexOf(owner),
    saved: true,
    fate: 'refused',
    free: false,
  })
}

/** Two tabs of one profile, without Web Locks; the first may be frozen with its answer in hand while the second goes on. */
async function twoTabs(
  world: World,
  owner: Owner,
  act: { key: number; at: string | undefined },
): Promise<void> {
  const { journey } = owner
  const at = world.owners.indexOf(owner)
  const writeIn = (what: WriteAct['what']) =>
    write(world, at, { what, phone: at, key: act.key, disk: undefined })
  const tab = await journey.secondTab()
  await writeIn('opinion')
  if (act.at !== undefined) journey.line.faults = [{ path: act.at, fault: 'tab-frozen' }]
  const first = journey.sync()
  if (act.at === undefined) await Promise.all([first, tab.delivery.syncNow()])
  else {
    while (!journey.line.isFrozen() && isRunning(journey.phone.engine.phase()))
      await new Promise((resolve) => setImmediate(resolve))
    // It rests and asks for nothing: then it is the other one's turn, and nobody freezes.
    journey.line.faults = []
    await writeIn('draft')
    await tab.delivery.syncNow()
    await writeIn(act.key === 0 ? 'opinion' : 'draft')
    if (act.key === 1) await tab.delivery.syncNow()
    journey.line.thaw()
    await first
  }
  await tab.close()
}

/** Facts that the older copy does not have, and that no phone of their author holds, are lost with the store. */
async function restore(world: World): Promise<void> {
  const { backup, hall } = world
  const kept = new Set(backup.taken.records.map((row) => String(row.id)))
  for (const { journey, personId } of world.owners) {
    const { db } = journey.phone
    for (const { type, id } of world.written) {
      const row = await db.rows(type).get(id)
      if (row?.author === personId) kept.add(id)
    }
    for (const entry of await db.outbox.toArray()) kept.add(entry.id)
    for (const item of await db.attention.toArray()) kept.add(item.id)
  }
  for (const one of world.written) {
    if (!kept.has(one.id)) one.free = true
    // Whom it gives back their role, and whom not, decides anew.
    else if (one.type !== 'opinion') one.fate = 'either'
  }
  world.org.people = structuredClone(backup.people)
  await hall.restore(backup.taken)
  world.logFrom = hall.attack.committed.length
  world.wasRestored = true
}

async function takeBackup(world: World): Promise<void> {
  world.backup = { taken: await world.hall.backup(), people: structuredClone(world.org.people) }
}

async function playTab(world: World, at: number, what: string): Promise<void> {
  const owner = world.owners[at]!
  const { journey, personId } = owner
  if (what === 'kill') journey.kill()
  else if (what === 'reopen') await journey.reopen()
  else if (what === 'session-ends') await world.hall.store().write([], (tx) => tx.deleteSessionsOf(personId))
  else if (what === 'other-person') await otherPerson(world, owner)
  else if (what === 'copied') await copied(world, owner)
  else if (what === 'wiped') await wiped(world, owner)
  else await poisoned(world, owner)
}

async function retryRefused(world: World, { journey }: Owner): Promise<void> {
  const item = await journey.phone.db.attention.toCollection().first()
  if (item === undefined) return
  for (const one of world.written) {
    if (one.id !== item.id) continue
    one.wasRetried = true
    // Written anew, the entry that broke its request is sound.
    if (item.code === 'bad-request') one.fate = 'either'
  }
  await journey.phone.delivery.retry(item.attentionId)
}

async function playOne(world: World, act: Act): Promise<void> {
  const at = 'phone' in act ? act.phone % world.owners.length : 0
  const owner = world.owners[at]!
  const { journey, personId } = owner
  switch (act.what) {
    case 'sync':
    case 'sync-and-write':
      return sync(world, at, act as SyncAct)
    case 'sync-all':
      return void (await Promise.all(world.owners.map((one) => one.journey.sync())))
    case 'restart':
      return world.hall.restart()
    case 'backup':
      return takeBackup(world)
    case 'restore':
      return restore(world)
    case 'moves':
    case 'loses-role':
    case 'gains-role':
      return playOrg(world, owner, act.what)
    case 'hours':
      world.hall.clock.advance((act as { hours: number }).hours * 3_600_000)
      return
    case 'clock': {
      const { days } = act as { days: number }
      const target = world.hall.clock.now() + days * 86_400_000
      return owner.clock.jump(target - owner.clock.now())
    }
    case 'remove-draft':
      return journey.phone.store.remove('note', noteId(personId, (act as { key: number }).key))
    case 'retry-refused':
      return retryRefused(world, owner)
    case 'two-tabs':
      return twoTabs(world, owner, act as { key: number; at: string | undefined })
    case 'kill':
    case 'reopen':
    case 'session-ends':
    case 'other-person':
    case 'copied':
    case 'wiped':
    case 'poisoned':
      return playTab(world, at, act.what)
    default:
      return write(world, at, act as WriteAct)
  }
}

export async function play(world: World, act: Act): Promise<void> {
  await playOne(world, act)
  await quiet(world)
  for (const { journey } of world.owners) if (journey.isDead()) await journey.revive()
}
