/** What the actor scores. Small, because 今日 asks everybody's phone for it. */
import { sideOfUnitKind } from '../../../../shared/assessment/applicable-set.ts'
import type { Side } from '../../../../shared/assessment/sides.ts'
import { spanHolds, type Actor } from '../../../../shared/org/actor.ts'
import type { PhoneDb } from '../../../storage/db.ts'

export interface ScoringUnit {
  unitId: string
  name: string
  side: Side
}

/** The units whose people the actor scores now: a branch's officer the Party side, a section's scorer the work side. */
export async function scoringUnits(db: PhoneDb, actor: Actor): Promise<ScoringUnit[]> {
  const roles = actor.roles.filter(
    (r) => (r.role === 'branch-officer' || r.role === 'section-scorer') && spanHolds(r, actor.now),
  )
  const found: ScoringUnit[] = []
  for (const unitId of new Set(roles.map((r) => r.unitId))) {
    const unit = await db.records('unit').get(unitId)
    const side = sideOfUnitKind(unit?.fields.kind)
    if (unit !== undefined && side !== null) found.push({ unitId, name: unit.fields.name, side })
  }
  return found.sort((a, b) => a.side.localeCompare(b.side) || a.name.localeCompare(b.name, 'zh'))
}
