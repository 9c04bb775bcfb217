/** Roles of one person after a roster. The administrator's role is never taken away by a roster: nobody could give it back. */
import { spanHolds, type RoleName } from '../../../shared/org/actor.ts'
import { civilInstant } from '../../../shared/civil-time.ts'
import { ROLE_WORDS } from '../../../shared/org/role.ts'
import { idFrom } from '../../../shared/sync/canonical.ts'
import { ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'
import type { PersonRow, Put } from './person-row.ts'
import type { Org } from './org.ts'
import type { Homes } from './units.ts'

export interface RolesOf {
  row: PersonRow
  personId: string
  homes: Homes
  org: Org
  put: Put
  today: string
}

function unitOf(role: RoleName, homes: Homes): string | null {
  if (role === 'branch-officer') return homes.branch
  if (role === 'group-leader') return homes.group
  if (role === 'section-scorer') return homes.section
  return ROOT_UNIT_ID
}

export async function putRoles({ row, personId, homes, org, put, today }: RolesOf): Promise<boolean> {
  const noon = civilInstant(today, '12:00')
  const current = (org.rolesByPerson.get(personId) ?? []).filter((r) =>
    spanHolds({ from: r.fields.from, to: r.fields.to ?? null }, noon),
  )
  const wanted: { role: RoleName; unitId: string; title: string }[] = []
  for (const { role, title = ROLE_WORDS[role] } of row.roles) {
    const unitId = unitOf(role, homes)
    if (unitId === null) continue
    // 副书记、组织委员 of one branch is one role with both titles.
    const same = wanted.find((w) => w.role === role && w.unitId === unitId)
    if (same === undefined) wanted.push({ role, unitId, title })
    else if (!same.title.split('、').includes(title)) same.title = `${same.title}、${title}`
  }
  let changed = false
  for (const old of current) {
    const stays = wanted.some((w) => w.role === old.fields.role && w.unitId === old.fields.unitId)
    if (!stays && old.fields.role !== 'administrator') {
      changed = (await put('role', old.id, { ...old.fields, to: today })) || changed
    }
  }
  for (const { role, unitId, title } of wanted) {
    const kept = current.find((r) => r.fields.role === role && r.fields.unitId === unitId)
    const id = kept?.id ?? idFrom('role', personId, unitId, role, today)
    const fields = {
      ...kept?.fields,
      personId,
      unitId,
      name: row.name,
      role,
      title,
      from: kept?.fields.from ?? today,
      to: null,
      revokedForCause: false,
    }
    changed = (await put('role', id, fields)) || changed
  }
  return changed
}
