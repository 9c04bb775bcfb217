/**
 * What the first screen shows, read in one go before Dexie opens: what an opening has to know, what is said of delivery and, where
 * 今日 is what opens, its rows. Undefined where the ordinary way has to be gone; nothing of it is kept, and of rows that an update
 * of the app has yet to bring to its version nothing is shown.
 */
import { completeToday, readWhole, todayTables, type FoundToday } from '../../features/today/read-today.ts'
import { readPlainly } from '../../storage/first-read/plain-read.ts'
import type { PhonePerson } from '../../storage/phone.ts'
import { areOfOtherVersion } from '../../storage/upkeep/make-readable.ts'
import { lookAtPhone, OPENING_TABLES, type FoundOnPhone } from '../../sync/phone/open-phone.ts'
import { isAtToday } from '../../ui/page/opens-today.ts'
import { gatherTodaySources } from '../today-sources.ts'

export interface FirstScreen {
  found: FoundOnPhone
  today: FoundToday
}

/** Never rejects. */
export async function readFirstScreen(person: PhonePerson): Promise<FirstScreen | undefined> {
  const sources = isAtToday() ? gatherTodaySources() : []
  const now = Date.now()
  const tables = [...OPENING_TABLES, ...(sources.length > 0 ? todayTables(sources) : [])]
  const read = await readPlainly(person.id, tables, (db) =>
    Promise.all([
      lookAtPhone(db),
      sources.length > 0 ? readWhole({ db, person, now: () => now }, sources, now) : undefined,
    ]),
  )
  if (read === undefined) return undefined
  const [found, items] = read
  if (items === undefined || areOfOtherVersion(found[0].schemas)) return { found, today: {} }
  // What half a row breaks is left to the page, which says so.
  return { found, today: { today: await completeToday(items).catch(() => undefined), now } }
}
