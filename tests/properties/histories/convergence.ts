/** The laws of what a phone holds: exactly what stands in the scopes that its owner may read, and nothing else. */
import { wireToRow } from '../../../src/client/storage/outbox/overlay.ts'
import type { OutboxEntry, PhoneRecord, QuarantineRow } from '../../../src/client/storage/rows.ts'
import { canonicalJson } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { definitionOf, definitions } from '../../../src/shared/sync/registry.ts'
import type { WireRecord } from '../../../src/shared/sync/protocol/pull.ts'
import type { SimPhone } from '../../support/memory/sim-phone.ts'
import type { HeldRecord } from '../../support/memory/world.ts'
import { lifeOf, type Check, type Sim } from './model.ts'
import { readerOf } from './org.ts'

const toWire = (record: HeldRecord): WireRecord => ({
  type: record.type,
  id: record.id,
  scope: record.scope,
  rev: record.rev,
  schemaVersion: record.schemaVersion,
  deleted: record.deleted,
  fields: JSON.parse(record.fields) as JsonObject,
  author: record.author,
  observedAt: record.observedAt,
  receivedAt: record.receivedAt,
  ...(record.history === null ? {} : { history: JSON.parse(record.history) as JsonObject[] }),
})
const isKnown = ({ type, schemaVersion }: HeldRecord): boolean =>
  schemaVersion <= (definitionOf(type)?.schemaVersion ?? 0)

const MONTH_MS = 30.44 * 86_400_000
/** What is as old as that may be on the phone or not. */
function isKept(sim: Sim, type: string, receivedAt: number): boolean {
  const months = definitionOf(type)?.keepOnPhone ?? 'always'
  return months === 'always' || receivedAt >= sim.world.at - months * MONTH_MS
}

function differences(sim: Sim, phone: SimPhone): string[] {
  const mayRead = readerOf(sim.world, phone.person)
  const life = lifeOf(sim, phone)
  const expected = new Map<string, PhoneRecord>()
  for (const record of sim.world.held()) {
    const isShown = !record.deleted && isKnown(record) && mayRead(record.scope)
    if (isShown && isKept(sim, record.type, record.receivedAt))
      expected.set(`${record.type}/${record.id}`, wireToRow(toWire(record)))
  }
  const found: string[] = []
  for (const { type } of definitions) {
    for (const row of phone.disk.rows<PhoneRecord>(type)) {
      const key = `${type}/${row.id}`
      const wanted = expected.get(key)
      expected.delete(key)
      if (sim.garbled.has(`${life} ${key}`) || !isKept(sim, type, row.receivedAt ?? sim.world.at)) continue
      if (wanted === undefined) found.push(`${life} shows ${key} (rev ${row.rev}), which does not stand`)
      else if (canonicalJson(row) !== canonicalJson(wanted))
        found.push(`${life} shows ${canonicalJson(row)} for ${canonicalJson(wanted)}`)
    }
  }
  for (const key of expected.keys())
    if (!sim.garbled.has(`${life} ${key}`)) found.push(`${life} does not show ${key}`)
  return found
}

/** At rest a phone shows exactly what stands in the scopes that its owner may read, byte for byte. */
export const phonesEqualTheEndpoint: Check = (sim) => sim.phones.flatMap((phone) => differences(sim, phone))

/** What this version cannot read waits whole in quarantine; what it can read is not there. */
export const quarantineHoldsWhatCannotBeRead: Check = (sim) =>
  sim.phones.flatMap((phone) => {
    const mayRead = readerOf(sim.world, phone.person)
    const wanted = sim.world.held().filter((r) => !r.deleted && !isKnown(r) && mayRead(r.scope))
    const expected = new Set(wanted.map((record) => canonicalJson(toWire(record))))
    const found: string[] = []
    for (const { record } of phone.disk.rows<QuarantineRow>('quarantine')) {
      // What a newer app of the same person wrote and a restore took away stays for the day of the update.
      const isWitness = sim.world.restores > 0 && record.author === phone.person
      if (!expected.delete(canonicalJson(record)) && !isWitness)
        found.push(`${lifeOf(sim, phone)} has in quarantine what does not stand: ${record.type}/${record.id}`)
    }
    return [...found, ...[...expected].map((text) => `not in quarantine of ${lifeOf(sim, phone)}: ${text}`)]
  })

/** After a pull is complete nothing of a scope that the person may not read is left: rows, bases, quarantine. */
export function checkReadableOnly(sim: Sim, phone: SimPhone): string[] {
  const mayRead = readerOf(sim.world, phone.person)
  const tables = [...definitions.map(({ type }) => type), 'base', 'quarantine']
  const pending = new Set(phone.disk.rows<OutboxEntry>('outbox').map((entry) => `${entry.type}/${entry.id}`))
  return tables.flatMap((table) =>
    phone.disk
      .rows<{ id: string; scope: string }>(table)
      .filter((row) => !mayRead(row.scope) && !pending.has(`${table}/${row.id}`))
      .map((row) => `${lifeOf(sim, phone)} still has ${table}/${row.id} of ${row.scope}`),
  )
}
export const nothingUnreadableIsLeft: Check = (sim) =>
  sim.phones.flatMap((phone) => checkReadableOnly(sim, phone))
