/** Which older revision the newest one can be compared with. */
import type { Revision } from '../../../../shared/circulation/document/document.ts'
import type { CirculationLine } from '../circulation-lines.ts'
import { readingOf } from '../reader/file-kind.ts'

const hasWords = (revision: Revision): boolean => ['markdown', 'pdf'].includes(readingOf(revision).type)

/** The one that the person signed last, else the one before the newest; undefined where either has no words to compare. */
export function comparableBefore(
  line: Pick<CirculationLine, 'fields' | 'revision' | 'signOffs'>,
): Revision | undefined {
  const older = line.fields.revisions
    .filter((r) => r.revision < line.revision.revision)
    .sort((a, b) => b.revision - a.revision)
  const signed = older.find((r) => line.signOffs.some((s) => s.fields.revision === r.revision))
  const before = signed ?? older[0]
  return before !== undefined && hasWords(before) && hasWords(line.revision) ? before : undefined
}
