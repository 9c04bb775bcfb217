/**
 * The pictures of 今日 in this browser's storage: one list of the times at which each is true, and each picture by itself.
 *
 * Guaranteed: the list never names a picture that is not the one meant, wherever writing stops; they go all at once; together they
 * take no more than {@link MOST_CHARACTERS}, and where there is no room, nothing.
 */
import { LAST_SEEN, type LastSeen, type ShownTime } from './show.ts'

/** Beside this day. Over a weekend with a day of leave. */
export const DAYS_AHEAD = 3
/** One has 12,000 to 16,000. */
export const MOST_CHARACTERS = 200_000

export interface Picture extends Omit<ShownTime, 'key'> {
  html: string
}

/** What does not fit is left out, the latest first. */
function fitting(pictures: readonly Picture[]): readonly Picture[] {
  let room = MOST_CHARACTERS
  return pictures.filter(({ html }) => (room -= html.length) >= 0)
}

function sweep(kept: readonly ShownTime[]): void {
  const keys = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at)!)
  for (const key of keys) {
    if (key.startsWith(`${LAST_SEEN}-`) && !kept.some((time) => time.key === key))
      localStorage.removeItem(key)
  }
}

export function dropPictures(): void {
  localStorage.removeItem(LAST_SEEN)
  sweep([])
}

/** In place of all that were kept. */
export function keepPictures(of: Omit<LastSeen, 'times'>, pictures: readonly Picture[]): void {
  try {
    const fit = fitting(pictures).map((picture) => ({ ...picture, key: `${LAST_SEEN}-${picture.from}` }))
    const times = fit.map(({ from, until, key }) => ({ from, until, key }))
    const list = JSON.stringify({ ...of, times } satisfies LastSeen)
    const isKept = fit.every(({ key, html }) => localStorage.getItem(key) === html)
    if (isKept && localStorage.getItem(LAST_SEEN) === list) return
    localStorage.removeItem(LAST_SEEN)
    for (const { key, html } of fit) localStorage.setItem(key, html)
    sweep(times)
    if (times.length > 0) localStorage.setItem(LAST_SEEN, list)
  } catch {
    // No room for it: the next opening shows bones, not what was there before.
    dropPictures()
  }
}

/** The list, and the picture that is true at a moment or else the first; of whatever version and person. */
export function readKept(now = Date.now()): { of: LastSeen; html: string } | undefined {
  try {
    const of = JSON.parse(localStorage.getItem(LAST_SEEN) ?? 'null') as LastSeen | null
    const time = of?.times.find(({ from, until }) => from <= now && now < until) ?? of?.times[0]
    const html = time && localStorage.getItem(time.key)
    return of && html ? { of, html } : undefined
  } catch {
    return undefined
  }
}
