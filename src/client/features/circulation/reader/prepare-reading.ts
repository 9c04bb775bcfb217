/** What a document needs to be shown, begun before the page has asked for all that it says beside it. */
import { filesOf } from '../../../../shared/circulation/document/revisions.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readingOf } from './file-kind.ts'
import { preparePdf } from './open-pdf.ts'

/** Best effort: what goes wrong is told when the file is opened. */
export async function prepareReading({ db }: Pick<Phone, 'db'>, circulationId: string): Promise<void> {
  const row = await db
    .records('circulation')
    .get(circulationId)
    .catch(() => undefined)
  const newest = row?.fields.revisions.at(-1)
  if (newest === undefined || row?.fields.state === 'recalled') return
  const [first] = filesOf(newest)
  if (first === undefined || readingOf(first).type !== 'pdf') return
  // Not for a file that is not here: its viewer would be started for nothing.
  if ((await db.blobs.where('sha256').equals(first.file.sha256).count()) > 0) preparePdf()
}
