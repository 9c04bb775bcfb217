/** The calendar file, read again by a parser of its own: what a phone's calendar will make of it. */
import { describe, expect, it } from 'vitest'
import {
  eventsOfMeeting,
  eventsOfShifts,
} from '../../../../../src/client/features/meetings/calendar/calendar-events.ts'
import { icsOf } from '../../../../../src/client/features/meetings/calendar/ics.ts'
import { civilInstant } from '../../../../../src/shared/civil-time.ts'
import type { Meeting } from '../../../../../src/shared/meetings/meeting.ts'
import { meetingFields } from '../fixtures.ts'

const MADE_AT = civilInstant('2026-11-23', '21:00')

/** RFC 5545: lines end in CRLF, the last one too, what is said of the calendar stands before its entries; none is over 75 octets, folded ones go on after a blank; text is escaped. */
function parse(text: string): Record<string, string>[] {
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const raw = text.split('\r\n')
  for (const line of raw) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  const lines = text
    .replaceAll(/\r\n[ \t]/g, '')
    .split('\r\n')
    .filter((line) => line !== '')
  expect([lines[0], lines.at(-1)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR'])
  expect(text.endsWith('\r\n')).toBe(true)
  const afterEntries = lines.slice(lines.lastIndexOf('END:VEVENT') + 1)
  if (lines.includes('END:VEVENT')) expect(afterEntries).toEqual(['END:VCALENDAR'])
  const events: Record<string, string>[] = []
  let current: Record<string, string> | undefined
  for (const line of lines) {
    const at = line.indexOf(':')
    const [name, value] = [line.slice(0, at), line.slice(at + 1)]
    if (line === 'BEGIN:VEVENT') current = {}
    else if (line === 'END:VEVENT') events.push(current ?? {})
    else if (current !== undefined) {
      expect(current[name], `${name} twice`).toBeUndefined()
      current[name] = value.replaceAll(/\\([\\;,nN])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c))
    }
  }
  return events
}
const row = (changes: object = {}, rev = 7, pending: 0 | 1 = 0) => ({
  id: 'mt',
  fields: meetingFields(changes) as Meeting,
  rev,
  pending,
})
const two = [
  { id: 'a', name: '早班场', startsAt: civilInstant('2026-11-23', '07:30'), place: '三楼; 会议室, 东\\西' },
  { id: 'b', name: '夜班场', startsAt: civilInstant('2026-11-23', '23:30'), place: '' },
]

describe('a meeting', () => {
  it('is one entry for each sitting, in UTC, with its place', () => {
    const events = parse(icsOf('会议', eventsOfMeeting(row({ sittings: two })), MADE_AT))
    expect(events).toMatchObject([
      {
        UID: 'mt.a@window-hall',
        SEQUENCE: '7',
        DTSTART: '20261122T233000Z',
        DTEND: '20261123T003000Z',
        DTSTAMP: '20261123T130000Z',
        SUMMARY: '11 月支部党员大会（早班场）',
        LOCATION: '三楼; 会议室, 东\\西',
        STATUS: 'CONFIRMED',
        TRANSP: 'OPAQUE',
      },
      { UID: 'mt.b@window-hall', DTSTART: '20261123T153000Z', SUMMARY: '11 月支部党员大会（夜班场）' },
    ])
    expect(events[1]).not.toHaveProperty('LOCATION')
  })

  it('a long name with line ends, commas and marks of other planes comes back as it was', () => {
    const title = `学习，讨论; 表决\\备案\n第二行, ${'𠮷'.repeat(40)}${'很长的名称'.repeat(30)}`
    const [event] = parse(icsOf('会议', eventsOfMeeting(row({ title })), MADE_AT))
    expect(event?.SUMMARY).toBe(title)
  })

  it('taken in again is the same entry with a higher sequence, also before the change has arrived', () => {
    const before = parse(icsOf('会议', eventsOfMeeting(row()), MADE_AT))[0]
    const unsent = parse(icsOf('会议', eventsOfMeeting(row({ title: '改期' }, 7, 1)), MADE_AT))[0]
    const arrived = parse(icsOf('会议', eventsOfMeeting(row({ title: '改期' }, 9)), MADE_AT))[0]
    expect(new Set([before?.UID, unsent?.UID, arrived?.UID]).size).toBe(1)
    expect([before, unsent, arrived].map((event) => Number(event?.SEQUENCE))).toEqual([7, 8, 9])
  })

  it('that was cancelled says so and keeps nobody busy', () => {
    const [event] = parse(icsOf('会议', eventsOfMeeting(row({ state: 'cancelled' }, 8)), MADE_AT))
    expect(event).toMatchObject({
      UID: 'mt.st1@window-hall',
      SUMMARY: '已取消：11 月支部党员大会',
      STATUS: 'CANCELLED',
      TRANSP: 'TRANSPARENT',
      SEQUENCE: '8',
    })
  })

  it('names no person: neither guests, chair and recorder, nor the agenda', () => {
    const named = row({
      agenda: '讨论周以宁的转正',
      chairId: 'p0',
      guests: [{ name: '林科长', personId: 'p9' }],
    })
    const text = icsOf('会议', eventsOfMeeting(named), MADE_AT).replaceAll('\r\n ', '')
    for (const word of ['林科长', '周以宁', 'ATTENDEE', 'ORGANIZER', 'DESCRIPTION'])
      expect(text).not.toContain(word)
  })
})

describe('own shifts', () => {
  const roster = {
    fields: {
      unitId: 'u',
      month: '2026-11',
      hours: {},
      days: {
        li: {
          '30': 'night' as const,
          '28': 'early' as const,
          '29': 'rest' as const,
          '27': null,
          '31': 'early' as const,
        },
        wu: { '28': 'late' as const },
      },
    },
    rev: 3,
    pending: 0 as const,
  }
  it('have hours, days off are whole days, what was taken back is cancelled; nobody else is in it', () => {
    const events = parse(icsOf('我的排班', eventsOfShifts(roster, 'li'), MADE_AT))
    expect(events.map((event) => [event.UID, event.SUMMARY, event.STATUS])).toEqual([
      ['shift.u.li.2026-11-27@window-hall', '已取消：排班', 'CANCELLED'],
      ['shift.u.li.2026-11-28@window-hall', '早班', 'CONFIRMED'],
      ['shift.u.li.2026-11-29@window-hall', '休息', 'CONFIRMED'],
      ['shift.u.li.2026-11-30@window-hall', '夜班', 'CONFIRMED'],
    ])
    expect(events[2]).toMatchObject({
      'DTSTART;VALUE=DATE': '20261129',
      'DTEND;VALUE=DATE': '20261130',
      TRANSP: 'TRANSPARENT',
    })
    expect(events[3]).toMatchObject({ DTSTART: '20261130T150000Z', DTEND: '20261201T000000Z' })
  })
  it('of somebody without any are none', () => {
    expect(parse(icsOf('我的排班', eventsOfShifts(roster, 'nobody'), MADE_AT))).toEqual([])
  })
})
