/**
 * What a person sees of the circulations on the phone: a pure function of the circulations, the changes of their
 * recipients, the person's own sign-offs and the day.
 */
import { civilDate, civilInstant, DAY_MS } from '../../../shared/civil-time.ts'
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import { currentRevision, filesOf } from '../../../shared/circulation/document/revisions.ts'
import { circulationStatus } from '../../../shared/circulation/status.ts'
import {
  coverageBy,
  type RecipientState,
  type Stored,
} from '../../../shared/circulation/coverage/coverage-by.ts'
import type { Revision } from '../../../shared/circulation/document/document.ts'
import { URGENCIES } from '../../../shared/circulation/document/revisions.ts'
import type { RecipientChange } from '../../../shared/circulation/recipient-change.ts'
import type { SignOff } from '../../../shared/circulation/signing/sign-off.ts'
import { dayInWords } from '../../ui/words.ts'

/** `reading`: the person is not on the list and may read. `archived`, `recalled`: nobody is asked any more. */
export type MyState = RecipientState | 'archived' | 'recalled' | 'reading'

export interface StoredSignOff extends Stored<SignOff> {
  pending: 0 | 1
}

export interface CirculationLine {
  id: string
  fields: Circulation
  revision: Revision
  state: MyState
  /** Why the person need not sign; empty otherwise. */
  reason: string
  /** The change that put the person on the list after dispatch. */
  addedBy: string | null
  /** The person's sign-offs, newest revision first. */
  signOffs: StoredSignOff[]
  /** The sign-off of the current revision, the person's own hand before a paper entry. */
  signOff: StoredSignOff | undefined
}

/** What is open, and all that was done about it. */
export interface OpenRows {
  circulations: readonly Stored<Circulation>[]
  changes: readonly Stored<RecipientChange>[]
  signOffs: readonly (StoredSignOff & { observedAt: number })[]
}

/** The sign-off to show for a revision: what one wrote oneself stands before what was entered for one. */
export function shownSignOff<S extends Stored<SignOff>>(
  signOffs: readonly S[],
  revision: Pick<Revision, 'revision'>,
): S | undefined {
  const ofRevision = signOffs.filter((s) => s.fields.revision === revision.revision)
  return ofRevision.find((s) => s.fields.mode === 'in-person') ?? ofRevision[0]
}

export function lineFor(
  circulation: Stored<Circulation>,
  changes: readonly Stored<RecipientChange>[],
  signOffs: readonly StoredSignOff[],
  personId: string,
  now: number,
): CirculationLine {
  const { id, fields } = circulation
  const revision = currentRevision(fields)
  const own = coverageBy(circulation, changes, signOffs, null).lines.find(
    (line) => line.personId === personId,
  )
  const mine = (own?.signOffs ?? []) as StoredSignOff[]
  const status = circulationStatus(fields, now)
  const state = status === 'open' ? (own?.state ?? 'reading') : status
  return {
    id,
    fields,
    revision,
    state,
    reason: own?.reason ?? '',
    addedBy: own?.addedBy ?? null,
    signOffs: mine,
    signOff: shownSignOff(mine, revision),
  }
}

/** Whole days from a day to the deadline: 0 = today, below 0 = past. */
export function daysUntil(deadline: string, now: number): number {
  return Math.round((civilInstant(deadline) - civilInstant(civilDate(now))) / DAY_MS)
}

/** Calm words for a deadline; being late is told, never shouted. */
export function deadlineInWords(deadline: string, now: number): string {
  const days = daysUntil(deadline, now)
  if (days === 0) return '今天截止'
  if (days === 1) return '明天截止'
  if (days < 0) return `已过截止日 ${-days} 天，仍可签字`
  return `${dayInWords(deadline)}截止`
}

/** What an item of 今日 says of the one that is due first, where it stands for `count`. */
export const dueFirst = ({ fields }: Pick<Stored<Circulation>, 'fields'>, count: number, now: number) => ({
  second: `${count > 1 ? '最早的 ' : ''}${fields.documentNo || fields.title} · ${deadlineInWords(fields.deadline, now)}`,
  dueAt: civilInstant(fields.deadline) + DAY_MS,
})

/** By deadline, then by urgency, then the older first. */
export function byDue(a: CirculationLine, b: CirculationLine): number {
  return (
    (a.fields.deadline < b.fields.deadline ? -1 : a.fields.deadline > b.fields.deadline ? 1 : 0) ||
    URGENCIES.indexOf(b.fields.urgency ?? '平件') - URGENCIES.indexOf(a.fields.urgency ?? '平件') ||
    a.fields.dispatchedAt - b.fields.dispatchedAt
  )
}

export const byNewest = (a: CirculationLine, b: CirculationLine): number =>
  b.fields.dispatchedAt - a.fields.dispatchedAt

/** About half a minute a page, one minute for a file whose pages are not known, and half a minute to sign. */
export const minutesFor = (revision: Revision): number =>
  Math.min(
    15,
    filesOf(revision).reduce((sum, { pages }) => sum + (pages === null ? 1 : pages * 0.5), 0.5),
  )
