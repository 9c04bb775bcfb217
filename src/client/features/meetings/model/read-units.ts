/** The person's branches, groups and sections, from the rows on the phone. */
import { isOfficerOf, isScorerOf, spanHolds, type Actor } from '../../../../shared/org/actor.ts'
import type { Unit } from '../../../../shared/org/unit.ts'
import { compareUnitNames } from '../../../../shared/org/order/unit-order.ts'
import type { PhoneDb } from '../../../storage/db.ts'

export interface MyUnit {
  id: string
  name: string
  kind: Unit['kind']
  parentId: string | null
  /** The person belongs to it now. */
  member: boolean
  officer: boolean
  scorer: boolean
}

const KIND_ORDER: readonly Unit['kind'][] = ['branch', 'group', 'section']

/** Units that the person belongs to or has a role in now: branches first, then groups, then sections. */
export async function readMyUnits(db: PhoneDb, actor: Actor): Promise<MyUnit[]> {
  const rows = await db.records('unit').toArray()
  const memberOf = new Set(actor.memberships.filter((m) => spanHolds(m, actor.now)).map((m) => m.unitId))
  return rows
    .filter((row) => KIND_ORDER.includes(row.fields.kind))
    .map((row) => ({
      id: row.id,
      name: row.fields.name,
      kind: row.fields.kind,
      parentId: row.fields.parentId,
      order: row.fields.order,
      member: memberOf.has(row.id),
      officer: isOfficerOf(actor, row.id),
      scorer: isScorerOf(actor, row.id),
    }))
    .filter((unit) => unit.member || unit.officer || unit.scorer)
    .sort(
      (a, b) =>
        KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
        (a.order ?? 0) - (b.order ?? 0) ||
        compareUnitNames(a.name, b.name),
    )
}
