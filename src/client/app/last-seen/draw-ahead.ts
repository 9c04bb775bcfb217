/**
 * 今日 drawn ahead: for the rest of this day and for each of the next three, by what the phone holds now.
 *
 * Guaranteed: nothing is written, sent or shown, and no piece of it is longer than one reading, one rendering, or one page put into
 * words; between two of them the browser has its turn. Where anything of it cannot be read, or has not come yet, nothing is answered
 * from there on.
 */
import { civilDate, civilInstant, DAY_MS } from '../../../shared/civil-time.ts'
import { completeToday, readWhole, type ReadToday } from '../../features/today/read-today.ts'
import type { Phone } from '../../storage/phone.ts'
import { gatherTodaySources } from '../today-sources.ts'
import { whenIdle } from '../when-idle.ts'
import { drawToday } from './draw-today.ts'
import { DAYS_AHEAD } from './kept.ts'
import { rememberingDb } from './remembering-db.ts'
import { timesOf } from './times-of.ts'

/** A day with more turns than that shows bones after them. */
const MOST_TIMES_A_DAY = 8

export interface DrawnPage {
  /** By the phone's clock; `until` is exclusive. */
  from: number
  until: number
  /** HTML. */
  page: string
}

export type DrawingPhone = Pick<Phone, 'db' | 'person' | 'now'>

/** The pages of a day at a time, this day first. Whoever asks for no more of them ends it. */
export async function* drawAhead(phone: DrawingPhone): AsyncGenerator<readonly DrawnPage[]> {
  const sources = gatherTodaySources()
  const db = rememberingDb(phone.db)
  const readAt = async (now: number): Promise<ReadToday> => {
    await whenIdle()
    const read = await readWhole({ db, person: phone.person, now: () => now }, sources, now)
    if (read.isComing) throw new Error('not all has come')
    return await completeToday(read)
  }
  const began = phone.now()
  const midnight = civilInstant(civilDate(began))
  for (let day = 0; day <= DAYS_AHEAD; day++) {
    const from = midnight + day * DAY_MS
    const times = await timesOf(Math.max(from, began), from + DAY_MS, readAt)
    const pages: DrawnPage[] = []
    for (const { today, ...time } of times.slice(0, MOST_TIMES_A_DAY)) {
      await whenIdle()
      pages.push({ ...time, page: await drawToday(today, time.from) })
    }
    yield pages
  }
  // What is done with all of them is a piece of its own.
  await whenIdle()
}
