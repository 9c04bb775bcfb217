/**
 * A calendar file (.ics, RFC 5545) of entries. Instants are written in UTC, which no calendar misreads, whatever the zone of
 * the phone that writes it: a local time needs a definition of its zone, and the library would take the phone's own.
 */
import ical, { ICalEventStatus, ICalEventTransparency } from 'ical-generator'
import { DAY_MS } from '../../../../shared/civil-time.ts'
import type { CalendarEvent } from './calendar-events.ts'

export const ICS_MIME = 'text/calendar;charset=utf-8'

/** Midnight of a civil date in UTC: the library writes whole days by it. */
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00.000Z`)

/** @param madeAt UTC ms */
export function icsOf(name: string, events: readonly CalendarEvent[], madeAt: number): string {
  const calendar = ical({ name, prodId: { company: 'window-hall', product: 'window-hall', language: 'ZH' } })
  for (const event of events) {
    const { wholeDay } = event
    const from = wholeDay === undefined ? event.from : dayOf(wholeDay)
    const to = wholeDay === undefined ? event.to : from + DAY_MS
    calendar.createEvent({
      id: event.uid,
      sequence: event.sequence,
      stamp: new Date(madeAt),
      start: new Date(from),
      end: new Date(to),
      allDay: wholeDay !== undefined,
      // In words too: calendars that pass over the status still show that nobody needs to come.
      summary: event.isCancelled ? `已取消：${event.title}` : event.title,
      ...(event.place === '' ? {} : { location: event.place }),
      status: event.isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      // Neither a day of rest nor a meeting that does not take place keeps anyone busy.
      transparency:
        wholeDay !== undefined || event.isCancelled
          ? ICalEventTransparency.TRANSPARENT
          : ICalEventTransparency.OPAQUE,
    })
  }
  // The library leaves the last line open.
  return `${calendar.toString()}\r\n`
}
