/** A bureau on its first day: set up, one person of each role, nothing published. */
import { hashPassword } from '../../../src/server/auth/passwords.ts'
import { makeBureau } from '../../../src/server/commands/make-bureau.ts'
import { ALL_COLUMNS, type PersonRow } from '../../../src/server/commands/people/person-row.ts'
import { putPeople } from '../../../src/server/commands/put-people.ts'
import { ADMINISTRATOR_NAME, DEMO_PASSWORD, STAFF } from '../../../src/server/demo/accounts.ts'
import { personIdOf } from '../../../src/server/demo/context.ts'
import type { HallFill } from './fill-small.ts'

const row = (staffNo: string, name: string, roles: PersonRow['roles'] = []): PersonRow => ({
  staffNo,
  name,
  committee: null,
  branch: '窗口第一支部',
  group: null,
  section: '综合窗口科',
  postingUnit: null,
  partyStatus: 'full',
  roles,
  handOrder: null,
})

const PEOPLE: readonly PersonRow[] = [
  row(STAFF.member, '林晓禾'),
  row(STAFF.secretary, '单文娟', [{ role: 'branch-officer', title: '支部书记' }]),
  row(STAFF.scorer, '欧阳明远', [{ role: 'section-scorer', title: '科室评分人' }]),
  row(STAFF.office, '沈若谷', [{ role: 'office', title: '党建科' }]),
]

export async function fillNoData({ store, now }: HallFill): Promise<void> {
  const passwordHash = await hashPassword(DEMO_PASSWORD)
  const administratorId = personIdOf(STAFF.administrator)
  const administrator = { staffNo: STAFF.administrator, name: ADMINISTRATOR_NAME, passwordHash }
  await store.write([], async (tx) => {
    await makeBureau(tx, {
      bureauName: '云河市政务服务中心（示例）',
      ...administrator,
      now,
      newId: () => administratorId,
    })
    const how = { columns: ALL_COLUMNS, createUnits: true, author: administratorId, now }
    await putPeople(tx, PEOPLE, how)
    for (const { staffNo, name } of PEOPLE)
      await tx.putAccount({ personId: personIdOf(staffNo), staffNo, name, passwordHash, closed: false })
  })
}
