/**
 * The keys of a person's phones lie where they were enrolled, and as a copy in every other branch of that person.
 *
 * Promises, to an officer with no network: each branch that a person belongs to, or will from a day that is known, has every key
 * of their phones; a key that was stopped is stopped in every unit that has it, also where the person has left since. What is
 * there is not written again, and what was erased does not come back.
 */
import { civilDate } from '../../../shared/civil-time.ts'
import { isKey, keyRevokedAt, type DeviceKey } from '../../../shared/org/device-key.ts'
import type { Membership } from '../../../shared/org/membership.ts'
import type { Unit } from '../../../shared/org/unit.ts'
import { idFrom } from '../../../shared/sync/canonical.ts'
import { ENDPOINT_AUTHOR } from '../../auth/countersign-key.ts'
import type { ReadTx, RecordStore, StoredRecord, WriteTx } from '../../store/record-store.ts'
import { writeRecord, type PutRecord } from '../write-record.ts'

const TYPES = ['device-key', 'membership'] as const
/** So many people in one transaction when everybody is looked at. */
const PEOPLE_AT_ONCE = 200

interface Fact {
  id: string
  fields: DeviceKey
}

type Units = ReadonlyMap<string, Pick<Unit, 'kind' | 'parentId'>>

/** Whoever takes the roll of a group reads its branch's keys too; of a section no roll is taken. */
function takesRolls(unitId: string, own: ReadonlySet<string>, units: Units): boolean {
  const unit = units.get(unitId)
  if (unit?.kind === 'group') return unit.parentId === null || !own.has(unit.parentId)
  return unit?.kind === 'branch'
}

/** The endpoint writes them: no phone offers one again after a restore, since the endpoint makes it again itself. */
const put = (id: string, fields: DeviceKey, now: number): PutRecord => ({
  type: 'device-key',
  id,
  fields: { ...fields },
  author: ENDPOINT_AUTHOR,
  now,
})

/** What is missing of one key in one unit: its copy, and that it was stopped. */
function missingOf(original: Fact, unitId: string, facts: readonly Fact[], now: number): PutRecord[] {
  const copyId = idFrom('device-key copy', original.id, unitId)
  const copy = { ...original.fields, unitId, copyOf: original.id }
  const missing = facts.some(({ id }) => id === copyId) ? [] : [put(copyId, copy, now)]
  const revokedAt = keyRevokedAt(original.id, facts)
  const isStopped = facts.some(
    (fact) => fact.fields.unitId === unitId && !isKey(fact) && fact.fields.supersedes.includes(original.id),
  )
  if (revokedAt === null || isStopped) return missing
  const stopId = idFrom('device-key revoked', original.id, String(revokedAt), unitId)
  return [...missing, put(stopId, { ...copy, revokedAt, supersedes: [original.id, copyId] }, now)]
}

/** Units to which the person belongs, or will. */
function unitsOf(rows: readonly StoredRecord[], now: number): Set<string> {
  const today = civilDate(now)
  const memberships = rows
    .filter(({ type, deleted }) => type === 'membership' && !deleted)
    .map(({ fields }) => JSON.parse(fields) as Membership)
  return new Set(memberships.filter(({ to }) => to == null || to > today).map(({ unitId }) => unitId))
}

/** @param rows keys and memberships of one person */
function missingOfPerson(rows: readonly StoredRecord[], units: Units, now: number): PutRecord[] {
  const keys = rows.filter(({ type, deleted }) => type === 'device-key' && !deleted)
  const facts = keys.map(({ id, fields: text }): Fact => {
    const fields = JSON.parse(text) as DeviceKey
    // Of an older version of the app: without what came since.
    return { id, fields: { ...fields, supersedes: fields.supersedes ?? [] } }
  })
  const own = unitsOf(rows, now)
  const wanted = [...own].filter((unitId) => takesRolls(unitId, own, units))
  const originals = facts.filter((fact) => isKey(fact) && fact.fields.copyOf === undefined)
  return originals.flatMap((original) => {
    const copies = facts.filter(({ fields }) => fields.copyOf === original.id)
    const holding = new Set([...wanted, ...copies.map(({ fields }) => fields.unitId)])
    holding.delete(original.fields.unitId)
    return [...holding].sort().flatMap((unitId) => missingOf(original, unitId, facts, now))
  })
}

const byPerson = (rows: readonly StoredRecord[]): Map<string | null, StoredRecord[]> =>
  Map.groupBy(rows, ({ person }) => person)

const unitFields = ({ fields }: StoredRecord): Unit => JSON.parse(fields) as Unit

async function readUnits(tx: ReadTx, ids: ReadonlySet<string>): Promise<Units> {
  const units = new Map<string, Unit>()
  for (const id of ids) {
    const unit = await tx.record('unit', id)
    if (unit !== undefined && !unit.deleted) units.set(id, unitFields(unit))
  }
  return units
}

/** @returns scopes that moved */
export async function bringKeys(
  tx: WriteTx,
  personIds: readonly string[],
  now: number,
): Promise<ReadonlySet<string>> {
  const rows = await tx.records({ types: TYPES, persons: personIds })
  const moved = new Set<string>()
  // Most of a new roster: nobody has a phone yet.
  if (!rows.some(({ type }) => type === 'device-key')) return moved
  const units = await readUnits(tx, unitsOf(rows, now))
  const missing = [...byPerson(rows).values()].flatMap((own) => missingOfPerson(own, units, now))
  if (missing.length === 0) return moved
  const erased = await tx.erasedAmong(missing)
  for (const record of missing)
    if (!erased.has(`device-key:${record.id}`)) moved.add((await writeRecord(tx, record)).scope)
  return moved
}

/** Everybody's: of people who came to a unit before the keys went along, and whatever a restore has lost. */
export async function bringAllKeys(store: RecordStore, now: number): Promise<void> {
  const { rows, units } = await store.read(async (tx) => ({
    rows: await tx.records({ types: TYPES }),
    units: new Map((await tx.records({ types: ['unit'] })).map((unit) => [unit.id, unitFields(unit)])),
  }))
  const people = [...byPerson(rows)].flatMap(([personId, own]) =>
    personId !== null && missingOfPerson(own, units, now).length > 0 ? [personId] : [],
  )
  for (let at = 0; at < people.length; at += PEOPLE_AT_ONCE)
    await store.write([], (tx) => bringKeys(tx, people.slice(at, at + PEOPLE_AT_ONCE), now))
}
