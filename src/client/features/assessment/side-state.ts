/** How one side of one month stands for the person who holds the phone. Read from the phone alone. */
import { setForMonth } from '../../../shared/assessment/applicable-set.ts'
import type { IndicatorSet } from '../../../shared/assessment/indicator-set.ts'
import type { Side } from '../../../shared/assessment/sides.ts'
import type { MonthResult } from '../../../shared/assessment/month-result.ts'
import type { SelfAssessment } from '../../../shared/assessment/self-assessment.ts'
import type { Submission } from '../../../shared/assessment/submission.ts'
import { selfTotal, unanswered } from '../../../shared/assessment/totals.ts'
import { spanHolds, type Actor } from '../../../shared/org/actor.ts'
import { headsOf } from '../../../shared/sync/heads.ts'
import { primaryUnitsOf } from '../../storage/actor.ts'
import type { PhoneDb } from '../../storage/db.ts'
import type { PhoneRecord } from '../../storage/rows.ts'
import { answersOfSet, fullTotal, sameAnswers, type WholeAnswers } from './answers.ts'

export type SideStatus = 'no-set' | 'untouched' | 'draft' | 'submitted' | 'changed' | 'frozen'

export interface SetRow {
  id: string
  fields: IndicatorSet
}

export interface SideState {
  month: string
  side: Side
  /** To whom it is submitted; null: the person belongs to no such unit, or is no Party member. */
  unitId: string | null
  isMember: boolean
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

/** Why a side without a unit needs no self-assessment. */
export function noUnitInWords({ side, isMember }: Pick<SideState, 'side' | 'isMember'>): string {
  if (!isMember) return '自评由党员填写'
  return side === 'work' ? '没有编入业务科室，这一侧不用自评' : '没有编入支部，这一侧不用自评'
}

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
    isMember: isPartyMember(actor),
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
