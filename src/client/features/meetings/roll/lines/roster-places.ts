/**
 * Where each person stands on an open roll. Sorted once, who is expected here first; who joins later stands at the end, who
 * leaves keeps the place and can no longer be marked: nothing moves under the thumb until the officer asks for it.
 */
import type { RosterLine } from '../../../../../shared/meetings/roster.ts'
import type { AwayWords } from './away.ts'

/** By person id; they stand behind all others, folded. */
export type Away = ReadonlyMap<string, AwayWords>

export interface Sorted {
  people: readonly RosterLine[]
  away: Away
}

export interface Places extends Sorted {
  /** Who is no longer on the roster. */
  left: ReadonlySet<string>
  /** The order is not the one that sorting would give. */
  isStale: boolean
}

export const NO_PLACES: Places = { people: [], away: new Map(), left: new Set(), isStale: false }

/**
 * @param before what stands on the screen; empty at first
 * @param sorted the roster as it should stand
 */
export function placesAfter(before: Places, sorted: Sorted): Places {
  const now = new Map(sorted.people.map((line) => [line.personId, line]))
  const stood = new Set(before.people.map(({ personId }) => personId))
  const people = [
    ...before.people.map((line) => now.get(line.personId) ?? line),
    ...sorted.people.filter(({ personId }) => !stood.has(personId)),
  ]
  const left = new Set(people.filter(({ personId }) => !now.has(personId)).map(({ personId }) => personId))
  const away =
    before.people.length === 0
      ? sorted.away
      : new Map([...before.away].map(([personId, words]) => [personId, sorted.away.get(personId) ?? words]))
  const isStale = people.some(
    ({ personId }, at) =>
      personId !== sorted.people[at]?.personId || away.has(personId) !== sorted.away.has(personId),
  )
  return { people, away, left, isStale }
}
