/** A line that says the same stays the same object: at a tap one row is drawn anew, not three hundred. */
import type { RollLine, StoredMark } from '../../../../../shared/meetings/roll.ts'
import type { RollMarkRow } from '../../model/read-meetings.ts'

type Head = StoredMark & Partial<Pick<RollMarkRow, 'pending' | 'receivedAt'>>
type Line = Omit<RollLine, 'heads'> & { heads: readonly Head[] }

/** What of a mark can change under its id: only where it is. */
function sameHeads(one: readonly Head[], other: readonly Head[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ id, pending, receivedAt }, at) => {
      const there = other[at]!
      return id === there.id && pending === there.pending && receivedAt === there.receivedAt
    })
  )
}

function saysTheSame(one: Line, other: Line): boolean {
  const { heads, ...rest } = one
  const { heads: otherHeads, ...otherRest } = other
  const fields = Object.keys(rest) as (keyof typeof rest)[]
  return (
    fields.length === Object.keys(otherRest).length &&
    fields.every((field) => rest[field] === otherRest[field]) &&
    sameHeads(heads, otherHeads)
  )
}

/** @param before the lines as they were, by person */
export function keepSame(
  before: ReadonlyMap<string, RollLine> | undefined,
  lines: readonly RollLine[],
): Map<string, RollLine> {
  return new Map(
    lines.map((line) => {
      const was = before?.get(line.personId)
      return [line.personId, was !== undefined && saysTheSame(was, line) ? was : line]
    }),
  )
}
