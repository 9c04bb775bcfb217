/** Every shift, hour, state and count: who may be reminded and when it is shown, against a table that is written out by hand. */
import { describe, expect, it } from 'vitest'
import {
  isReminderTime,
  reminderHoursOf,
  reminderShownFrom,
} from '../../../../src/shared/circulation/reminding/reminder-hours.ts'
import { reminder, type Reminder } from '../../../../src/shared/circulation/reminding/reminder.ts'
import { receiversOf } from '../../../../src/shared/circulation/reminding/receivers.ts'
import type { Actor } from '../../../../src/shared/org/actor.ts'
import { SHIFT_KINDS, type ShiftKind } from '../../../../src/shared/org/shifts/shift-roster.ts'
import type { RosterFacts } from '../../../../src/shared/org/shifts/shifts.ts'
import type { JsonObject } from '../../../../src/shared/sync/json.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MIDNIGHT = Date.parse('2026-12-01T00:00:00+08:00')
const KINDS = [null, ...SHIFT_KINDS]
type Kind = ShiftKind | null

/** The first of December, so that the day before lies in another roster. */
function rosters(yesterday: Kind, today: Kind, personId = 'li'): RosterFacts[] {
  const of = (month: string, day: string, kind: Kind): RosterFacts => ({
    unitId: 'b',
    month,
    days: { [personId]: { [day]: kind } },
    hours: {},
  })
  return [of('2026-11', '30', yesterday), of('2026-12', '01', today)]
}

/** By the hour: 早班 08—16, 晚班 16—23, 夜班 23—08, else the bureau's 08—20; eight hours of sleep after a night. */
function mayBe(yesterday: Kind, today: Kind, hour: number): boolean {
  if (yesterday === 'night' && hour < 8) return true
  if (today === 'early') return hour >= 8 && hour < 16
  if (today === 'late') return hour >= 16 && hour < 23
  if (today === 'night') return hour === 23
  if (today !== null) return false
  return hour >= (yesterday === 'night' ? 16 : 8) && hour < 20
}

const hours = Array.from({ length: 24 }, (_, hour) => hour)
const pairs = KINDS.flatMap((yesterday) => KINDS.map((today): [Kind, Kind] => [yesterday, today]))
const planOf = (yesterday: Kind, today: Kind) => ({
  personId: 'li',
  hours: reminderHoursOf(undefined),
  rosters: rosters(yesterday, today),
})

describe('when', () => {
  it.each(pairs)(
    'yesterday %s, today %s: each hour as the table says, at its first and last minute',
    (a, b) => {
      for (const hour of hours)
        for (const at of [MIDNIGHT + hour * HOUR, MIDNIGHT + (hour + 1) * HOUR - 1])
          expect([hour, isReminderTime(planOf(a, b), at)]).toEqual([hour, mayBe(a, b, hour)])
    },
  )

  it.each(pairs)(
    'yesterday %s, today %s: what is made waits for the next of these hours, never longer',
    (a, b) => {
      const plan = planOf(a, b)
      for (const hour of hours) {
        const made = MIDNIGHT + hour * HOUR + 60_000
        const shown = reminderShownFrom(made, plan)!
        expect(shown >= made && isReminderTime(plan, shown)).toBe(true)
        for (let at = made; at < shown; at += HOUR / 2) expect(isReminderTime(plan, at)).toBe(false)
      }
    },
  )

  it('who is on leave hears of it on the first day at work; without an end in sight not at all', () => {
    const days = (kind: ShiftKind) =>
      Object.fromEntries(hours.slice(1, 10).map((d) => [String(d).padStart(2, '0'), kind]))
    const leave = { unitId: 'b', month: '2026-12', days: { li: days('leave') }, hours: {} }
    const plan = { personId: 'li', hours: reminderHoursOf(undefined), rosters: [leave] }
    expect(reminderShownFrom(MIDNIGHT + 9 * HOUR, plan)).toBe(Date.parse('2026-12-10T08:00:00+08:00'))
    const all = Object.fromEntries(
      Array.from({ length: 31 }, (_, d) => [String(d + 1).padStart(2, '0'), 'leave']),
    )
    const months = ['2026-12', '2027-01', '2027-02', '2027-03', '2027-04']
    const long = months.map((month) => ({ unitId: 'b', month, days: { li: all as never }, hours: {} }))
    expect(reminderShownFrom(MIDNIGHT, { ...plan, rosters: long })).toBe(null)
  })

  it('the bureau’s own hours stand for who has no shift; a unit’s own shift hours for who has one', () => {
    const bureau = { reminderHours: { from: '09:30', to: '17:00' } }
    const plan = { ...planOf(null, null), hours: reminderHoursOf(bureau) }
    expect(reminderShownFrom(MIDNIGHT, plan)).toBe(MIDNIGHT + 9.5 * HOUR)
    expect(reminderShownFrom(MIDNIGHT + 17 * HOUR, plan)).toBe(MIDNIGHT + DAY + 9.5 * HOUR)
    const [, december] = rosters(null, 'night')
    const own = { ...december!, hours: { night: '20:00-06:00' } }
    expect(reminderShownFrom(MIDNIGHT + 12 * HOUR, { ...plan, rosters: [own] })).toBe(MIDNIGHT + 20 * HOUR)
  })
})

const next: Reminder = {
  unitId: 'b',
  circulationId: 'c',
  documentNo: '',
  personId: 'li',
  name: '李',
  forPersonIds: [],
  byPersonId: 'officer',
  byName: '陈',
  revision: 1,
  at: MIDNIGHT,
}
const circulation: JsonObject = {
  unitId: 'b',
  documentId: 'd',
  state: 'open',
  revisions: [{ revision: 1, file: { sha256: 'a'.repeat(64) } }],
  recipients: ['li', 'wang', 'sun'].map((personId) => ({ personId, name: personId })),
  deadline: '2026-12-05',
}
const signedBy = (personId: string) => ({
  type: 'sign-off',
  id: `s-${personId}`,
  fields: {
    circulationId: 'c',
    personId,
    revision: 1,
    sha256: 'a'.repeat(64),
    mode: 'in-person',
  } as JsonObject,
  receivedAt: 0,
})
const substitute = (personId: string, substituteId: string) => ({
  type: 'recipient-change',
  id: `x-${personId}-${substituteId}`,
  fields: {
    circulationId: 'c',
    personId,
    name: personId,
    change: 'substitute',
    substituteId,
    reason: '外出',
  } as JsonObject,
  receivedAt: 0,
})
const remindedAt = (at: number, place: number) => ({
  type: 'reminder',
  id: `r-${place}`,
  fields: { ...next } as unknown as JsonObject,
  receivedAt: at,
})
const ask = (
  now: number,
  related: object[],
  of: { facts?: RosterFacts[]; next?: Partial<Reminder> } = {},
) => {
  const actor: Actor = {
    personId: 'officer',
    now,
    memberships: [],
    roles: [
      {
        unitId: 'b',
        role: 'branch-officer',
        from: '2020-01-01',
        to: null,
        revokedForCause: false,
      },
    ],
    unitsById: new Map([['b', { id: 'b', kind: 'branch', parentId: 'root' }]]),
  }
  return reminder.canWrite({
    actor,
    next: { ...next, ...of.next },
    current: undefined,
    parents: [
      { type: 'circulation', id: 'c', fields: circulation },
      ...(of.facts ?? []).map((fields, at) => ({
        type: 'shift-roster',
        id: `roster-${at}`,
        fields: fields as unknown as JsonObject,
      })),
    ],
    related: related as never,
    observedAt: now,
  })
}

describe('what the endpoint takes', () => {
  const COUNTS: [string, number[]][] = [
    ['never', []],
    ['an hour ago', [1]],
    ['a day ago', [24]],
    ['three times', [80, 50, 25]],
  ]
  it.each(pairs)(
    'yesterday %s, today %s: never who signed, never who is away, never above the cap',
    (a, b) => {
      for (const hour of hours)
        for (const isSigned of [false, true])
          for (const [often, ago] of COUNTS) {
            const now = MIDNIGHT + hour * HOUR
            const before = ago.map((h, place) => remindedAt(now - h * HOUR, place))
            const related = [...before, ...(isSigned ? [signedBy('li')] : [])]
            const isAway = (b === 'leave' || b === 'rest') && !mayBe(a, b, hour)
            const expected = isSigned
              ? 'not-recipient'
              : often === 'three times'
                ? 'already-recorded'
                : isAway
                  ? 'not-recipient'
                  : often !== 'an hour ago' || 'already-recorded'
            expect([hour, isSigned, often, ask(now, related, { facts: rosters(a, b) })]).toEqual([
              hour,
              isSigned,
              often,
              expected,
            ])
          }
    },
  )

  it('a roster of another month, or of nobody, claims nothing', () => {
    const noon = MIDNIGHT + 12 * HOUR
    expect(ask(noon, [], { facts: rosters(null, 'leave', 'sun') })).toBe(true)
    expect(reminder.parents!(next).map(({ type }) => type)).toContain('shift-roster')
    expect(reminder.parents!(next).every((p) => p.type === 'circulation' || p.optional)).toBe(true)
  })

  describe('of substitutes', () => {
    const noon = MIDNIGHT + 12 * HOUR
    const toWang = { personId: 'wang', name: '王', forPersonIds: ['li'] }
    const signedWang = signedBy('wang')

    it('the substitute is reminded in the place of the person', () => {
      const named = [substitute('li', 'wang'), signedWang]
      expect(ask(noon, named, { next: toWang })).toBe(true)
      expect(ask(noon, named)).toBe('not-recipient')
    })
    it('nobody is who only says so, whose person has signed, or who is away', () => {
      expect(ask(noon, [signedWang], { next: toWang })).toBe('not-recipient')
      expect(ask(noon, [substitute('li', 'sun'), signedWang], { next: toWang })).toBe('not-recipient')
      expect(ask(noon, [substitute('li', 'wang'), signedBy('li'), signedWang], { next: toWang })).toBe(
        'not-recipient',
      )
      const away = { next: toWang, facts: rosters(null, 'leave', 'wang') }
      expect(ask(noon, [substitute('li', 'wang')], away)).toBe('not-recipient')
    })
    it('whose person is on leave is reminded, being at work', () => {
      const of = { next: toWang, facts: rosters(null, 'leave') }
      expect(ask(noon, [substitute('li', 'wang'), signedWang], of)).toBe(true)
    })
    it('one who signs for several gets one reminder, with the own signature or without', () => {
      const named = (personId: string, substituteId: string) => ({
        changeId: `${personId}-${substituteId}`,
        circulationId: 'c',
        personId,
        name: personId,
        substituteId,
        substituteName: '王',
        reason: '',
      })
      const asked = ['li', 'sun', 'wang'].map((personId) => ({ personId, name: personId }))
      expect(receiversOf(asked, [named('li', 'wang'), named('sun', 'wang')])).toEqual([
        { personId: 'wang', name: '王', forPersonIds: ['li', 'sun'] },
      ])
      expect(receiversOf(asked, [named('li', 'wang'), named('li', 'zhao')]).map((r) => r.personId)).toEqual([
        'wang',
        'zhao',
        'sun',
      ])
    })
  })
})
