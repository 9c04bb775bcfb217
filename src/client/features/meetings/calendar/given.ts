/**
 * What this phone has handed to its own calendar.
 *
 * Guarantee: an entry that was given and stands no longer (a sitting taken out of its meeting, a meeting that is gone, a unit that
 * was left) is told as cancelled in the next file of its kind and in each further one until its day is over; the sequence of an
 * entry never falls, and rises with each change, whatever the rows it was made from say.
 */
import * as v from 'valibot'
import { civilDate } from '../../../../shared/civil-time.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import { guarded } from '../../../storage/trouble.ts'
import type { CalendarEvent } from './calendar-events.ts'

const KEY = 'calendar-given'
const Given = v.array(
  v.object({
    uid: v.string(),
    sequence: v.number(),
    title: v.string(),
    place: v.string(),
    from: v.number(),
    to: v.number(),
    wholeDay: v.optional(v.string()),
    isCancelled: v.boolean(),
  }),
)

const dayOf = (event: CalendarEvent): string => event.wholeDay ?? civilDate(event.from)
const sayingOf = ({ title, place, from, to, wholeDay, isCancelled }: CalendarEvent): string =>
  JSON.stringify([title, place, from, to, wholeDay, isCancelled])

/** The event after what was given before it. */
function following(event: CalendarEvent, before: CalendarEvent | undefined): CalendarEvent {
  if (before === undefined) return event
  const isSame = sayingOf(before) === sayingOf(event)
  return { ...event, sequence: Math.max(event.sequence, before.sequence + (isSame ? 0 : 1)) }
}

/**
 * What belongs into the file.
 * @param events as they stand now
 * @param isOfFile whether an entry belongs to this kind of file
 * @param today civil date: what is over is left alone
 */
export function withGone(
  events: readonly CalendarEvent[],
  given: readonly CalendarEvent[],
  isOfFile: (uid: string) => boolean,
  today: string,
): CalendarEvent[] {
  const before = new Map(given.map((event) => [event.uid, event]))
  const standing = new Set(events.map(({ uid }) => uid))
  const gone = given.filter(
    (event) => isOfFile(event.uid) && !standing.has(event.uid) && dayOf(event) >= today,
  )
  return [
    ...events.map((event) => following(event, before.get(event.uid))),
    ...gone.map((event) => following({ ...event, isCancelled: true }, event)),
  ]
}

/** Empty where nothing was given, and where what was kept can't be read. @throws StorageTrouble */
export async function readGiven(db: PhoneDb): Promise<CalendarEvent[]> {
  const held = v.safeParse(Given, (await guarded(db, () => db.meta.get(KEY)))?.value)
  if (!held.success) return []
  return held.output.map(({ wholeDay, ...event }) =>
    wholeDay === undefined ? event : { ...event, wholeDay },
  )
}

/** Beside what was given before; what is over is forgotten. @throws StorageTrouble */
export async function keepGiven(db: PhoneDb, events: readonly CalendarEvent[], today: string): Promise<void> {
  await guarded(db, () =>
    db.transaction('rw', db.meta, async () => {
      const all = new Map([...(await readGiven(db)), ...events].map((event) => [event.uid, event]))
      await db.meta.put({ key: KEY, value: [...all.values()].filter((event) => dayOf(event) >= today) })
    }),
  )
}
