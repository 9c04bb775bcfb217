/** Who one is here, in words: units with what one is in them, and roles. From the rows on the phone. */
import { spanHolds } from '../../../shared/org/actor.ts'
import { MEMBER_KIND_WORDS } from '../../../shared/org/membership.ts'
import type { PhoneDb } from '../../storage/db.ts'

export interface BelongingLine {
  key: string
  title: string
  note: string
}

export async function readBelongings(db: PhoneDb, personId: string, now: number): Promise<BelongingLine[]> {
  const [memberships, roles, units] = await Promise.all([
    db.records('membership').where('fields.personId').equals(personId).toArray(),
    db.records('role').where('fields.personId').equals(personId).toArray(),
    db.records('unit').toArray(),
  ])
  const names = new Map(units.map((unit) => [unit.id, unit.fields.name]))
  const nameOf = (unitId: string) => names.get(unitId) ?? '（还没有下载）'
  // In a section one works; what one is in the Party is said at the branch.
  const sections = new Set(units.filter((unit) => unit.fields.kind === 'section').map((unit) => unit.id))
  const ofUnits = memberships
    .filter((row) => spanHolds({ from: row.fields.from, to: row.fields.to ?? null }, now))
    .sort((a, b) => Number(b.fields.primary) - Number(a.fields.primary))
    .map((row) => ({
      key: row.id,
      title: nameOf(row.fields.unitId),
      note:
        row.fields.memberKind === 'none' || sections.has(row.fields.unitId)
          ? '工作人员'
          : MEMBER_KIND_WORDS[row.fields.memberKind],
    }))
  const ofRoles = roles
    .filter((row) => spanHolds({ from: row.fields.from, to: row.fields.to ?? null }, now))
    .map((row) => ({ key: row.id, title: row.fields.title, note: nameOf(row.fields.unitId) }))
  return [...ofUnits, ...ofRoles]
}
