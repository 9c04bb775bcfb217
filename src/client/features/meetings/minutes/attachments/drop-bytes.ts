/**
 * Takes the bytes of a file that was added and taken out again off this phone. Guarantee: what a record, a write that waits or is
 * refused, or anything half written here still names, stays; so does what the endpoint gave, which is kept as such.
 */
import { listKept } from '../../../../storage/kept-drafts.ts'
import { blobsNamedBy } from '../../../../storage/outbox/entries.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { filesIn } from './draft-files.ts'

/** @throws StorageTrouble */
export async function dropBytes({ db }: Phone, sha256: string): Promise<void> {
  const [queued, refused, drafts, kept] = await Promise.all([
    db.outbox.toArray(),
    db.attention.toArray(),
    db.records('minutes-draft').toArray(),
    listKept(db),
  ])
  const isNamed =
    [...queued, ...refused].some((entry) => blobsNamedBy(entry).includes(sha256)) ||
    drafts.some(({ fields }) => filesIn(fields).some((file) => file.sha256 === sha256)) ||
    kept.some(({ value }) => JSON.stringify(value)?.includes(sha256))
  if (isNamed) return
  await db.blobs
    .where('sha256')
    .equals(sha256)
    .and(({ upload }) => upload === 1)
    .delete()
}
