/**
 * What the first screen shows, read in one go before Dexie opens: what an opening has to know, what is said of delivery and, where
 * 今日 is what opens, its rows. Undefined where the ordinary way has to be gone; nothing of it is kept.
 */
import { completeToday, readWhole, todayTables, type FoundToday } from '../../features/today/read-today.ts'
import { readPlainly } from '../../storage/first-read/plain-read.ts'
import type { PhonePerson } from '../../storage/phone.ts'
import { lookAtPhone, OPENING_TABLES, type FoundOnPhone } from '../../sync/open-phone.ts'
import { gatherTodaySources } from '../today-sources.ts'

export interface FirstScreen {
  found: FoundOnPhone
  today: FoundToday
}

export async function readFirstScreen(person: PhonePerson): Promise<FirstScreen | undefined> {
  const sources = ['/', '/today'].includes(location.pathname) ? gatherTodaySources() : []
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
  return { found, today: items === undefined ? {} : { today: await completeToday(items), now } }
}
