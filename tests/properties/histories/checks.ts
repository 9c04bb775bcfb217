/**
 * The laws, each a function that names what breaks it. They look at disks and at the store from outside, and at the model;
 * none asks the code under test.
 */
import type { AttentionItem, PhoneRecord } from '../../../src/client/storage/rows.ts'
import { canonicalJson } from '../../../src/shared/sync/canonical.ts'
import { flatten } from '../../../src/shared/sync/flat-paths.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { MAX_REQUESTS } from '../../support/memory/line.ts'
import type { HeldRecord } from '../../support/memory/world.ts'
import {
  nothingUnreadableIsLeft,
  phonesEqualTheEndpoint,
  quarantineHoldsWhatCannotBeRead,
} from './convergence.ts'
import {
  attentionOf,
  heldById,
  heldKey,
  isFact,
  isPastKeeping,
  lifeOf,
  missingOf,
  NEWER_FIELDS,
  newerFieldsIn,
  same,
  standsAt,
  type Check,
  type Sim,
  type Written,
} from './model.ts'

const nameOf = ({ type, id, person, life }: Written): string => `${type}/${id} of ${person} on ${life}`
const facts = (sim: Sim): Written[] => sim.written.filter((one) => isFact(one.type) && one.told)

function hasReason(sim: Sim, one: Written): boolean {
  return attentionOf(sim, one.person).some(
    (item) =>
      item.type === one.type &&
      item.id === one.id &&
      (one.spoiled === true || one.conflict === 'draft' || same(item.fields, one.fields)) &&
      item.code !== '' &&
      item.sentence !== '',
  )
}

/** What a phone has said it saved is at the endpoint, or the person is told why not and still has the words. */
export const noFactIsLost: Check = (sim) => {
  const held = heldById(sim.world)
  return facts(sim)
    .filter((one) => one.excuse === undefined && !isPastKeeping(sim, one))
    .filter((one) => !standsAt(held.get(`${one.type}/${one.id}`), one) && !hasReason(sim, one))
    .map((one) => `lost: ${nameOf(one)}`)
}

/** Nothing stands in the way of an opinion: whatever else happened, it arrives, and nobody is told that it did not. */
export const whatNothingForbidsArrives: Check = (sim) => {
  const held = heldById(sim.world)
  return facts(sim)
    .filter((one) => one.type === 'opinion' && one.excuse === undefined && one.spoiled !== true)
    .filter((one) => !isPastKeeping(sim, one) && !standsAt(held.get(`${one.type}/${one.id}`), one))
    .map((one) => `not delivered: ${nameOf(one)}`)
}

/** Sent twice, late, or under another number: a fact is written once, and the same words never stand twice. */
export const everythingHasOneEffect: Check = (sim) => {
  const found: string[] = []
  const times = new Map<string, number>()
  for (const { type, id } of sim.world.journal)
    if (isFact(type)) times.set(`${type}/${id}`, (times.get(`${type}/${id}`) ?? 0) + 1)
  for (const [key, count] of times) if (count > 1) found.push(`written ${count} times: ${key}`)
  const byFields = new Map<string, string>()
  for (const record of sim.world.held()) {
    if (!isFact(record.type) || record.author === 'endpoint') continue
    const key = `${record.type} ${record.fields}`
    if (record.type !== 'lesson-receipt' && byFields.has(key)) found.push(`twice: ${key}`)
    byFields.set(key, record.id)
  }
  return found
}

/** 需处理 is for what did not arrive: what stands at the endpoint word for word is not told as refused. */
export const nothingDeliveredIsToldAsRefused: Check = (sim) => {
  const held = heldById(sim.world)
  // Of two copied disks one may be refused and the other, later, not.
  const whole = sim.phones.filter((phone) => !sim.cloned.has(lifeOf(sim, phone)))
  return whole.flatMap((phone) =>
    phone.disk
      .rows<AttentionItem>('attention')
      .filter((item) => item.op === 'put' && isFact(item.type))
      .filter((item) => {
        // Damaged on its way: this copy is refused whatever another phone delivered.
        if (sim.written.some((w) => w.spoiled === true && w.type === item.type && w.id === item.id))
          return false
        const record = held.get(`${item.type}/${item.id}`)
        return record?.author === phone.person && same(JSON.parse(record.fields), item.fields)
      })
      .map(
        (item) =>
          `told as refused (${item.code}) though it stands: ${item.type}/${item.id} on ${lifeOf(sim, phone)}`,
      ),
  )
}

/** At rest nothing waits, nothing is half loaded, and the bookkeeping of the way there is gone. */
export const everyPhoneComesToRest: Check = (sim) =>
  sim.phones.flatMap((phone) => {
    const life = lifeOf(sim, phone)
    const found: string[] = []
    const phase = phone.tab.engine.phase()
    if (phase !== 'idle') found.push(`${life} rests in ${phase}`)
    for (const table of ['outbox', 'base', 'seen'])
      for (const row of phone.disk.rows(table))
        found.push(`${life} still has in ${table}: ${canonicalJson(row)}`)
    if (phone.disk.row('meta', 'reload') !== undefined) found.push(`${life} still reloads`)
    const preparing = phone.disk.row('meta', 'preparing')?.value
    if (Array.isArray(preparing) && preparing.length > 0) found.push(`${life} still prepares`)
    return found
  })

/** Nothing is tried again without a bound, and no step breaks on anything but the disk. */
export const nothingIsTriedForEver: Check = (sim) => {
  const expected = new Set(['quota', 'lost-connection', 'closed'])
  const troubles = sim.phones.flatMap((phone) => phone.troubles)
  // Damage is looked for when something broke: nothing may break where nothing was damaged.
  const isDamaged = sim.garbled.size > 0 || sim.written.some((one) => one.spoiled === true)
  if (!isDamaged) troubles.push(...sim.phones.flatMap((phone) => phone.mended))
  const odd = troubles.filter((trouble) => !expected.has(String((trouble as { kind?: string }).kind)))
  const found = odd.map((trouble) => `a step broke: ${String(trouble.cause ?? trouble)}`)
  found.push(...sim.world.problems.map((problem) => `the endpoint broke: ${String(problem)}`))
  if (sim.world.requests > MAX_REQUESTS) found.push(`${sim.world.requests} requests`)
  return found
}

/** Nobody's words stand under another name, and nothing stands under a name that never wrote it. */
export const everythingHasItsAuthor: Check = (sim) =>
  sim.world.journal
    .filter(({ type, id, author }) => author !== 'endpoint' && !sim.world.raw.has(`${type}/${id}`))
    .filter(
      ({ type, id, author }) =>
        !sim.written.some((w) => w.type === type && w.id === id && w.person === author),
    )
    .map(({ type, id, author }) => `${type}/${id} stands under ${author}, who never wrote it`)

/** What one device wrote first arrives first. (A restored store gets old things again, later.) */
export const orderOfADeviceIsKept: Check = (sim) => {
  if (sim.world.restores > 0) return []
  const places = new Map<string, number>()
  for (const [at, { type, id }] of sim.world.journal.entries()) places.set(`${type}/${id}`, at)
  const found: string[] = []
  for (const life of new Set(sim.written.map((one) => one.life))) {
    const mine = facts(sim).filter((w) => w.life === life && w.type === 'opinion' && w.spoiled !== true)
    const arrived = mine.map((w) => places.get(`opinion/${w.id}`)).filter((at) => at !== undefined)
    const isInOrder = arrived.every((at, index) => index === 0 || arrived[index - 1]! < at)
    if (!isInOrder && !sim.cloned.has(life)) found.push(`out of order from ${life}: ${arrived.join(' ')}`)
  }
  return found
}

/** Content that was saved stood at the endpoint once, or is in 需处理, or was rewritten by the same hand before it was sent. */
export const noContentIsLost: Check = (sim) =>
  sim.written
    .filter((one) => one.told && one.conflict === 'content' && one.op === 'put' && one.excuse === undefined)
    .filter((one) => one.spoiled !== true && sim.world.restores === 0)
    .filter((one) => !sim.everHeld.has(heldKey(one.type, one.id, one.fields)) && !hasReason(sim, one))
    .filter((one) => {
      // A copy of the phone carries what waited, and the same hand may rewrite it there.
      const isSameHand = (w: Written) =>
        w.life === one.life || (w.person === one.person && sim.cloned.has(w.life) && sim.cloned.has(one.life))
      return !sim.written.some(
        (w) => w.order > one.order && isSameHand(w) && w.type === one.type && w.id === one.id,
      )
    })
    .map((one) => `content lost: ${nameOf(one)}`)

function draftValue(record: HeldRecord | undefined, path: string): unknown {
  if (record === undefined || record.deleted) return undefined
  return flatten(JSON.parse(record.fields) as JsonObject)[path]
}

/** The last value of a path that one hand alone wrote stands at the endpoint, whatever its clock said. */
export const theLastEditOfADraftStands: Check = (sim) => {
  if (sim.world.restores > 0) return []
  const held = heldById(sim.world)
  const byDraft = Map.groupBy(
    sim.written.filter((one) => one.conflict === 'draft'),
    (one) => `${one.type}/${one.id}`,
  )
  const found: string[] = []
  for (const [key, edits] of byDraft) {
    const [first] = edits
    const isPlain = edits.every(
      (w) => w.told && w.spoiled !== true && w.excuse === undefined && w.op === 'edit',
    )
    const isAlone = edits.every((w) => w.life === first!.life && !sim.cloned.has(w.life))
    if (!isPlain || !isAlone || edits.some((w) => hasReason(sim, w))) continue
    const last: Record<string, unknown> = {}
    for (const one of edits) Object.assign(last, one.fields)
    for (const [path, value] of Object.entries(last)) {
      const stands = draftValue(held.get(key), path)
      if (!same({ v: stands ?? null }, { v: value ?? null }))
        found.push(`${key} ${path} is ${JSON.stringify(stands)}, last written ${JSON.stringify(value)}`)
    }
  }
  return found
}

/**
 * Fields that nobody here knows stay where a newer version put them, whoever edits beside them: on the phone that shows the record,
 * in what is saved over it there, and at the endpoint in what takes its place.
 */
export const unknownFieldsAreKept: Check = (sim) => {
  const found = [...sim.stripped]
  for (const { type, id, over = {}, fields, ...one } of sim.written) {
    const lost = missingOf(newerFieldsIn(type, over), fields)
    if (one.told && lost.length > 0)
      found.push(`${type}/${id} was saved on ${one.life} without ${lost.join()}`)
  }
  for (const record of sim.world.held().filter(({ deleted }) => !deleted)) {
    const { type, id } = record
    const fields = JSON.parse(record.fields) as JsonObject
    if (isOfNewerNote(sim, record) && missingOf(NEWER_FIELDS.note!, fields).length > 0)
      found.push(`${id} lost what a newer version wrote`)
    if (type === 'note') continue
    for (const phone of sim.phones) {
      const row = phone.disk.tables.has(type)
        ? (phone.disk.row(type, id) as PhoneRecord | undefined)
        : undefined
      const lost = row === undefined ? [] : missingOf(newerFieldsIn(type, fields), row.fields)
      if (lost.length > 0 && !sim.garbled.has(`${lifeOf(sim, phone)} ${type}/${id}`))
        found.push(`${lifeOf(sim, phone)} shows ${type}/${id} without ${lost.join()}`)
    }
  }
  return found
}

/** The newer app's own note, whatever version the last hand gave it. Removed and made anew, or restored, it is another. */
function isOfNewerNote(sim: Sim, { type, id, schemaVersion }: HeldRecord): boolean {
  if (type !== 'note') return false
  const isSame = sim.world.restores === 0 && !sim.written.some((w) => w.id === id && w.op === 'remove')
  return schemaVersion === 7 || (sim.world.raw.has(`note/${id}`) && isSame)
}

/** Everything in 需处理 says why, in a sentence, with all that was written. */
export const refusalsHaveReasons: Check = (sim) =>
  sim.phones.flatMap((phone) =>
    phone.disk
      .rows<AttentionItem>('attention')
      .filter((item) => item.code === '' || item.sentence === '' || item.label === '')
      .map((item) => `no reason for ${item.type}/${item.id} on ${lifeOf(sim, phone)}`),
  )

export const CHECKS = {
  noFactIsLost,
  whatNothingForbidsArrives,
  everythingHasOneEffect,
  nothingDeliveredIsToldAsRefused,
  phonesEqualTheEndpoint,
  quarantineHoldsWhatCannotBeRead,
  nothingUnreadableIsLeft,
  everyPhoneComesToRest,
  nothingIsTriedForEver,
  everythingHasItsAuthor,
  orderOfADeviceIsKept,
  noContentIsLost,
  theLastEditOfADraftStands,
  unknownFieldsAreKept,
  refusalsHaveReasons,
} as const satisfies Record<string, Check>

/** Everything that is wrong, one line each, with the law that it breaks. */
export function checkAll(sim: Sim): string[] {
  const atEnd = Object.entries(CHECKS).flatMap(([law, check]) => check(sim).map((line) => `${law}: ${line}`))
  return [...sim.found.map((line) => `at every step: ${line}`), ...atEnd]
}
