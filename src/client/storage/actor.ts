/**
 * Who the signed-in person is, from the rows on the phone. Used only to hide what would be refused: the endpoint decides.
 */
import { computed, type ComputedRef, type ShallowRef } from 'vue'
import { spanHolds, type Actor } from '../../shared/org/actor.ts'
import type { PhoneDb } from './db.ts'
import { useLive } from './live.ts'
import { usePhone } from './phone.ts'

const emptyActor = (personId: string, now: number): Actor => ({
  personId,
  now,
  memberships: [],
  roles: [],
  unitsById: new Map(),
})

/** What {@link readActor} reads, for whoever reads it in a transaction. */
export const ACTOR_TABLES = ['membership', 'role', 'unit'] as const

/** Reads the actor once; for code outside of components. */
export async function readActor(db: PhoneDb, personId: string, now: number): Promise<Actor> {
  const [memberships, roles, units] = await Promise.all([
    db.records('membership').where('fields.personId').equals(personId).toArray(),
    db.records('role').where('fields.personId').equals(personId).toArray(),
    db.records('unit').toArray(),
  ])
  return {
    personId,
    now,
    memberships: memberships.map((m) => m.fields),
    roles: roles.map((r) => r.fields),
    unitsById: new Map(
      units.map((u) => [u.id, { id: u.id, kind: u.fields.kind, parentId: u.fields.parentId }]),
    ),
  }
}

/** Follows memberships, roles and units on the phone. */
export function usePhoneActor(): Readonly<ShallowRef<Actor>> {
  const phone = usePhone()
  return useLive(
    () => readActor(phone.db, phone.person.id, phone.now()),
    emptyActor(phone.person.id, phone.now()),
  )
}

export interface PrimaryUnits {
  branchId: string | null
  sectionId: string | null
  groupId: string | null
  /** Where the person's file lies: the primary membership; without one the branch, then the section, then the group. */
  primaryUnitId: string | null
}

export function primaryUnitsOf(actor: Actor): PrimaryUnits {
  const now = actor.memberships.filter((m) => spanHolds(m, actor.now))
  const ordered = [...now.filter((m) => m.primary), ...now.filter((m) => !m.primary)]
  const firstOf = (kind: string) =>
    ordered.find((m) => actor.unitsById.get(m.unitId)?.kind === kind)?.unitId ?? null
  const units = { branchId: firstOf('branch'), sectionId: firstOf('section'), groupId: firstOf('group') }
  const primary = now.find((m) => m.primary)?.unitId
  return { ...units, primaryUnitId: primary ?? units.branchId ?? units.sectionId ?? units.groupId }
}

export function usePrimaryUnits(): ComputedRef<PrimaryUnits> {
  const actor = usePhoneActor()
  return computed(() => primaryUnitsOf(actor.value))
}
