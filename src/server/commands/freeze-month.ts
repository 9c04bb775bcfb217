/**
 * 定稿: makes the month's results of some branches from the two desks' sheets. Here alone the two sides meet. A person's side
 * without a finished sheet is named and gets no result; what was frozen before stays as it is.
 */
import * as v from 'valibot'
import { Id, Month } from '../../shared/fields.ts'
import type { IndicatorSet } from '../../shared/assessment/indicator-set.ts'
import type { Side } from '../../shared/assessment/sides.ts'
import { monthResultId, type MonthResult } from '../../shared/assessment/month-result.ts'
import { scoreSheetId, type ScoreSheet } from '../../shared/assessment/score-sheet.ts'
import type { Submission } from '../../shared/assessment/submission.ts'
import { deductionsWithoutReason, sheetTotal } from '../../shared/assessment/sheet-total.ts'
import type { Membership } from '../../shared/org/membership.ts'
import { isOffice, spanHolds } from '../../shared/org/actor.ts'
import { civilInstant, lastDayOfMonth } from '../../shared/civil-time.ts'
import { headsOf } from '../../shared/sync/heads.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { Refusal } from '../problem.ts'
import type { WriteTx } from '../store/record-store.ts'
import { membersOf } from './circulation/circulations.ts'
import { defineCommand } from './define-command.ts'
import { putRecord } from './put-record.ts'

interface SideSheet {
  side: Side
  unitId: string
  sheet: ScoreSheet
  set: IndicatorSet
  total: number
}

export const freezeMonth = defineCommand({
  name: 'freeze-month',
  schema: v.object({ month: Month, unitIds: v.pipe(v.array(Id), v.minLength(1), v.maxLength(500)) }),
  run: async ({ tx, actor, now, moved }, { month, unitIds }) => {
    if (!isOffice(actor)) throw new Refusal('forbidden')
    const asOf = Math.min(now, civilInstant(lastDayOfMonth(month), '12:00'))
    const without: JsonObject[] = []
    let results = 0
    for (const branchId of unitIds) {
      for (const member of await membersOf(tx, branchId, asOf)) {
        const sides = await finishedSheets(tx, member, month, asOf)
        for (const side of ['party', 'work'] as const) {
          const own = sides.find((s) => s.side === side)
          if (own === undefined) without.push({ personId: member.personId, name: member.name, side })
          else if (await freezeSide(tx, member, month, own, sides, actor.personId, now, moved)) results++
        }
      }
    }
    return { results, without }
  },
})

async function finishedSheets(
  tx: WriteTx,
  member: Membership,
  month: string,
  asOf: number,
): Promise<SideSheet[]> {
  const rows = await tx.records({ types: ['membership'], person: member.personId })
  const units = rows
    .map((r) => JSON.parse(r.fields) as Membership)
    .filter((m) => spanHolds({ from: m.from, to: m.to ?? null }, asOf))
    .map((m) => m.unitId)
  const found: SideSheet[] = []
  for (const unitId of new Set(units)) {
    for (const side of ['party', 'work'] as const) {
      const stored = await tx.record('score-sheet', scoreSheetId(unitId, member.personId, month, side))
      if (stored === undefined || stored.deleted) continue
      const sheet = JSON.parse(stored.fields) as ScoreSheet
      const set = await tx.record('indicator-set', sheet.setId)
      if (sheet.done !== true || set === undefined || found.some((s) => s.side === side)) continue
      const indicators = JSON.parse(set.fields) as IndicatorSet
      // A deduction without its reason is not a finished score, whatever the sheet says of itself.
      if (deductionsWithoutReason(indicators, sheet.scores ?? {}).length > 0) continue
      found.push({
        side,
        unitId,
        sheet,
        set: indicators,
        total: sheetTotal(indicators, sheet.scores ?? {}, sheet.adjustments ?? {}),
      })
    }
  }
  return found
}

async function freezeSide(
  tx: WriteTx,
  member: Membership,
  month: string,
  own: SideSheet,
  sides: readonly SideSheet[],
  frozenBy: string,
  now: number,
  moved: Set<string>,
): Promise<boolean> {
  const id = monthResultId(member.personId, month, own.side)
  if ((await tx.record('month-result', id)) !== undefined) return false
  const submitted = await submissionOf(tx, member.personId, month, own.side)
  const fields: MonthResult = {
    personId: member.personId,
    name: member.name,
    unitId: own.unitId,
    month,
    side: own.side,
    setId: own.sheet.setId,
    lines: own.set.indicators.map((i) => {
      const score = own.sheet.scores?.[i.id]
      return {
        indicatorId: i.id,
        title: i.title,
        max: i.max,
        selfScore: submitted?.answers[i.id]?.score ?? null,
        score: score?.score ?? null,
        reason: score?.reason ?? '',
        evidence: score?.evidence ?? '',
        scorerId: score?.scorerId ?? null,
        at: score?.at ?? null,
      }
    }),
    adjustments: Object.values(own.sheet.adjustments ?? {}).map(({ points, reason }) => ({ points, reason })),
    total: own.total,
    partyTotal: sides.find((s) => s.side === 'party')?.total ?? null,
    workTotal: sides.find((s) => s.side === 'work')?.total ?? null,
    frozenBy,
    supersedes: [],
  }
  const result = await putRecord(tx, {
    type: 'month-result',
    id,
    fields: fields as unknown as JsonObject,
    author: frozenBy,
    now,
  })
  moved.add(result.scope)
  return true
}

/** The submission that nothing supersedes; the newest of several. */
async function submissionOf(
  tx: WriteTx,
  personId: string,
  month: string,
  side: Side,
): Promise<Submission | undefined> {
  const rows = await tx.records({ types: ['submission'], subject: `${personId}:${month}:${side}` })
  const facts = rows.map((r) => {
    const fields = JSON.parse(r.fields) as Submission
    return { id: r.id, at: r.observedAt, fields, supersedes: fields.supersedes ?? [] }
  })
  return headsOf(facts).sort((a, b) => b.at - a.at)[0]?.fields
}
