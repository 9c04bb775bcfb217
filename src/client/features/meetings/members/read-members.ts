/** The people of one unit today, with what a colleague would ask: party membership, roles, group. */
import { spanHolds, type MemberKind } from '../../../../shared/org/actor.ts'
import type { RosterPerson } from '../../../../shared/org/order/roster-order.ts'
import type { PhoneDb } from '../../../storage/db.ts'

export interface Member extends RosterPerson {
  memberKind: MemberKind
  titles: string[]
  groups: string[]
}

export async function readMembers(db: PhoneDb, unitId: string, now: number): Promise<Member[]> {
  const [memberships, roles, units] = await Promise.all([
    db.records('membership').where('fields.unitId').equals(unitId).toArray(),
    db.records('role').where('fields.unitId').equals(unitId).toArray(),
    db.records('unit').where('fields.parentId').equals(unitId).toArray(),
  ])
  const groups = units.filter((unit) => unit.fields.kind === 'group')
  const groupIds = groups.map((group) => group.id)
  const [groupMemberships, groupRoles] = await Promise.all([
    db.records('membership').where('fields.unitId').anyOf(groupIds).toArray(),
    db.records('role').where('fields.unitId').anyOf(groupIds).toArray(),
  ])
  const titlesOf = (personId: string) => [
    ...new Set(
      [...roles, ...groupRoles]
        .filter((role) => role.fields.personId === personId && spanHolds(role.fields, now))
        .map((role) => role.fields.title),
    ),
  ]
  const groupsOf = (personId: string) =>
    groups
      .filter((group) =>
        groupMemberships.some(
          ({ fields }) =>
            fields.unitId === group.id && fields.personId === personId && spanHolds(fields, now),
        ),
      )
      .map((group) => group.fields.name)
  const members = new Map<string, Member>()
  for (const { fields } of memberships) {
    if (!spanHolds(fields, now)) continue
    members.set(fields.personId, {
      personId: fields.personId,
      name: fields.name,
      handOrder: fields.handOrder ?? 0,
      memberKind: fields.memberKind,
      titles: titlesOf(fields.personId),
      groups: groupsOf(fields.personId),
    })
  }
  return [...members.values()]
}
