/**
 * A page that is looked at, marked on the disk for as long as it could end the app.
 *
 * Guaranteed: an app that dies in sight over the page leaves the mark; one that was put away, swiped off or closed does not, whatever
 * becomes of it then.
 */
import type { PhoneDb } from '../../../../storage/db.ts'
import { beginPage, leavePage, noteUnshown } from './unshown-parts.ts'

export interface Place {
  sha256: string
  /** 0 for a file without pages. */
  page: number
  /** All of it, in words. */
  whole: string
}

/**
 * @param look what is missing, in words; 'given-up': nothing is said of the page
 * @returns what `look` did; 'known' where nothing was to be looked at
 * @throws StorageTrouble, and what `look` throws
 */
export async function lookMarked(
  db: PhoneDb,
  { sha256, page, whole }: Place,
  look: () => Promise<readonly string[] | 'given-up'>,
): Promise<readonly string[] | 'given-up' | 'known'> {
  if (!(await beginPage(db, sha256, page, whole))) return 'known'
  let isMarked = true
  let changed: Promise<unknown> = Promise.resolve()
  const mark = (isInSight: boolean): void => {
    if (isMarked === isInSight) return
    isMarked = isInSight
    const change = isInSight ? beginPage(db, sha256, page, whole) : leavePage(db, sha256, page)
    changed = change.catch(() => undefined)
  }
  const follow = (): void => mark(!document.hidden)
  const leave = (): void => mark(false)
  follow()
  document.addEventListener('visibilitychange', follow)
  // Older Safari says only this of a tab that is closed.
  window.addEventListener('pagehide', leave)
  window.addEventListener('pageshow', follow)
  let found: readonly string[] | 'given-up' = 'given-up'
  try {
    found = await look()
  } finally {
    document.removeEventListener('visibilitychange', follow)
    window.removeEventListener('pagehide', leave)
    window.removeEventListener('pageshow', follow)
    await changed
    if (found !== 'given-up') await noteUnshown(db, sha256, page, found)
    else if (isMarked) await leavePage(db, sha256, page)
  }
  return found
}
