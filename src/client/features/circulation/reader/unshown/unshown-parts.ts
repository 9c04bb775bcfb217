/**
 * What this phone could not show of a file, page by page. Guaranteed: once noted it stays, also after the app was closed, until the
 * same page was shown whole on this phone or the file went from it. Never sent.
 */
import type { Revision } from '../../../../../shared/circulation/document/document.ts'
import { filesOf } from '../../../../../shared/circulation/document/revisions.ts'
import {
  MOST_UNSHOWN_LETTERS,
  MOST_UNSHOWN_PARTS,
  type UnshownPart,
} from '../../../../../shared/circulation/signing/sign-off.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { unshownKey } from '../../../../storage/files/blobs.ts'
import { guarded } from '../../../../storage/trouble.ts'

/** Of one page, or of the file as a whole (0); nothing missing: `what` is empty. */
interface Noted extends Pick<UnshownPart, 'page' | 'what'> {
  /** Only while it is looked at by `go-through.ts`: how often that was begun. */
  begun?: number
}

async function readNoted(db: PhoneDb, sha256: string): Promise<Noted[]> {
  return ((await db.meta.get(unshownKey(sha256)))?.value ?? []) as Noted[]
}

const changeNoted = (
  db: PhoneDb,
  sha256: string,
  page: number,
  /** undefined: nothing is known of the page. */
  change: (before: Noted | undefined) => Noted | undefined,
): Promise<void> =>
  guarded(db, () =>
    db.transaction('rw', db.meta, async () => {
      const all = await readNoted(db, sha256)
      const before = all.find((part) => part.page === page)
      const after = change(before)
      if (after === before) return
      const now = [...all.filter((part) => part !== before), ...(after === undefined ? [] : [after])]
      await db.meta.put({ key: unshownKey(sha256), value: now.sort((a, b) => a.page - b.page) })
    }),
  )

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
  const now = { page, what: what.join('、') }
  await changeNoted(db, sha256, page, (before) =>
    before?.what === now.what && before.begun === undefined ? before : now,
  )
}

/** As often as it may be begun and not ended: it has ended the app. */
const MOST_BEGUN = 2

/**
 * @param whole what is missing where it ended the app too often
 * @returns whether the page is to be looked at: nothing is known of it yet, and it did not end the app before
 */
export async function beginPage(db: PhoneDb, sha256: string, page: number, whole = '整页'): Promise<boolean> {
  let isToLookAt = false
  await changeNoted(db, sha256, page, (before) => {
    if (before !== undefined && before.begun === undefined) return before
    const begun = (before?.begun ?? 0) + 1
    isToLookAt = begun <= MOST_BEGUN
    return isToLookAt ? { page, what: '', begun } : { page, what: whole }
  })
  return isToLookAt
}

/** It gave way, and says nothing of the page: begun once less. */
export const leavePage = (db: PhoneDb, sha256: string, page: number): Promise<void> =>
  changeNoted(db, sha256, page, (before) => {
    if (before?.begun === undefined) return before
    return before.begun > 1 ? { ...before, begun: before.begun - 1 } : undefined
  })

/** All of its pages were looked at. */
export async function isGoneThrough(db: PhoneDb, sha256: string): Promise<boolean> {
  return (await pagesKnown(db, sha256)).has(0)
}

export async function pagesKnown(db: PhoneDb, sha256: string): Promise<Set<number>> {
  const noted = await guarded(db, () => readNoted(db, sha256))
  return new Set(noted.filter(({ begun }) => begun === undefined).map(({ page }) => page))
}

/** Of one file, in words: each thing once. */
export async function unshownOf(db: PhoneDb, sha256: string): Promise<string[]> {
  const noted = await guarded(db, () => readNoted(db, sha256))
  return [...new Set(noted.map(({ what }) => what).filter((what) => what !== ''))]
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
      const missing = noted.flat().filter(({ what }) => what !== '')
      return missing.map(({ page, what }) => ({ file, page, what: what.slice(0, MOST_UNSHOWN_LETTERS) }))
    }),
  )
  return parts.flat().slice(0, MOST_UNSHOWN_PARTS)
}
