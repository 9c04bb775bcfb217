/** Files of pocket books on this phone: they can be fetched again, so they may go when space is short. */
import type { Phone } from '../../../storage/phone.ts'

export interface BookFiles {
  hashes: string[]
  sizeBytes: number
}

export async function readBookFiles({ db }: Pick<Phone, 'db'>): Promise<BookFiles> {
  const chapters = await db.records('book-chapter').toArray()
  const files: BookFiles = { hashes: [], sizeBytes: 0 }
  const wanted = [...new Set(chapters.map((row) => row.fields.sha256))]
  await db.blobs
    .where('sha256')
    .anyOf(wanted)
    .each((row) => {
      if (row.upload === 1) return
      files.hashes.push(row.sha256)
      files.sizeBytes += row.sizeBytes
    })
  return files
}

/** @returns how many were removed; one that the endpoint does not have yet stays */
export async function clearBookFiles(phone: Pick<Phone, 'db' | 'blobs'>): Promise<number> {
  const { hashes } = await readBookFiles(phone)
  let removed = 0
  for (const hash of hashes) if (await phone.blobs.remove(hash)) removed += 1
  return removed
}
