/** Units, people, roles and accounts, as if they had been entered long ago: last month's meetings have their roster. */
import { DAY_MS } from '../../../shared/civil-time.ts'
import { makeBureau } from '../../commands/make-bureau.ts'
import { ALL_COLUMNS } from '../../commands/people/person-row.ts'
import { putPeople } from '../../commands/put-people.ts'
import { ADMINISTRATOR_NAME, STAFF } from '../accounts.ts'
import { personIdOf, type DemoContext } from '../context.ts'
import { BUREAU_NAME, type DemoUnit } from './units.ts'

/** Long enough for a whole year of meetings. */
const ENTERED_DAYS_AGO = 400

export async function putBureau(
  context: DemoContext,
  units: readonly DemoUnit[],
  passwordHash: string,
): Promise<void> {
  const { tx, people } = context
  const now = context.now - ENTERED_DAYS_AGO * DAY_MS
  const administratorId = personIdOf(STAFF.administrator)
  await makeBureau(tx, {
    bureauName: BUREAU_NAME,
    staffNo: STAFF.administrator,
    name: ADMINISTRATOR_NAME,
    passwordHash,
    now,
    newId: () => administratorId,
  })
  for (const { id, ...fields } of units) {
    await context.put('unit', id, { ...fields, endedOn: null }, administratorId, now)
  }
  await putPeople(tx, people, { columns: ALL_COLUMNS, createUnits: false, author: administratorId, now })
  for (const { staffNo, name } of people) {
    await tx.putAccount({ personId: personIdOf(staffNo), staffNo, name, passwordHash, closed: false })
  }
}
