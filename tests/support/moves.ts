/** Memberships and roles that begin and end on a hall's endpoint, as an administrator writes them. */
import { civilDate } from '../../src/shared/civil-time.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { personIdOf } from './endpoint.ts'
import type { Hall } from './hall.ts'

type Span = 'membership' | 'role'

async function spansOf(
  hall: Hall,
  type: Span,
  staffNo: string,
): Promise<{ id: string; fields: JsonObject }[]> {
  const rows = await hall.store().read((tx) => tx.records({ types: [type], person: personIdOf(staffNo) }))
  return rows.map(({ id, fields }) => ({ id, fields: JSON.parse(fields) as JsonObject }))
}

/** Ends what has no end yet on these units (on all, when none is named). @param at its last day is the one before */
export async function endSpans(
  hall: Hall,
  type: Span,
  staffNo: string,
  options: { unitIds?: readonly string[]; at?: number; forCause?: boolean } = {},
): Promise<void> {
  const { unitIds, at = hall.clock.now(), forCause = false } = options
  for (const { id, fields } of await spansOf(hall, type, staffNo)) {
    if (fields.to !== null || (unitIds !== undefined && !unitIds.includes(String(fields.unitId)))) continue
    await hall.put(type, id, { ...fields, to: civilDate(at), ...(forCause ? { revokedForCause: true } : {}) })
  }
}

export async function giveRole(
  hall: Hall,
  staffNo: string,
  unitId: string,
  role = 'branch-officer',
): Promise<void> {
  const personId = personIdOf(staffNo)
  const now = hall.clock.now()
  const id = idFrom('given-role', personId, unitId, role, String(now))
  await hall.put('role', id, { personId, unitId, role, title: '委员', from: civilDate(now), to: null })
}

export async function joinUnit(hall: Hall, staffNo: string, unitId: string, primary = true): Promise<void> {
  const personId = personIdOf(staffNo)
  const [known] = await spansOf(hall, 'membership', staffNo)
  const from = civilDate(hall.clock.now())
  const id = idFrom('joined', personId, unitId, from)
  await hall.put('membership', id, { ...known!.fields, unitId, primary, from, to: null })
}
