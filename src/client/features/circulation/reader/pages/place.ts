/**
 * Where one stopped in a file: kept on this phone alone, for each person (their own database) and each file by its hash, so a
 * new revision begins at its beginning. One place, no time and no count; it goes with the file.
 */
import { placeKey } from '../../../../storage/files/blobs.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { guarded } from '../../../../storage/trouble.ts'

export interface Place {
  /** From 1. */
  page: number
  /** How far down the page, as a share of its height. */
  share: number
}

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' &&
  value !== null &&
  Number.isInteger(Reflect.get(value, 'page')) &&
  Number.isFinite(Reflect.get(value, 'share'))

/** null at the beginning, and when it cannot be read: nobody is kept from reading by it. */
export async function readPlace(db: PhoneDb, sha256: string): Promise<Place | null> {
  const row = await guarded(db, () => db.meta.get(placeKey(sha256))).catch(() => undefined)
  return isPlace(row?.value) ? row.value : null
}

/** What cannot be kept is not told: it is a convenience, and nobody wrote it. */
export async function keepPlace(db: PhoneDb, sha256: string, { page, share }: Place): Promise<void> {
  await guarded(db, () => db.meta.put({ key: placeKey(sha256), value: { page, share } })).catch(
    () => undefined,
  )
}
