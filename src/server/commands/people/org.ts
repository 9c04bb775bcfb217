/** The organisation as it is stored, looked up once for a whole roster. */
import type { Membership } from '../../../shared/org/membership.ts'
import type { Person } from '../../../shared/org/person.ts'
import type { Role } from '../../../shared/org/role.ts'
import type { Unit } from '../../../shared/org/unit.ts'
import type { Account, ReadTx } from '../../store/record-store.ts'

export interface Kept<Fields> {
  id: string
  fields: Fields
}

export interface Org {
  units: Kept<Unit>[]
  personsById: Map<string, Person>
  membershipsByPerson: Map<string, Kept<Membership>[]>
  rolesByPerson: Map<string, Kept<Role>[]>
  accountsByStaffNo: Map<string, Account>
}

export async function loadOrg(tx: ReadTx): Promise<Org> {
  const kept = async <Fields>(type: string): Promise<Kept<Fields>[]> =>
    (await tx.records({ types: [type] })).map((r) => ({ id: r.id, fields: JSON.parse(r.fields) as Fields }))
  const persons = await kept<Person>('person')
  return {
    units: await kept<Unit>('unit'),
    personsById: new Map(persons.map((p) => [p.id, p.fields])),
    membershipsByPerson: Map.groupBy(await kept<Membership>('membership'), (m) => m.fields.personId),
    rolesByPerson: Map.groupBy(await kept<Role>('role'), (r) => r.fields.personId),
    accountsByStaffNo: new Map((await tx.accounts()).map((a) => [a.staffNo, a])),
  }
}
