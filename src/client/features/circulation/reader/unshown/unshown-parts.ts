/**
 * What the reader could not show of a file, page by page. Guaranteed: once noted it stays, also after the app was closed, until the
 * same page was shown whole on this phone or the file went from it.
 */
import type { Revision } from '../../../../../shared/circulation/document/document.ts'
import { filesOf } from '../../../../../shared/circulation/document/revisions.ts'
import type { UnshownPart } from '../../../../../shared/circulation/signing/sign-off.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { unshownKey } from '../../../../storage/files/blobs.ts'
import { guarded } from '../../../../storage/trouble.ts'

/** As many as a sign-off takes, and letters of each. */
const [MOST_PARTS, MOST_LETTERS] = [500, 200]

type Noted = Pick<UnshownPart, 'page' | 'what'>[]

async function readNoted(db: PhoneDb, sha256: string): Promise<Noted> {
  return ((await db.meta.get(unshownKey(sha256)))?.value ?? []) as Noted
}

/**
 * @param page from 1; 0 for the file as a whole
 * @param what in Chinese words; empty: all of it was shown
 */
export async function noteUnshown(
  db: PhoneDb,
  sha256: string,
  page: number,
  what: readonly string[],
): Promise<void> {
  await guarded(db, () =>
    db.transaction('rw', db.meta, async () => {
      const before = await readNoted(db, sha256)
      const others = before.filter((part) => part.page !== page)
      if (what.length === 0 && others.length === before.length) return
      const key = unshownKey(sha256)
      const now = [...others, ...(what.length === 0 ? [] : [{ page, what: what.join('、') }])]
      if (now.length === 0) await db.meta.delete(key)
      else await db.meta.put({ key, value: now.sort((a, b) => a.page - b.page) })
    }),
  )
}

/** Of all files of a revision, in their order. */
export async function unshownPartsOf(
  db: PhoneDb,
  revision: Pick<Revision, 'file' | 'attachments' | 'readingSha256'>,
): Promise<UnshownPart[]> {
  const parts = await Promise.all(
    filesOf(revision).map(async ({ file: { sha256 }, readingSha256 }, file) => {
      const shown = [sha256, ...(readingSha256 == null ? [] : [readingSha256])]
      const noted = await Promise.all(shown.map((one) => guarded(db, () => readNoted(db, one))))
      return noted.flat().map(({ page, what }) => ({ file, page, what: what.slice(0, MOST_LETTERS) }))
    }),
  )
  return parts.flat().slice(0, MOST_PARTS)
}
