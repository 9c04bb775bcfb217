/** Both sides of a frozen month as the member may read them, with scorers' names and the member's appeals. */
import { SIDES, type Side } from '../../../../shared/assessment/sides.ts'
import type { Appeal } from '../../../../shared/assessment/appeal.ts'
import type { MonthResult } from '../../../../shared/assessment/month-result.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { PhoneRecord } from '../../../storage/rows.ts'
import { readNames } from '../names.ts'
import { readResult } from '../side-state.ts'

export interface SideResult {
  side: Side
  row: PhoneRecord<MonthResult>
  /** Oldest first. */
  appeals: PhoneRecord<Appeal>[]
}

export interface MonthResultRead {
  sides: SideResult[]
  /** By side; null while that side is not frozen or was not scored. */
  totals: Record<Side, number | null>
  names: Map<string, string>
}

export async function readMonthResult(
  db: PhoneDb,
  personId: string,
  month: string,
): Promise<MonthResultRead> {
  const sides: SideResult[] = []
  for (const side of SIDES) {
    const row = await readResult(db, personId, month, side)
    if (row !== null) sides.push({ side, row, appeals: await appealsOf(db, row) })
  }
  const first = sides[0]?.row.fields
  const own = (side: Side) => sides.find((s) => s.side === side)?.row.fields.total ?? null
  const scorers = sides.flatMap(({ row }) => row.fields.lines.map((line) => line.scorerId))
  return {
    sides,
    totals: {
      party: own('party') ?? first?.partyTotal ?? null,
      work: own('work') ?? first?.workTotal ?? null,
    },
    names: await readNames(
      db,
      scorers.filter((id) => id !== null),
    ),
  }
}

/** Appeals against a result, and against the results that it corrects. */
export async function appealsOf(db: PhoneDb, row: PhoneRecord<MonthResult>): Promise<PhoneRecord<Appeal>[]> {
  const ids = [row.id, ...(row.fields.supersedes ?? [])]
  const appeals = await db.records('appeal').where('fields.resultId').anyOf(ids).toArray()
  return appeals.sort((a, b) => a.observedAt - b.observedAt)
}
