/**
 * Goes through all pages of a file, also those that nobody opened: what this phone cannot show of them is known before it is signed.
 *
 * Guaranteed: page by page, with no picture kept; none that is known already, also after the app was closed; a page over which the
 * app died twice in sight, or that is not done after a minute on the screen, counts as not shown and is not tried again; after the
 * latter the rest of the file too, so that nobody waits for ever to sign. It asks nothing of the person, and keeps nothing about them.
 */
import type { PhoneDb } from '../../../../storage/db.ts'
import type { FilePage, PagedFile } from '../pages/paged-file.ts'
import { lookMarked } from './begun.ts'
import { noteUnshown, pagesKnown } from './unshown-parts.ts'

/** Of the drawing, which nobody sees: pictures are decoded whole at any size. */
const WIDTH_PX = 120

/** Of one page, while the app is on the screen: in the background a browser draws nothing. */
const LONGEST_S = 60

/** Runs one page. @param act ends early on the signal */
export type Turn = (act: (signal: AbortSignal) => Promise<void>) => Promise<void>

/** @throws what drawing throws, also when the signal came */
async function missingOn(page: FilePage, signal: AbortSignal): Promise<readonly string[]> {
  const canvas = document.createElement('canvas')
  const scale = WIDTH_PX / page.width
  canvas.width = WIDTH_PX
  canvas.height = Math.max(1, Math.min(8 * WIDTH_PX, Math.round(page.height * scale)))
  const drawing = page.draw(canvas, scale)
  const cancel = (): void => drawing.cancel()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    return await drawing.promise
  } finally {
    signal.removeEventListener('abort', cancel)
    canvas.width = canvas.height = 0
    page.free()
  }
}

/** @returns undefined when it takes too long */
export function inTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  giveWay: AbortSignal,
): Promise<T | undefined> {
  const over = new AbortController()
  const end = (): void => over.abort()
  giveWay.addEventListener('abort', end)
  if (giveWay.aborted) end()
  return new Promise((resolve, reject) => {
    let seconds = 0
    const timer = setInterval(() => {
      if (!document.hidden) seconds += 1
      if (seconds < LONGEST_S) return
      resolve(undefined)
      end()
    }, 1000)
    work(over.signal)
      .then(resolve, reject)
      .finally(() => {
        clearInterval(timer)
        giveWay.removeEventListener('abort', end)
      })
  })
}

/** @returns whether the next page may be tried */
async function lookAt(
  db: PhoneDb,
  sha256: string,
  { file, number }: { file: PagedFile; number: number },
  signal: AbortSignal,
): Promise<boolean> {
  let isInTime = true
  await lookMarked(db, { sha256, page: number, whole: '整页' }, async () => {
    const look = async (ends: AbortSignal) => await missingOn(await file.page(number), ends)
    const missing = await inTime(look, signal).catch(() => ['整页'])
    isInTime = missing !== undefined
    return signal.aborted ? 'given-up' : (missing ?? ['整页'])
  })
  return isInTime
}

/** What was not tried at all. */
async function leaveOut(db: PhoneDb, sha256: string, from: number, to: number): Promise<void> {
  const known = await pagesKnown(db, sha256)
  for (let number = from; number <= to; number += 1)
    if (!known.has(number)) await noteUnshown(db, sha256, number, ['整页'])
}

/**
 * @param turn when a page may be looked at; one that gave way comes again. It may leave it out once `isOver`
 * @param isOver nobody needs it any more: the file is closed
 * @throws StorageTrouble
 */
export async function goThrough(
  db: PhoneDb,
  sha256: string,
  file: PagedFile,
  { turn, isOver }: { turn: Turn; isOver: () => boolean },
): Promise<void> {
  for (let number = 1; number <= file.pages && !isOver();) {
    let trouble: unknown
    let isKnown = false
    let goesOn = true
    await turn(async (signal) => {
      try {
        goesOn = await lookAt(db, sha256, { file, number }, signal)
        isKnown = !signal.aborted
      } catch (error) {
        trouble = error
      }
    })
    if (trouble !== undefined) throw trouble
    if (isKnown) number += 1
    if (goesOn) continue
    await leaveOut(db, sha256, number, file.pages)
    break
  }
  if (!isOver()) await noteUnshown(db, sha256, 0, [])
}
