/** A sitting that is taken out, a meeting that goes away: what stands in a phone's calendar by an earlier file is told as cancelled. */
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import {
  eventsOfMeeting,
  isOfMeeting,
  isOfMeetings,
  isOfShifts,
  type CalendarEvent,
} from '../../../../../src/client/features/meetings/calendar/calendar-events.ts'
import { keepGiven, readGiven, withGone } from '../../../../../src/client/features/meetings/calendar/given.ts'
import { icsOf } from '../../../../../src/client/features/meetings/calendar/ics.ts'
import { civilInstant } from '../../../../../src/shared/civil-time.ts'
import type { Meeting } from '../../../../../src/shared/meetings/meeting.ts'
import { meetingFields, NOW, setupPhone } from '../fixtures.ts'

const TODAY = '2026-11-23'
const sitting = (id: string, time: string, date = '2026-11-25') => ({
  id,
  name: `${id} 场`,
  startsAt: civilInstant(date, time),
  place: '',
})
const events = (changes: object, rev: number, pending: 0 | 1 = 0, id = 'mt'): CalendarEvent[] =>
  eventsOfMeeting({ id, fields: meetingFields(changes) as Meeting, rev, pending })
const both = { sittings: [sitting('a', '10:00'), sitting('b', '16:30')] }
const one = { sittings: [sitting('a', '10:00')] }
const brief = (all: readonly CalendarEvent[]) =>
  all.map(({ uid, sequence, isCancelled }) => [uid.split('@')[0], sequence, isCancelled])

describe('what was given and stands no longer', () => {
  it('is told as cancelled with a higher sequence, and keeps its uid, its title and its time', () => {
    const given = events(both, 7)
    const next = withGone(events(one, 9), given, isOfMeeting('mt'), TODAY)
    expect(brief(next)).toEqual([
      ['mt.a', 9, false],
      ['mt.b', 8, true],
    ])
    expect(next[1]).toMatchObject({ title: given[1]!.title, from: given[1]!.from, to: given[1]!.to })
    const text = icsOf('会议', next, NOW)
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(2)
    const told = text.split('BEGIN:VEVENT').find((event) => event.includes('UID:mt.b@window-hall'))
    expect(told).toMatch(/SEQUENCE:8\r\n/)
    expect(told).toMatch(/STATUS:CANCELLED\r\n/)
    expect(told).toMatch(/SUMMARY:已取消：/)
  })

  it('is told again in each further file, in the same words, until its day is over', () => {
    const first = withGone(events(one, 9), events(both, 7), isOfMeeting('mt'), TODAY)
    expect(withGone(events(one, 9), first, isOfMeeting('mt'), TODAY)).toEqual(first)
    expect(withGone(events(one, 9), first, isOfMeeting('mt'), '2026-11-25')).toHaveLength(2)
    expect(withGone(events(one, 9), first, isOfMeeting('mt'), '2026-11-26')).toHaveLength(1)
  })

  it('comes back above the cancellation, also when its row has no newer revision', () => {
    const gone = withGone(events(one, 8), events(both, 7), isOfMeeting('mt'), TODAY)
    const back = withGone(events(both, 8), gone, isOfMeeting('mt'), TODAY)
    expect(brief(back)).toEqual([
      ['mt.a', 9, false],
      ['mt.b', 9, false],
    ])
  })

  it('a meeting that is gone altogether is told in the file of all meetings, another’s sittings in no file of one', () => {
    const given = [...events(both, 7), ...events(one, 5, 0, 'other')]
    expect(brief(withGone([], given, isOfMeetings, TODAY))).toEqual([
      ['mt.a', 8, true],
      ['mt.b', 8, true],
      ['other.a', 6, true],
    ])
    expect(brief(withGone(events(both, 7), given, isOfMeeting('mt'), TODAY))).toEqual([
      ['mt.a', 7, false],
      ['mt.b', 7, false],
    ])
    expect(withGone([], given, isOfShifts, TODAY)).toEqual([])
  })
})

it('the sequence of an entry never falls, through cancelling, restoring, and a change that was not sent', () => {
  let given: CalendarEvent[] = []
  let last = -1
  const history: [object, number, 0 | 1][] = [
    [{}, 7, 0],
    [{ title: '改期' }, 7, 1],
    // Refused: the row is the endpoint's again.
    [{}, 7, 0],
    [{ state: 'cancelled' }, 8, 0],
    [{ state: 'planned' }, 8, 1],
    [{ state: 'planned' }, 12, 0],
  ]
  for (const [changes, rev, pending] of history) {
    given = withGone(events({ ...one, ...changes }, rev, pending), given, isOfMeeting('mt'), TODAY)
    expect(given[0]!.sequence).toBeGreaterThanOrEqual(last + (rev === 12 ? 0 : 1))
    last = given[0]!.sequence
  }
})

it('is kept on the phone beside what was given before, until its day is over', async () => {
  const { db } = setupPhone('p1', new IDBFactory())
  expect(await readGiven(db)).toEqual([])
  await keepGiven(db, events(both, 7), TODAY)
  const shift = { ...events(one, 3)[0]!, uid: 'shift.u.p1.2026-11-24@window-hall', wholeDay: '2026-11-24' }
  await keepGiven(db, [shift, ...events(one, 9)], TODAY)
  expect(brief(await readGiven(db))).toEqual([
    ['mt.a', 9, false],
    ['mt.b', 7, false],
    ['shift.u.p1.2026-11-24', 3, false],
  ])
  await keepGiven(db, [], '2026-11-25')
  expect(brief(await readGiven(db)).map(([uid]) => uid)).toEqual(['mt.a', 'mt.b'])
  await db.meta.put({ key: 'calendar-given', value: 'damaged' })
  expect(await readGiven(db)).toEqual([])
})
