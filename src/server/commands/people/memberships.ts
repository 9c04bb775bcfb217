/** Memberships of one person after a roster: the same stay, those that moved end today, the new begin today. */
import { spanHolds } from '../../../shared/org/actor.ts'
import { civilInstant } from '../../../shared/civil-time.ts'
import { idFrom } from '../../../shared/sync/canonical.ts'
import type { Membership } from '../../../shared/org/membership.ts'
import type { PersonRow, Put } from './person-row.ts'
import type { Kept, Org } from './org.ts'
import type { Homes } from './units.ts'

export interface MembershipsOf {
  row: PersonRow
  personId: string
  homes: Homes
  org: Org
  put: Put
  has: (column: string) => boolean
  today: string
}

const KINDS = ['branch', 'group', 'section'] as const

export async function putMemberships({
  row,
  personId,
  homes,
  org,
  put,
  has,
  today,
}: MembershipsOf): Promise<boolean> {
  const noon = civilInstant(today, '12:00')
  const current = (org.membershipsByPerson.get(personId) ?? []).filter((m) =>
    spanHolds({ from: m.fields.from, to: m.fields.to ?? null }, noon),
  )
  const kindOf = (m: Kept<Membership>) => org.units.find((u) => u.id === m.fields.unitId)?.fields.kind
  let changed = false
  for (const kind of KINDS) {
    const standing = current.filter((m) => kindOf(m) === kind)
    if (!has(kind)) continue
    const unitId = homes[kind]
    for (const old of standing.filter((m) => m.fields.unitId !== unitId)) {
      changed = (await put('membership', old.id, { ...old.fields, to: today })) || changed
    }
    if (unitId === null) continue
    const kept = standing.find((m) => m.fields.unitId === unitId)
    const memberKind = has('partyStatus')
      ? row.partyStatus
      : (kept?.fields.memberKind ?? current[0]?.fields.memberKind ?? 'none')
    const sameKind = kept?.fields.memberKind === memberKind
    const fields = {
      ...kept?.fields,
      personId,
      unitId,
      name: row.name,
      staffNo: row.staffNo,
      memberKind,
      // A right that was suspended by hand stays suspended until the kind of membership changes.
      votingRight: sameKind ? kept.fields.votingRight : memberKind === 'full',
      primary: kind === 'branch' || (kind === 'section' && homes.branch === null),
      handOrder: has('handOrder') ? (row.handOrder ?? 0) : (kept?.fields.handOrder ?? 0),
      from: kept?.fields.from ?? today,
      to: null,
    }
    const id = kept?.id ?? idFrom('membership', personId, unitId, today)
    changed = (await put('membership', id, fields)) || changed
  }
  return changed
}
