/** How far a month's assessment is, branch by branch. Counts only: the sheets themselves stay with their desks. */
import * as v from 'valibot'
import { Month } from '../../shared/fields.ts'
import { civilInstant, lastDayOfMonth } from '../../shared/civil-time.ts'
import type { ScoreSheet } from '../../shared/assessment/score-sheet.ts'
import type { Membership } from '../../shared/org/membership.ts'
import { spanHolds } from '../../shared/org/actor.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { Refusal } from '../problem.ts'
import { mustBeOffice, parsed, type Question } from './question.ts'

interface Monthly {
  month: string
  personId: string
  side: 'party' | 'work'
}

export const monthQuestion: Question = async ({ tx, actor, now, parameters }) => {
  mustBeOffice(actor)
  const month = v.safeParse(Month, parameters.month)
  if (!month.success)
    throw new Refusal('bad-request', { field: 'month', message: '月份应写成 2026-11 的样子。' })
  const asOf = Math.min(now, civilInstant(lastDayOfMonth(month.output), '12:00'))
  const inMonth = <T extends Monthly>(rows: { fields: T }[]) =>
    rows.map((r) => r.fields).filter((f) => f.month === month.output)
  const keyed = (items: readonly Monthly[]) => new Set(items.map((f) => `${f.personId}:${f.side}`))
  const submitted = keyed(inMonth(parsed<Monthly>(await tx.records({ types: ['submission'] }))))
  const frozen = keyed(inMonth(parsed<Monthly>(await tx.records({ types: ['month-result'] }))))
  const sheets = inMonth(parsed<ScoreSheet & Monthly>(await tx.records({ types: ['score-sheet'] })))
  const done = keyed(sheets.filter((s) => s.done === true))

  const branches = parsed<Unit>(await tx.records({ types: ['unit'] })).filter(
    (u) => u.fields.kind === 'branch',
  )
  const memberships = parsed<Membership>(await tx.records({ types: ['membership'] })).map((m) => m.fields)
  const current = memberships.filter(
    (m) => m.memberKind !== 'none' && spanHolds({ from: m.from, to: m.to ?? null }, asOf),
  )
  const byUnit = Map.groupBy(current, (m) => m.unitId)
  const units = branches.map((branch) => {
    const members = [...new Set((byUnit.get(branch.id) ?? []).map((m) => m.personId))]
    const count = (set: ReadonlySet<string>, side: string) =>
      members.filter((id) => set.has(`${id}:${side}`)).length
    return {
      unitId: branch.id,
      name: branch.fields.name,
      members: members.length,
      submitted: members.filter((id) => submitted.has(`${id}:party`) || submitted.has(`${id}:work`)).length,
      partyDone: count(done, 'party'),
      workDone: count(done, 'work'),
      frozen: members.filter((id) => frozen.has(`${id}:party`) || frozen.has(`${id}:work`)).length,
    }
  })
  return { month: month.output, units }
}
