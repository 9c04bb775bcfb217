/** Which set of indicators a month is judged by, and which kind of unit judges a side. */
import { lastDayOfMonth } from '../civil-time.ts'
import type { IndicatorSet } from './indicator-set.ts'
import type { Side } from './sides.ts'

export interface StoredSet {
  id: string
  fields: IndicatorSet
}

/**
 * The side's set that is valid on the month's last day (`validFrom` inclusive, `validTo` exclusive); of several the highest
 * version, then the later beginning, then the greater id, so that every phone chooses the same one.
 * @param month 'YYYY-MM'
 */
export function setForMonth<Stored extends StoredSet>(
  sets: readonly Stored[],
  side: Side,
  month: string,
): Stored | undefined {
  const day = lastDayOfMonth(month)
  const valid = sets.filter(({ fields: set }) => {
    const validTo = set.validTo ?? null
    return set.side === side && set.validFrom <= day && (validTo === null || day < validTo)
  })
  return valid.sort(
    (a, b) =>
      b.fields.version - a.fields.version ||
      compare(b.fields.validFrom, a.fields.validFrom) ||
      compare(b.id, a.id),
  )[0]
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The business section judges the work side, Party units the Party side; other units judge nothing. */
export function sideOfUnitKind(kind: string | undefined): Side | null {
  if (kind === 'section') return 'work'
  return kind === 'branch' || kind === 'general-branch' || kind === 'committee' ? 'party' : null
}
