/**
 * Who may read what, now. Access follows from current memberships and roles, read in the request's own snapshot, never from
 * what the client says.
 */
import {
  hasRole,
  isAtDesk,
  isOffice,
  isOfficerOf,
  isScorerOf,
  spanHolds,
  type Actor,
  type ActorMembership,
  type ActorRole,
  type ActorUnit,
} from '../../shared/org/actor.ts'
import {
  deskScope,
  fileScope,
  ORG_SCOPE,
  privateScope,
  ROOT_UNIT_ID,
  unitScope,
} from '../../shared/sync/scopes.ts'
import { parseScope } from '../../shared/sync/parse-scope.ts'
import type { ReadTx, ScopeHead } from '../store/record-store.ts'

/** Units are read with each request; they change a few times a year, so they are parsed once for each revision of `org`. */
export function createUnitCache(): (tx: ReadTx) => Promise<ReadonlyMap<string, ActorUnit>> {
  let key = ''
  let units: ReadonlyMap<string, ActorUnit> = new Map()
  return async (tx) => {
    const [head] = await tx.scopeHeads([ORG_SCOPE])
    const now = `${await tx.epoch()}:${head?.rev ?? 0}`
    if (now === key) return units
    const rows = await tx.records({ types: ['unit'] })
    const fresh = new Map(
      rows.map((r) => [r.id, { id: r.id, ...(JSON.parse(r.fields) as Omit<ActorUnit, 'id'>) }]),
    )
    // Inside a write the rows may be undone, and another commit take their revision: only what is committed is kept.
    if ('putRecord' in tx) return fresh
    key = now
    units = fresh
    return fresh
  }
}

export type Actors = (tx: ReadTx, personId: string, now: number) => Promise<Actor>

export function createActors(unitsOf = createUnitCache()): Actors {
  return async (tx, personId, now) => {
    const rows = await tx.records({ types: ['membership', 'role'], person: personId })
    const fieldsOf = <T>(type: string) =>
      rows.filter((r) => r.type === type).map((r) => JSON.parse(r.fields) as T)
    return {
      personId,
      now,
      memberships: fieldsOf<ActorMembership>('membership'),
      roles: fieldsOf<ActorRole>('role'),
      unitsById: await unitsOf(tx),
    }
  }
}

export function mayRead(actor: Actor, scope: string): boolean {
  const parsed = parseScope(scope)
  if (parsed === undefined) return false
  const { kind, unitId = '', personId } = parsed
  switch (kind) {
    case 'org':
      return true
    case 'private':
      return personId === actor.personId
    case 'unit':
      return (
        actor.memberships.some((m) => m.unitId === unitId && spanHolds(m, actor.now)) ||
        isPresent(actor, unitId) ||
        (unitId === ROOT_UNIT_ID && isOffice(actor))
      )
    case 'desk':
      return unitId === ROOT_UNIT_ID ? presentRole(actor, 'office', ROOT_UNIT_ID) : isPresent(actor, unitId)
    case 'file':
      if (personId === actor.personId) return true
      return unitId !== ROOT_UNIT_ID && isPresent(actor, unitId)
  }
}

/** Files are put where the person may write something that names one. */
export function mayUploadTo(actor: Actor, scope: string): boolean {
  const { kind, unitId = '', personId } = parseScope(scope) ?? { kind: 'none' as const }
  if (kind === 'org') return isOffice(presentOnly(actor))
  if (kind === 'unit') return isPresent(actor, unitId) || isOffice(presentOnly(actor))
  if (kind === 'file')
    return personId === actor.personId || (unitId !== ROOT_UNIT_ID && isPresent(actor, unitId))
  return mayRead(actor, scope)
}

/** Reading needs a role that holds now; the grace is for what was observed, not for looking. */
const presentOnly = (actor: Actor): Actor => ({
  ...actor,
  roles: actor.roles.filter((r) => spanHolds(r, actor.now)),
})
const isPresent = (actor: Actor, unitId: string) => isScorerOf(presentOnly(actor), unitId)
const presentRole = (actor: Actor, role: ActorRole['role'], unitId: string) =>
  hasRole(presentOnly(actor), role, unitId)

/** All scopes that exist and that the person may read, in a fixed order: what is needed first comes first. */
export async function readableScopes(tx: ReadTx, actor: Actor): Promise<ScopeHead[]> {
  const present = presentOnly(actor)
  const names = new Set<string>([
    ORG_SCOPE,
    privateScope(actor.personId),
    fileScope(ROOT_UNIT_ID, actor.personId),
  ])
  for (const m of actor.memberships) {
    names.add(fileScope(m.unitId, actor.personId))
    if (spanHolds(m, actor.now)) names.add(unitScope(m.unitId))
  }
  const desks = new Set<string>()
  for (const r of present.roles) {
    if (r.role === 'office' && r.unitId === ROOT_UNIT_ID) {
      names.add(deskScope(ROOT_UNIT_ID))
      names.add(unitScope(ROOT_UNIT_ID))
    } else if (r.role !== 'administrator') {
      desks.add(r.unitId)
      if (r.role === 'branch-officer') {
        for (const unit of actor.unitsById.values()) {
          if (unit.kind === 'group' && unit.parentId === r.unitId) desks.add(unit.id)
        }
      }
    }
  }
  const found: ScopeHead[] = []
  for (const unitId of desks) {
    if (!isAtDesk(present, unitId) && !isOfficerOf(present, unitId)) continue
    names.add(unitScope(unitId))
    names.add(deskScope(unitId))
    found.push(...(await tx.scopesWithPrefix(`file:${unitId}:`)))
  }
  found.push(...(await tx.scopeHeads([...names])))
  const byId = new Map(found.map((head) => [head.id, head]))
  return [...byId.values()].sort((a, b) => a.id - b.id)
}
