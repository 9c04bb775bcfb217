/**
 * Which sitting of a meeting suits whom, by the shift roster. For the form ("夜班 7 人都赶不上"), for 今日, and for the order
 * of the roll. It only tells: who is expected elsewhere may come, and nobody is absent by it. Without a roster nothing is
 * claimed.
 */
import {
  canAttend,
  isWorking,
  MEETING_MINUTES,
  shiftOn,
  type CanAttend,
  type RosterFacts,
} from '../../org/shifts/shifts.ts'
import { dateAfter } from '../../org/shifts/shifts.ts'
import { civilDate } from '../../civil-time.ts'
import type { ShiftKind } from '../../org/shifts/shift-roster.ts'

export interface SittingTime {
  id: string
  startsAt: number
}

/** The earlier of two that suit equally. A day off suits less than a day at work: one would come in for it. */
const WORTH: Record<CanAttend, number> = { yes: 4, resting: 3, unknown: 2, 'on-shift': 1, leave: 0 }

export interface OwnSitting {
  /** null: none of them. */
  sittingId: string | null
  answer: CanAttend
}

/** The sitting that suits a person best; `answer` says how well. null where they can come to none or nothing is known. */
export function sittingFor(
  rosters: readonly RosterFacts[],
  personId: string,
  sittings: readonly SittingTime[],
  minutes = MEETING_MINUTES,
): OwnSitting {
  let best: OwnSitting = { sittingId: null, answer: 'unknown' }
  let worth = -1
  for (const sitting of [...sittings].sort((a, b) => a.startsAt - b.startsAt)) {
    const answer = canAttend(rosters, personId, sitting.startsAt, minutes)
    if (WORTH[answer] <= worth) continue
    worth = WORTH[answer]
    best = { sittingId: answer === 'yes' || answer === 'resting' ? sitting.id : null, answer }
  }
  return best
}

/**
 * Who is expected in a sitting, by person id; of a meeting in one sitting everyone but those on leave or at work then, and those
 * without a shift, of whom nothing is claimed.
 */
export function expectedIn(
  rosters: readonly RosterFacts[],
  personIds: readonly string[],
  sittings: readonly SittingTime[],
  sittingId: string,
  minutes = MEETING_MINUTES,
): Set<string> {
  return new Set(
    personIds.filter((personId) => sittingFor(rosters, personId, sittings, minutes).sittingId === sittingId),
  )
}

export interface SittingCover {
  /** By sitting id: whom it suits best. */
  bySitting: Map<string, string[]>
  /** Of those, whose day off it is. */
  resting: string[]
  /** At work in every sitting, by the shift that keeps them. */
  missing: Map<ShiftKind, string[]>
  onLeave: string[]
  unknown: string[]
}

export interface NotExpected {
  /** For this sitting; 'yes' where another one suits as well and comes before it. */
  answer: CanAttend
  /** The one that keeps them, where they are at work. */
  shift: ShiftKind | null
  /** The sitting that suits them; null: none. */
  instead: string | null
}

/**
 * Who is not expected in a sitting, and why: the roll shows them after the others. Of whom nothing is known is expected as
 * far as a roll is concerned, and not in it.
 */
export function notExpectedIn(
  rosters: readonly RosterFacts[],
  personIds: readonly string[],
  sittings: readonly SittingTime[],
  sittingId: string,
  minutes = MEETING_MINUTES,
): Map<string, NotExpected> {
  const found = new Map<string, NotExpected>()
  const startsAt = sittings.find(({ id }) => id === sittingId)?.startsAt
  if (startsAt === undefined) return found
  const expected = expectedIn(rosters, personIds, sittings, sittingId, minutes)
  for (const personId of personIds) {
    if (expected.has(personId)) continue
    const own = sittingFor(rosters, personId, sittings, minutes)
    if (own.answer === 'unknown') continue
    const answer = canAttend(rosters, personId, startsAt, minutes)
    const shift = answer === 'on-shift' ? shiftAt(rosters, personId, startsAt) : null
    found.set(personId, { answer, shift, instead: own.sittingId })
  }
  return found
}

/** The shift that keeps a person from a sitting: that of the day, or the night shift of the day before. */
function shiftAt(rosters: readonly RosterFacts[], personId: string, startsAt: number): ShiftKind {
  const date = civilDate(startsAt)
  const before = shiftOn(rosters, personId, dateAfter(date, -1))
  if (before !== null && isWorking(before.kind) && before.to > startsAt) return before.kind
  return shiftOn(rosters, personId, date)?.kind ?? 'night'
}

export function coverOf(
  rosters: readonly RosterFacts[],
  personIds: readonly string[],
  sittings: readonly SittingTime[],
  minutes = MEETING_MINUTES,
): SittingCover {
  const cover: SittingCover = {
    bySitting: new Map(sittings.map(({ id }) => [id, []])),
    resting: [],
    missing: new Map(),
    onLeave: [],
    unknown: [],
  }
  for (const personId of personIds) {
    const { sittingId, answer } = sittingFor(rosters, personId, sittings, minutes)
    if (sittingId !== null) cover.bySitting.get(sittingId)?.push(personId)
    if (answer === 'resting') cover.resting.push(personId)
    if (answer === 'leave') cover.onLeave.push(personId)
    if (answer === 'unknown') cover.unknown.push(personId)
    if (answer !== 'on-shift') continue
    const kind = shiftAt(rosters, personId, sittings[0]?.startsAt ?? 0)
    cover.missing.set(kind, [...(cover.missing.get(kind) ?? []), personId])
  }
  return cover
}
