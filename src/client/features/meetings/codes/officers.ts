/** Who takes the rolls of a unit, by the roles on this phone. */
import { isOfficerOf, type ActorUnit } from '../../../../shared/org/actor.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readBureauNow } from './bureau-now.ts'

export async function readOfficers(
  phone: Pick<Phone, 'db' | 'now'>,
): Promise<(personId: string, unitId: string) => boolean> {
  const [roles, units, now] = await Promise.all([
    phone.db.records('role').toArray(),
    phone.db.records('unit').toArray(),
    readBureauNow(phone),
  ])
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
