/**
 * Times for the sittings of one day, so that as many as can be come in their own day's work: proposed by the shift roster,
 * changed by hand. Where nobody wrote shifts there is no proposal.
 */
import { civilDate, civilInstant, civilTime } from '../../civil-time.ts'
import type { ShiftKind } from '../../org/shifts/shift-roster.ts'
import { canAttend, MEETING_MINUTES, shiftOn, type RosterFacts } from '../../org/shifts/shifts.ts'

export interface ProposedSitting {
  name: string
  startsAt: number
  /** For whom it is the first that suits. */
  personIds: string[]
}

const STEP_MS = 30 * 60_000
/** Nobody is asked to a meeting by night. */
const FIRST = '07:00'
const LAST = '21:30'
const MOST = 3
/** Nobody waits longer than this between the shift and the meeting. */
const NEAR_MS = 2 * 3_600_000
/** When equally many can come: the hour that most meetings have. */
const USUAL = '16:30'
const NAMES: Partial<Record<ShiftKind, string>> = { early: '早班场', late: '晚班场', night: '夜班场' }

function nameFor(
  rosters: readonly RosterFacts[],
  personIds: readonly string[],
  date: string,
  taken: ReadonlySet<string>,
  at: number,
): string {
  const counts = new Map<string, number>()
  for (const personId of personIds) {
    const name = NAMES[shiftOn(rosters, personId, date)?.kind ?? 'rest']
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const [most] = [...counts].filter(([name]) => !taken.has(name)).sort((a, b) => b[1] - a[1])
  return most?.[0] ?? `第 ${at + 1} 场`
}

/** Can come, just before the day's shift or just after it: nobody makes the way twice. */
function isNear(
  rosters: readonly RosterFacts[],
  personId: string,
  startsAt: number,
  minutes: number,
): boolean {
  if (canAttend(rosters, personId, startsAt, minutes) !== 'yes') return false
  const shift = shiftOn(rosters, personId, civilDate(startsAt))
  if (shift === null) return false
  const until = shift.from - (startsAt + minutes * 60_000)
  const since = startsAt - shift.to
  return (until >= 0 && until <= NEAR_MS) || (since >= 0 && since <= NEAR_MS)
}

/** In the order of their times. One that suits everybody is one; each further one suits somebody whom none before did. */
export function proposeSittings(
  rosters: readonly RosterFacts[],
  personIds: readonly string[],
  date: string,
  minutes = MEETING_MINUTES,
): ProposedSitting[] {
  const times: number[] = []
  for (let at = civilInstant(date, FIRST); at <= civilInstant(date, LAST); at += STEP_MS) times.push(at)
  const usual = civilInstant(date, USUAL)
  const suits = times.map((startsAt) => ({
    startsAt,
    people: personIds.filter((id) => isNear(rosters, id, startsAt, minutes)),
  }))
  let left = new Set(personIds)
  const chosen: { startsAt: number; personIds: string[] }[] = []
  while (chosen.length < MOST) {
    const [best] = suits
      .map(({ startsAt, people }) => ({ startsAt, personIds: people.filter((id) => left.has(id)) }))
      .sort(
        (a, b) =>
          b.personIds.length - a.personIds.length ||
          Math.abs(a.startsAt - usual) - Math.abs(b.startsAt - usual) ||
          a.startsAt - b.startsAt,
      )
    if (best === undefined || best.personIds.length === 0) break
    chosen.push(best)
    left = new Set([...left].filter((id) => !best.personIds.includes(id)))
  }
  const taken = new Set<string>()
  return chosen
    .sort((a, b) => a.startsAt - b.startsAt)
    .map(({ startsAt, personIds: people }, at) => {
      const name = nameFor(rosters, people, civilDate(startsAt), taken, at)
      taken.add(name)
      return { name, startsAt, personIds: people }
    })
}

/** '2026-11-23T16:30', as a field of a form has it. */
export const fieldTime = (startsAt: number): string => `${civilDate(startsAt)}T${civilTime(startsAt)}`
