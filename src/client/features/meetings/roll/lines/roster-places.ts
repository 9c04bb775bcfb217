/**
 * Where each person stands on an open roll. Sorted once; who joins later stands at the end, who leaves keeps the place and can
 * no longer be marked: nothing moves under the thumb until the officer asks for it.
 */
import type { RosterLine } from '../../../../../shared/meetings/roster.ts'

export interface Places {
  /** In the order on the screen. */
  people: readonly RosterLine[]
  /** Who is no longer on the roster. */
  left: ReadonlySet<string>
  /** The order is not the one that sorting would give. */
  isStale: boolean
}

export const NO_PLACES: Places = { people: [], left: new Set(), isStale: false }

/**
 * @param before what stands on the screen; empty at first
 * @param sorted the roster as it should stand
 */
export function placesAfter(before: Places, sorted: readonly RosterLine[]): Places {
  const now = new Map(sorted.map((line) => [line.personId, line]))
  const stood = new Set(before.people.map(({ personId }) => personId))
  const people = [
    ...before.people.map((line) => now.get(line.personId) ?? line),
    ...sorted.filter(({ personId }) => !stood.has(personId)),
  ]
  const left = new Set(people.filter(({ personId }) => !now.has(personId)).map(({ personId }) => personId))
  const isStale = people.some(({ personId }, at) => personId !== sorted[at]?.personId)
  return { people, left, isStale }
}
