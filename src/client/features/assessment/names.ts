/** Names of people whom this phone knows: from the rosters of the units that it holds, ended memberships included. */
import type { PhoneDb } from '../../storage/db.ts'

export async function readNames(db: PhoneDb, personIds: Iterable<string>): Promise<Map<string, string>> {
  const ids = [...new Set(personIds)]
  const [roles, memberships] = await Promise.all([
    db.records('role').where('fields.personId').anyOf(ids).toArray(),
    db.records('membership').where('fields.personId').anyOf(ids).toArray(),
  ])
  const names = new Map<string, string>()
  for (const { fields } of [...roles, ...memberships])
    if (fields.name) names.set(fields.personId, fields.name)
  return names
}
