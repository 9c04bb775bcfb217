/** Which older revision the newest one can be compared with. */
import type { Revision, RevisionFile } from '../../../../shared/circulation/document/document.ts'
import type { CirculationLine } from '../circulation-lines.ts'
import { readingOf } from '../reader/file-kind.ts'

export const hasWords = (file: RevisionFile): boolean => ['markdown', 'pdf'].includes(readingOf(file).type)
const hasAttachments = ({ attachments }: Revision): boolean => (attachments ?? []).length > 0

/** The one that the person signed last, else the one before the newest; undefined where there is nothing to compare: no words in the main file of either, and no attachments. */
export function comparableBefore(
  line: Pick<CirculationLine, 'fields' | 'revision' | 'signOffs'>,
): Revision | undefined {
  const older = line.fields.revisions
    .filter((r) => r.revision < line.revision.revision)
    .sort((a, b) => b.revision - a.revision)
  const signed = older.find((r) => line.signOffs.some((s) => s.fields.revision === r.revision))
  const before = signed ?? older[0]
  if (before === undefined) return undefined
  const both = [before, line.revision]
  return both.every(hasWords) || both.some(hasAttachments) ? before : undefined
}
