/**
 * The year of a unit: of each kind of meeting how many are due, held and overdue in each period. A pure function of kinds,
 * meetings and today's date: the plan, the yearly sheet and the office's view count by it and by nothing else.
 *
 * A meeting counts as held when its record says so, or when its day has come and somebody has come to it; a cancelled one
 * never. It counts in the period of its own day, once, however many sittings it had. More than was due in one period do not
 * make up for another.
 */
import type { Meeting } from '../meeting.ts'
import type { MeetingKind } from '../meeting-kind.ts'
import { isAsked, periodsOf, type Period } from './periods.ts'

export interface YearQuestion {
  year: number
  unit: { id: string; kind: string }
  /** Counted from and to these civil dates: a branch founded, or closed, in mid-year. null: the whole year. */
  from?: string | null
  to?: string | null
  kinds: readonly { id: string; fields: MeetingKind }[]
  meetings: readonly { id: string; fields: Meeting }[]
  /** Ids of meetings to which somebody has come by the roll, or whose minutes are fixed. */
  attended: ReadonlySet<string>
  /** Civil date. */
  today: string
}

/**
 * `not-asked`: the unit or the rule was not there yet · `held`: as many as due · `open`: the period is running ·
 * `coming`: it has not begun · `overdue`: it is over and some are missing
 */
export const PERIOD_STATES = ['not-asked', 'held', 'open', 'coming', 'overdue'] as const
export type PeriodState = (typeof PERIOD_STATES)[number]

export interface PeriodStanding extends Period {
  due: number
  held: number
  /** Not less than 0; in periods that are over it is what is overdue. */
  missing: number
  overdue: number
  state: PeriodState
  /** Ids, in the order of their days. */
  heldIds: string[]
  /** Planned, neither held nor cancelled; also of days that have passed without anyone having been marked. */
  plannedIds: string[]
}

export interface KindStanding {
  kindId: string
  kind: MeetingKind
  /** Empty for a kind without a cadence: it is held when there is reason to. */
  periods: PeriodStanding[]
  /** Over the whole year. */
  due: number
  held: number
  overdue: number
}

export function isHeld(
  meeting: { id: string; fields: Meeting },
  attended: ReadonlySet<string>,
  today: string,
): boolean {
  const { state, date } = meeting.fields
  if (state === 'cancelled') return false
  return state === 'held' || (date <= today && attended.has(meeting.id))
}

const later = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b > a) ? b : a

function stateOf(period: Period, due: number, held: number, today: string): PeriodState {
  if (due === 0) return held > 0 ? 'held' : 'not-asked'
  if (held >= due) return 'held'
  if (period.to < today) return 'overdue'
  return period.from > today ? 'coming' : 'open'
}

/** Of each kind that this kind of unit holds, in the order of the kinds. */
export function yearStanding(question: YearQuestion): KindStanding[] {
  const { year, unit, kinds, meetings, attended, today, from = null, to = null } = question
  const own = meetings
    .filter(({ fields }) => fields.unitId === unit.id && fields.date.startsWith(`${year}-`))
    .sort((a, b) =>
      a.fields.date < b.fields.date ? -1 : a.fields.date > b.fields.date ? 1 : a.id < b.id ? -1 : 1,
    )
  return kinds
    .filter(({ fields }) => (fields.unitKinds as readonly string[]).includes(unit.kind))
    .sort((a, b) => (a.fields.order ?? 0) - (b.fields.order ?? 0) || (a.id < b.id ? -1 : 1))
    .map(({ id: kindId, fields: kind }) => {
      const ofKind = own.filter(({ fields }) => fields.kindId === kindId)
      const held = ofKind.filter((m) => isHeld(m, attended, today))
      const { cadence } = kind
      const periods = cadence === null ? [] : periodsOf(cadence.per, year)
      const standing = periods.map((period): PeriodStanding => {
        const within = ({ fields }: { fields: Meeting }) =>
          period.from <= fields.date && fields.date <= period.to
        const heldHere = held.filter(within)
        const asked = isAsked(period, later(from, cadence?.since ?? null), to)
        const due = asked ? (cadence?.times ?? 0) : 0
        const missing = Math.max(0, due - heldHere.length)
        const state = stateOf(period, due, heldHere.length, today)
        return {
          ...period,
          due,
          held: heldHere.length,
          missing,
          overdue: state === 'overdue' ? missing : 0,
          state,
          heldIds: heldHere.map(({ id }) => id),
          plannedIds: ofKind
            .filter((m) => within(m) && m.fields.state !== 'cancelled' && !heldHere.includes(m))
            .map(({ id }) => id),
        }
      })
      const sum = (of: (p: PeriodStanding) => number) => standing.reduce((total, p) => total + of(p), 0)
      return {
        kindId,
        kind,
        periods: standing,
        due: sum((p) => p.due),
        held: held.length,
        overdue: sum((p) => p.overdue),
      }
    })
}
