/** The parts of one history: an endpoint, phones, and what the model knows of both. */
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { isRunning } from '../../../src/client/sync/machine/core.ts'
import { forgetDisk, type Disk } from '../../support/disk.ts'
import { setupHall, type Database, type Hall, type HallBackup } from '../../support/hall.ts'
import { setupPhone, type JourneyPhone } from '../../support/phone.ts'
import { personIdOf } from '../../support/endpoint.ts'
import type { History } from './acts.ts'
import type { ModelPerson, OrgModel } from './org-model.ts'

/** The mark of an entry that breaks every request which carries it. */
export const POISON_HLC = 'not a clock'

/** What was written on a phone, and what must become of it. */
export interface Written {
  type: string
  id: string
  fields: JsonObject
  personId: string
  /** Which phone; -1 for a guest on somebody's browser. */
  phone: number
  /** The phone said 已存本机. False: it said that nothing was kept. */
  saved: boolean
  fate: 'stored' | 'refused' | 'either'
  /** The only place that had it was taken away: a wiped browser, a restored store without a witness. */
  free: boolean
  /** Refused, and sent again by the person: it stands at the end of the queue then. */
  wasRetried?: true
}

export interface Owner {
  journey: JourneyPhone
  personId: string
  clock: ReturnType<Hall['clock']['phoneClock']>
}

export interface World {
  hall: Hall
  owners: Owner[]
  /** Of all phones that there ever were. */
  disks: Set<Disk>
  org: OrgModel
  written: Written[]
  /** Texts that somebody gave to a draft or to content, by type and id. */
  texts: Map<string, Set<string>>
  /** People whose memberships or roles have changed. */
  changed: Set<string>
  backup: { taken: HallBackup; people: OrgModel['people'] }
  /** Where the log of commits begins to count: a restored store has another past. */
  logFrom: number
  wasRestored: boolean
  /** What cursors were sealed with: a restore begins another one. */
  cursorKeys: Set<string>
  wasCopied: boolean
  wasWiped: boolean
  pageLimit: number
  /** Makes ids and texts that nobody else makes. */
  count: number
}

/** The model as the store has it now. */
export async function loadOrg(hall: Pick<Hall, 'store'>): Promise<OrgModel> {
  const rows = await hall.store().read((tx) => tx.records({ types: ['membership', 'role', 'unit'] }))
  const org: OrgModel = { people: new Map(), groupsOf: new Map() }
  const personOf = (personId: string): ModelPerson => {
    const known = org.people.get(personId) ?? { personId, memberships: [], roles: [] }
    org.people.set(personId, known)
    return known
  }
  for (const { type, id, fields: text } of rows) {
    const fields = JSON.parse(text) as Record<string, string | null>
    if (type === 'unit' && fields.kind === 'group' && fields.parentId != null) {
      const siblings = org.groupsOf.get(fields.parentId) ?? []
      org.groupsOf.set(fields.parentId, [...siblings, id])
    }
    if (type === 'unit') continue
    const span = { id, unitId: fields.unitId!, from: fields.from!, to: fields.to ?? null, fields }
    const person = personOf(fields.personId!)
    if (type === 'membership') person.memberships.push(span)
    else person.roles.push({ ...span, role: fields.role!, title: fields.title! })
  }
  return org
}

export async function addPhone(
  world: Pick<World, 'hall' | 'pageLimit' | 'disks'>,
  staffNo: string,
  more: Parameters<typeof setupPhone>[2] = {},
): Promise<Owner> {
  const { hall, pageLimit } = world
  const clock = hall.clock.phoneClock()
  const journey = await setupPhone(hall, staffNo, { clock, timers: hall.clock, pageLimit, ...more })
  world.disks.add(journey.disk)
  return { journey, personId: personIdOf(staffNo), clock }
}

export async function createWorld(history: History, database: Database): Promise<World> {
  const hall = await setupHall({ database })
  const org = await loadOrg(hall)
  const world: World = {
    hall,
    owners: [],
    disks: new Set(),
    org,
    written: [],
    texts: new Map(),
    changed: new Set(),
    backup: { taken: await hall.backup(), people: structuredClone(org.people) },
    logFrom: 0,
    wasRestored: false,
    cursorKeys: new Set(),
    wasCopied: false,
    wasWiped: false,
    pageLimit: history.pageLimit,
    count: 0,
  }
  for (const staffNo of history.crew) world.owners.push(await addPhone(world, staffNo))
  world.logFrom = hall.attack.committed.length
  return world
}

export const nextId = (world: World): string => idFrom('history', String(++world.count))

/** No round is under way any more, whatever woke it. */
export async function quiet(world: World): Promise<void> {
  const isBusy = ({ journey }: Owner) => !journey.isDead() && isRunning(journey.phone.engine.phase())
  while (world.owners.some(isBusy)) await new Promise((resolve) => setImmediate(resolve))
  for (const { journey } of world.owners) await journey.line.settle()
}

export async function closeWorld(world: World): Promise<void> {
  for (const { journey } of world.owners) if (!journey.isDead()) await journey.close()
  for (const disk of world.disks) forgetDisk(disk)
  await world.hall.close()
}
