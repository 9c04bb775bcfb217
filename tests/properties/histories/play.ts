/** Plays the acts of a history, one after the other, and brings the bureau to rest afterwards. */
import type { OutboxEntry, PhoneRecord } from '../../../src/client/storage/rows.ts'
import { StorageTrouble } from '../../../src/client/storage/trouble.ts'
import { definitions } from '../../../src/shared/sync/registry.ts'
import { PERSONS } from '../../support/memory/bureau.ts'
import { newDisk } from '../../support/memory/memory-phone-db.ts'
import { ended } from '../../support/step-limit.ts'
import { SimPhone, type SimPhoneOptions } from '../../support/memory/sim-phone.ts'
import { World, type Backup } from '../../support/memory/world.ts'
import type { Act, History, Poison } from './acts.ts'
import { checkReadableOnly } from './convergence.ts'
import {
  heldById,
  heldKey,
  lifeOf,
  noteDecay,
  noteRestore,
  noteVersion,
  noteWipe,
  type Sim,
  type Written,
} from './model.ts'
import { changeOrg } from './org.ts'
import { watchDisk } from './watch.ts'
import { writeSomething } from './writes.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MAX_PHONES = 5
/** A round is a handful of requests, and one for each page. */
const MAX_REQUESTS_OF_AN_ACT = 400

export interface Play extends Sim {
  backup: Backup
  /** How many acts have begun. */
  acts: number
  options: Pick<SimPhoneOptions, 'pageLimit' | 'spoil'>
  stepMs?: number
}

export interface Mutant {
  spoil?: NonNullable<SimPhoneOptions['spoil']>
  /** The endpoint that does wrong. */
  world?: (world: World) => void
  /** Before a step is said to have never ended (ms of real time). */
  stepMs?: number
  disk?: (phone: SimPhone) => void
}

export async function begin(history: History, mutant: Mutant = {}): Promise<Play> {
  const world = await World.open()
  const sim: Play = {
    world,
    phones: [],
    lives: new Map(),
    written: [],
    garbled: new Set(),
    cloned: new Set(),
    everHeld: new Set(),
    standing: new Map(),
    stripped: [],
    retried: new Set(),
    found: [],
    backup: world.backup(),
    acts: 0,
    ...(mutant.stepMs !== undefined && { stepMs: mutant.stepMs }),
    options: { pageLimit: history.pageLimit, ...(mutant.spoil && { spoil: mutant.spoil }) },
  }
  world.onRecord = (record) => {
    sim.everHeld.add(heldKey(record.type, record.id, JSON.parse(record.fields)))
    noteVersion(sim, record)
  }
  mutant.world?.(world)
  if (history.newer) await changeOrg(world, 'unknown-field')
  for (const person of history.crew)
    await ended(`opening the phone of ${person}`, addPhone(sim, person), sim.stepMs)
  if (mutant.disk !== undefined) for (const phone of sim.phones) mutant.disk(phone)
  return sim
}

async function addPhone(sim: Play, person: string, from?: SimPhone): Promise<SimPhone> {
  const copy = from === undefined ? {} : { disk: from.disk.clone(), deviceId: from.deviceId }
  const phone = await SimPhone.open(sim.world, { person, ...sim.options, ...clean(copy) })
  sim.phones.push(phone)
  const life = `${person}-${sim.phones.length}`
  sim.lives.set(phone, life)
  watchDisk(sim, phone)
  if (from === undefined) return phone
  const former = lifeOf(sim, from)
  sim.cloned.add(former).add(life)
  const inherited = [...sim.garbled].filter((key) => key.startsWith(`${former} `))
  for (const key of inherited) sim.garbled.add(`${life} ${key.slice(former.length + 1)}`)
  return phone
}

const clean = <T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never

/** A struck disk or a killed tab is what happens; the person opens the app again. */
async function surviving(phone: SimPhone, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error
  }
  phone.disk.fault = undefined
  if (phone.tab.isDead()) await phone.openTab()
}

async function syncOne(sim: Play, phone: SimPhone, act: Extract<Act, { act: 'sync' }>): Promise<void> {
  const { line, disk, meanwhile } = act
  phone.line.faults = [...line]
  phone.disk.fault = disk === undefined ? undefined : { ...disk }
  phone.line.before = meanwhile === undefined ? undefined : () => changeOrg(sim.world, meanwhile.change)
  const { tab } = phone
  const before = phone.line.requests
  await surviving(phone, () => phone.sync())
  if (phone.line.requests - before > MAX_REQUESTS_OF_AN_ACT)
    sim.found.push(`one round made ${phone.line.requests - before} requests`)
  phone.line.faults = []
  phone.line.before = undefined
  if (phone.isFrozen) await phone.openTab()
  else if (meanwhile === undefined && phone.tab === tab && tab.engine.phase() === 'idle')
    sim.found.push(...checkReadableOnly(sim, phone))
}

async function syncTogether(sim: Play, phone: SimPhone, act: Extract<Act, { other: number }>): Promise<void> {
  phone.line.faults = [...act.line]
  if (act.act === 'two-tabs') {
    const first = phone.tab
    const second = await phone.openTab()
    await Promise.all([phone.sync(first), phone.sync(second)])
    first.kill()
  } else if (act.act === 'two-phones') {
    const other = sim.phones[act.other % sim.phones.length]!
    await Promise.all(phone === other ? [phone.sync()] : [phone.sync(), other.sync()])
    await surviving(other, () => Promise.resolve())
  } else {
    const writing = {
      act: 'write' as const,
      what: 'opinion' as const,
      phone: act.phone,
      key: 0,
      disk: undefined,
    }
    const note = { ...writing, what: 'note' as const }
    await Promise.all([phone.sync(), writeSomething(sim, phone, writing), writeSomething(sim, phone, note)])
  }
  phone.line.faults = []
  await surviving(phone, () => Promise.resolve())
  if (phone.isFrozen) await phone.openTab()
}

const POISONED: Record<Poison, (entry: OutboxEntry) => Partial<OutboxEntry>> = {
  'refused-fields': () => ({ fields: { nothing: 'of this type' } }),
  'bad-clock': () => ({ hlc: 'no clock' }),
  'too-deep': (entry) => {
    let deep: OutboxEntry['fields'] = {}
    for (let depth = 0; depth < 40; depth++) deep = { deep }
    return { fields: { ...entry.fields, deep } }
  },
  'changed-after-numbering': (entry) => ({ fields: { ...entry.fields, decayed: true } }),
  'too-large': (entry) => ({ fields: { ...entry.fields, large: '大'.repeat(120_000) } }),
}

/** The entry at the head of the queue decays, or was always bad: an older app wrote it, or a bit fell over. */
function poison(sim: Play, phone: SimPhone, how: Poison): void {
  const entries = phone.disk.rows<OutboxEntry>('outbox').filter((e) => e.scopeDropped !== true)
  const wanted = how === 'changed-after-numbering'
  const entry = entries.find((e) => (e.n !== null) === wanted)
  if (entry === undefined) return
  const poisoned = { ...entry, ...POISONED[how](entry) }
  phone.disk.overwrite('outbox', entry.seq, poisoned as never)
  const row = phone.disk.row(entry.type, entry.id) as PhoneRecord | undefined
  if (row !== undefined && entry.conflict !== 'draft')
    phone.disk.overwrite(entry.type, entry.id, { ...row, fields: poisoned.fields } as never)
  for (const one of sim.written)
    if (one.type === entry.type && one.id === entry.id && one.person === phone.person) one.spoiled = true
}

/** One row decays where no transaction sees it. */
function garble(sim: Play, phone: SimPhone): void {
  for (const { type } of definitions) {
    const [row] = phone.disk.rows<PhoneRecord>(type)
    if (row === undefined || type === 'unit' || row.pending === 1) continue
    phone.disk.overwrite(type, row.id, { ...row, fields: { decayed: true } } as never)
    sim.garbled.add(`${lifeOf(sim, phone)} ${type}/${row.id}`)
    noteDecay(sim, phone, type, row.id)
    return
  }
}

async function wipe(sim: Play, phone: SimPhone): Promise<void> {
  phone.tab.kill()
  await phone.thaw()
  noteWipe(sim, phone)
  phone.disk = newDisk()
  phone.deviceId = undefined
  sim.lives.set(phone, `${lifeOf(sim, phone)}'`)
  watchDisk(sim, phone)
  const { token, deviceId } = await sim.world.signIn(phone.person, undefined)
  phone.line.token = token
  phone.deviceId = deviceId
  await phone.openTab()
}

async function onPhone(sim: Play, phone: SimPhone, act: Extract<Act, { phone: number }>): Promise<void> {
  switch (act.act) {
    case 'write':
      phone.disk.fault = act.disk === undefined ? undefined : { ...act.disk }
      return await surviving(phone, () => writeSomething(sim, phone, act))
    case 'sync':
      return await syncOne(sim, phone, act)
    case 'two-phones':
    case 'two-tabs':
    case 'sync-and-write':
      return await syncTogether(sim, phone, act)
    case 'reopened':
      return await phone.reopen()
    case 'thawed':
      return await phone.thaw()
    case 'session-ends':
      return await sim.world.endSession(phone.line.token)
    case 'signs-in':
      return await surviving(phone, () => phone.signIn())
    case 'other-person-signs-in': {
      const other = PERSONS.find((person) => person !== phone.person)!
      phone.line.token = (await sim.world.signIn(other, undefined)).token
      return
    }
    case 'cloned':
      if (sim.phones.length < MAX_PHONES) await addPhone(sim, phone.person, phone)
      return
    case 'wiped':
      return await wipe(sim, phone)
    case 'row-garbled':
      return garble(sim, phone)
    case 'poisoned':
      return poison(sim, phone, act.how)
    case 'clock':
      phone.offsetMs = act.days * DAY_MS
  }
}

export function playAct(sim: Play, act: Act): Promise<void> {
  sim.acts += 1
  return ended(`act ${sim.acts}, ${JSON.stringify(act)}`, playOne(sim, act), sim.stepMs)
}

async function playOne(sim: Play, act: Act): Promise<void> {
  sim.world.at += 1_000
  if ('phone' in act) await onPhone(sim, sim.phones[act.phone % sim.phones.length]!, act)
  else if (act.act === 'org') await changeOrg(sim.world, act.change)
  else if (act.act === 'time') sim.world.at += act.hours * HOUR_MS
  else if (act.act === 'backed-up') sim.backup = sim.world.backup()
  else {
    const before = heldById(sim.world)
    sim.world.restore(sim.backup)
    noteRestore(sim, before)
  }
}

const MAX_PASSES = 5
/** At once, after Retry-After, after the longest pause of what waits, after the last day of waiting, and a last look. */
const HEALING_MS = [0, 10 * 60_000, 7 * HOUR_MS, 8 * DAY_MS, 10 * 60_000]

/** What a pass over all phones may still change: what stands, and what waits. */
const stateOf = (sim: Play): string =>
  [
    sim.world.journal.length,
    ...sim.phones.map((phone) => [phone.tab.engine.phase(), phone.disk.size('outbox')]),
  ].join()

const hasNothingLeft = (sim: Play): boolean =>
  sim.phones.every((phone) => phone.tab.engine.phase() === 'idle' && phone.disk.size('outbox') === 0)

/** Everything is well again: own sign-in, no faults, and time enough for what had to wait. */
export async function comeToRest(sim: Play): Promise<void> {
  for (const phone of sim.phones)
    await ended(`the phone of ${phone.person} opened again at the end`, beWell(phone), sim.stepMs)
  for (const [turn, waitMs] of HEALING_MS.entries()) {
    sim.world.at += waitMs
    await ended(`healing, turn ${turn + 1}`, syncUntilNothingChanges(sim), sim.stepMs)
    if (hasNothingLeft(sim)) return
  }
}

async function beWell(phone: SimPhone): Promise<void> {
  phone.line.faults = []
  phone.line.before = undefined
  phone.disk.fault = undefined
  await phone.thaw()
  await phone.reopen()
  await phone.signIn()
}

async function syncUntilNothingChanges(sim: Play): Promise<void> {
  for (let pass = 0, before = ''; pass < MAX_PASSES && before !== stateOf(sim); pass++) {
    before = stateOf(sim)
    for (const phone of sim.phones) {
      phone.tab.tick(10 * 60_000)
      await phone.sync()
    }
  }
}

export type { Sim, Written }
