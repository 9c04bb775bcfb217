/** How one side of one month stands for the person who holds the phone. Read from the phone alone. */
import { setForMonth } from '../../../shared/assessment/applicable-set.ts'
import type { IndicatorSet } from '../../../shared/assessment/indicator-set.ts'
import { SIDES, type Side } from '../../../shared/assessment/sides.ts'
import type { MonthResult } from '../../../shared/assessment/month-result.ts'
import type { SelfAssessment } from '../../../shared/assessment/self-assessment.ts'
import type { Submission } from '../../../shared/assessment/submission.ts'
import { selfTotal, unanswered } from '../../../shared/assessment/totals.ts'
import { civilMonth } from '../../../shared/civil-time.ts'
import { spanHolds, type Actor } from '../../../shared/org/actor.ts'
import { headsOf } from '../../../shared/sync/merge.ts'
import { primaryUnitsOf } from '../../storage/actor.ts'
import type { PhoneDb } from '../../storage/db.ts'
import type { PhoneRecord } from '../../storage/rows.ts'
import { answersOfSet, fullTotal, sameAnswers, type WholeAnswers } from './answers.ts'
import { monthsBack } from './month-words.ts'

export type SideStatus = 'no-set' | 'untouched' | 'draft' | 'submitted' | 'changed' | 'frozen'

export interface SetRow {
  id: string
  fields: IndicatorSet
}

export interface SideState {
  month: string
  side: Side
  /** To whom it is submitted; null: the person belongs to no such unit. */
  unitId: string | null
  set: SetRow | null
  draft: PhoneRecord<SelfAssessment> | null
  answers: WholeAnswers
  /** Indicators without a self-score. */
  missing: number
  total: number
  full: number
  submission: PhoneRecord<Submission> | null
  /** Facts that a new submission corrects. */
  heads: string[]
  result: PhoneRecord<MonthResult> | null
  status: SideStatus
}

/** The newest of the facts that nothing supersedes. */
export function newestHead<Row extends PhoneRecord<{ supersedes?: string[] }>>(
  rows: readonly Row[],
): Row | null {
  const heads = headsOf(rows.map((row) => ({ id: row.id, supersedes: row.fields.supersedes ?? [], row })))
  const newest = heads.map((head) => head.row).sort((a, b) => b.observedAt - a.observedAt)
  return newest[0] ?? null
}

const isOf = (personId: string, side: Side) => (row: { fields: { personId: string; side: string } }) =>
  row.fields.personId === personId && row.fields.side === side

/** The branch for the Party side, the section for the work side; only Party members assess themselves. */
export function unitOfSide(actor: Actor, side: Side): string | null {
  if (!isPartyMember(actor)) return null
  const { branchId, sectionId } = primaryUnitsOf(actor)
  return side === 'party' ? branchId : sectionId
}

export const isPartyMember = (actor: Actor): boolean =>
  actor.memberships.some((m) => m.memberKind !== 'none' && spanHolds(m, actor.now))

export async function allSets(db: PhoneDb): Promise<SetRow[]> {
  const rows = await db.records('indicator-set').toArray()
  return rows.map(({ id, fields }) => ({ id, fields }))
}

export async function readResult(
  db: PhoneDb,
  personId: string,
  month: string,
  side: Side,
): Promise<PhoneRecord<MonthResult> | null> {
  const rows = await db.records('month-result').where('fields.month').equals(month).toArray()
  return newestHead(rows.filter(isOf(personId, side)))
}

function statusOf(state: Omit<SideState, 'status'>): SideStatus {
  if (state.result !== null) return 'frozen'
  if (state.set === null) return 'no-set'
  if (state.submission === null) return Object.keys(state.answers).length > 0 ? 'draft' : 'untouched'
  const submitted = state.submission.fields.answers
  return state.draft === null || sameAnswers(state.set.fields, state.answers, submitted)
    ? 'submitted'
    : 'changed'
}

export async function readSide(db: PhoneDb, actor: Actor, month: string, side: Side): Promise<SideState> {
  const { personId } = actor
  const [sets, draft, submissions, result] = await Promise.all([
    allSets(db),
    db.records('self-assessment').where('fields.month').equals(month).filter(isOf(personId, side)).first(),
    db.records('submission').where('fields.month').equals(month).toArray(),
    readResult(db, personId, month, side),
  ])
  const set =
    (result === null ? undefined : sets.find((s) => s.id === result.fields.setId)) ??
    setForMonth(sets, side, month) ??
    null
  const own = submissions.filter(isOf(personId, side))
  const submission = newestHead(own)
  // The endpoint forgets a draft that the person deleted; what was submitted is then where one goes on.
  const source = draft?.fields.answers ?? submission?.fields.answers
  const answers = set === null ? {} : answersOfSet(set.fields, source)
  const state = {
    month,
    side,
    unitId: unitOfSide(actor, side),
    set,
    draft: draft ?? null,
    answers,
    missing: set === null ? 0 : unanswered(set.fields, answers).length,
    total: set === null ? 0 : selfTotal(set.fields, answers),
    full: set === null ? 0 : fullTotal(set.fields),
    submission,
    heads: headsOf(own.map((row) => ({ id: row.id, supersedes: row.fields.supersedes ?? [] }))).map(
      (f) => f.id,
    ),
    result,
  }
  return { ...state, status: statusOf(state) }
}

export interface MonthState {
  month: string
  sides: SideState[]
}

/** This month, the last one while it isn't frozen, and every earlier one that has something. Newest first. */
export async function readMonths(db: PhoneDb, actor: Actor): Promise<MonthState[]> {
  const thisMonth = civilMonth(actor.now)
  const [results, drafts, submissions] = await Promise.all([
    db.records('month-result').where('fields.personId').equals(actor.personId).toArray(),
    db.records('self-assessment').toArray(),
    db.records('submission').where('fields.personId').equals(actor.personId).toArray(),
  ])
  const own = drafts.filter((draft) => draft.fields.personId === actor.personId)
  const touched = [...results, ...own, ...submissions].map((row) => row.fields.month)
  const months = [...new Set([...monthsBack(thisMonth, 2), ...touched])].sort().reverse()
  const states = await Promise.all(
    months.map(async (month) => ({
      month,
      sides: await Promise.all(SIDES.map((side) => readSide(db, actor, month, side))),
    })),
  )
  return states.filter(
    ({ month, sides }) =>
      month >= thisMonth || sides.some((s) => s.status !== 'untouched' && s.status !== 'no-set'),
  )
}
