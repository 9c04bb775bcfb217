/** Who came to other sittings of the same meeting: named on the roll of each, so that nobody is there twice unseen. */
import { rollLines, type StoredMark } from '../roll.ts'

/** By person the sittings in which they are marked as having come, other than the one asked about. */
export function presentElsewhere(
  marks: readonly StoredMark[],
  roster: readonly { personId: string }[],
  sittingIds: readonly string[],
  sittingId: string,
): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const other of sittingIds) {
    if (other === sittingId) continue
    for (const line of rollLines(roster, marks, other)) {
      const here = line.state === 'present' || line.state === 'late'
      if (here) found.set(line.personId, [...(found.get(line.personId) ?? []), other])
    }
  }
  return found
}
