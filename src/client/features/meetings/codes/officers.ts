/** Who takes the rolls of a unit, by the roles on this phone. */
import { isOfficerOf, type ActorUnit } from '../../../../shared/org/actor.ts'
import type { PhoneDb } from '../../../storage/db.ts'

export async function readOfficers(
  db: PhoneDb,
  now: number,
): Promise<(personId: string, unitId: string) => boolean> {
  const [roles, units] = await Promise.all([db.records('role').toArray(), db.records('unit').toArray()])
  const unitsById = new Map<string, ActorUnit>(
    units.map(({ id, fields }) => [id, { id, kind: fields.kind, parentId: fields.parentId }]),
  )
  return (personId, unitId) => {
    const own = roles
      .filter(({ fields }) => fields.personId === personId)
      .map(({ fields }) => ({ ...fields, to: fields.to ?? null }))
    return isOfficerOf({ personId, now, memberships: [], roles: own, unitsById }, unitId)
  }
}
