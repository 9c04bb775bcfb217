/**
 * When 今日 shows something else in the course of a day: a lesson that is published at eight, a meeting that is over.
 *
 * Guaranteed: each time that is answered begins and ends with a moment that was read and shows the same; between two that show
 * different things at most a minute is left out. What comes and goes again between two moments that show the same is not found.
 */
import type { ReadToday } from '../../features/today/read-today.ts'

const MINUTE_MS = 60_000
/** A turn takes about ten; what goes on changing is not drawn ahead. */
const MOST_READINGS = 120

interface Moment {
  at: number
  today: ReadToday
  /** What tells it from others. */
  words: string
}

export interface TimeOfDay {
  from: number
  /** Exclusive. */
  until: number
  today: ReadToday
}

type ReadAt = (now: number) => Promise<ReadToday>

async function between(a: Moment, b: Moment, read: (at: number) => Promise<Moment>): Promise<TimeOfDay[]> {
  if (a.words === b.words) return [{ from: a.at, until: b.at + 1, today: a.today }]
  const half = (a.at + b.at) / 2 / MINUTE_MS
  const middle = [Math.floor(half), Math.ceil(half)]
    .map((minute) => minute * MINUTE_MS)
    .find((at) => at > a.at && at < b.at)
  if (b.at - a.at <= MINUTE_MS || middle === undefined)
    return [a, b].map(({ at, today }) => ({ from: at, until: at + 1, today }))
  const moment = await read(middle)
  const before = await between(a, moment, read)
  const [same, ...after] = await between(moment, b, read)
  before.at(-1)!.until = same!.until
  return [...before, ...after]
}

/**
 * @param until exclusive
 * @throws where it changes all the time
 */
export async function timesOf(from: number, until: number, readAt: ReadAt): Promise<TimeOfDay[]> {
  let readings = 0
  const read = async (at: number): Promise<Moment> => {
    if (++readings > MOST_READINGS) throw new Error('今日 changes all the time')
    const today = await readAt(at)
    return { at, today, words: JSON.stringify(today) }
  }
  const times = await between(await read(from), await read(until - 1), read)
  return times.filter((time) => time.until - time.from > 1)
}
