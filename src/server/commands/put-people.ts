/**
 * Puts a roster of people into the store: units, persons, memberships, roles, accounts; wholly or not at all.
 *
 * Guarantees: the same roster again changes nothing; a column that the roster doesn't have leaves what is stored; a person who
 * moved keeps the old membership with its end; the dry run does the same work and undoes it, so that what it says is what happens.
 */
import * as v from 'valibot'
import { civilDate } from '../../shared/civil-time.ts'
import { isAdministrator } from '../../shared/org/actor.ts'
import { idFrom } from '../../shared/sync/canonical.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { Refusal } from '../problem.ts'
import type { WriteTx } from '../store/record-store.ts'
import { defineCommand } from './define-command.ts'
import { loadOrg, type Org } from './people/org.ts'
import { putMemberships } from './people/memberships.ts'
import { putRoles } from './people/roles.ts'
import { ALL_COLUMNS, PersonRow, type Put } from './people/person-row.ts'
import { UnitFinder } from './people/units.ts'
import { putRecord } from './put-record.ts'

export interface PeopleOptions {
  /** Fields that the roster has a column for. */
  columns: readonly string[]
  createUnits: boolean
  author: string
  now: number
}

export interface PeopleSummary {
  added: string[]
  changed: string[]
  same: number
  unitsAdded: string[]
  /** Those who got an account and need an activation code. */
  newPersonIds: string[]
  scopes: string[]
}

/** @throws Refusal invalid-fields for a branch that doesn't exist when units aren't to be made */
export async function putPeople(
  tx: WriteTx,
  rows: readonly PersonRow[],
  options: PeopleOptions,
): Promise<PeopleSummary> {
  const org = await loadOrg(tx)
  const scopes = new Set<string>()
  const put = async (type: string, id: string, fields: JsonObject) => {
    const result = await putRecord(tx, { type, id, fields, author: options.author, now: options.now })
    if (result.change !== 'same') scopes.add(result.scope)
    return result.change !== 'same'
  }
  const units = new UnitFinder(org, put, options.createUnits)
  const summary: PeopleSummary = {
    added: [],
    changed: [],
    same: 0,
    unitsAdded: units.added,
    newPersonIds: [],
    scopes: [],
  }
  for (const row of rows) {
    const known = org.accountsByStaffNo.get(row.staffNo)
    const personId = known?.personId ?? idFrom('person', row.staffNo)
    const changed = await putPerson(tx, row, personId, org, units, put, options)
    const label = `${row.staffNo} ${row.name}`
    if (known === undefined) {
      summary.added.push(label)
      summary.newPersonIds.push(personId)
    } else if (changed) summary.changed.push(label)
    else summary.same++
  }
  summary.scopes = [...scopes]
  return summary
}

async function putPerson(
  tx: WriteTx,
  row: PersonRow,
  personId: string,
  org: Org,
  units: UnitFinder,
  put: Put,
  options: PeopleOptions,
): Promise<boolean> {
  const has = (column: string) => options.columns.includes(column)
  const today = civilDate(options.now)
  const account = org.accountsByStaffNo.get(row.staffNo)
  const before = org.personsById.get(personId)
  const postingUnitId = has('postingUnit')
    ? await units.find('posting', row.postingUnit, null)
    : (before?.postingUnitId ?? null)
  let changed = await put('person', personId, {
    ...before,
    personId,
    staffNo: row.staffNo,
    name: row.name,
    postingUnitId,
  })
  if (account === undefined || account.name !== row.name) {
    await tx.putAccount({
      personId,
      staffNo: row.staffNo,
      name: row.name,
      passwordHash: account?.passwordHash ?? null,
      closed: account?.closed ?? false,
    })
  }
  const homes = await units.homesOf(row)
  changed = (await putMemberships({ row, personId, homes, org, put, has, today })) || changed
  if (has('duties')) changed = (await putRoles({ row, personId, homes, org, put, today })) || changed
  return changed
}

class DryRun extends Error {
  override name = 'DryRun'
}

/** The same work in a savepoint that is undone. */
export async function tryPeople(
  tx: WriteTx,
  rows: readonly PersonRow[],
  options: PeopleOptions,
): Promise<PeopleSummary> {
  let summary: PeopleSummary | undefined
  try {
    await tx.savepoint(async () => {
      summary = await putPeople(tx, rows, options)
      throw new DryRun()
    })
  } catch (problem) {
    if (!(problem instanceof DryRun)) throw problem
  }
  return summary!
}

export const putPeopleCommand = defineCommand({
  name: 'put-people',
  schema: v.object({
    people: v.pipe(v.array(PersonRow), v.minLength(1), v.maxLength(5000)),
    columns: v.optional(v.array(v.string()), [...ALL_COLUMNS]),
    createUnits: v.optional(v.boolean(), true),
    dryRun: v.optional(v.boolean(), false),
  }),
  run: async ({ tx, actor, now, moved }, { people, columns, createUnits, dryRun }) => {
    if (!isAdministrator(actor)) throw new Refusal('forbidden')
    const twice = people.find((p, at) => people.findIndex((q) => q.staffNo === p.staffNo) !== at)
    if (twice !== undefined)
      throw new Refusal('invalid-fields', {
        message: `工号 ${twice.staffNo} 出现了两次，请只留一行。`,
        field: 'people',
      })
    const options = { columns, createUnits, author: actor.personId, now }
    const { scopes, ...summary } = await (dryRun ? tryPeople : putPeople)(tx, people, options)
    if (!dryRun) for (const scope of scopes) moved.add(scope)
    return summary as unknown as JsonObject
  },
})
