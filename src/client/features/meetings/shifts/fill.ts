/**
 * Filling a roster quickly: a pattern, the way of last month, a stretch of days. Pure: what it gives are the paths that
 * change, so that filling is one write, and taking it back is the write of what stood before.
 */
import { lastDayOfMonth } from '../../../../shared/civil-time.ts'
import type { ShiftKind } from '../../../../shared/org/shifts/shift-roster.ts'
import { dateAfter, shiftOn, type RosterFacts } from '../../../../shared/org/shifts/shifts.ts'

/** By `days/<person>/<dd>`. */
export type ShiftChanges = Record<string, ShiftKind | null>

export interface DayOfMonth {
  /** '2026-12-07' */
  date: string
  /** '07' */
  day: string
  /** 日 to 六. */
  weekday: string
  isWeekend: boolean
}

const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六'] as const

export function daysOf(month: string): DayOfMonth[] {
  const count = Number(lastDayOfMonth(month).slice(8))
  return Array.from({ length: count }, (_, at) => {
    const day = String(at + 1).padStart(2, '0')
    const date = `${month}-${day}`
    const weekday = new Date(`${date}T00:00:00.000Z`).getUTCDay()
    return { date, day, weekday: WEEKDAYS[weekday] ?? '', isWeekend: weekday === 0 || weekday === 6 }
  })
}

export const monthAfter = (month: string, months: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7)
}

export const pathOf = (personId: string, day: string): string => `days/${personId}/${day}`

/** From one day to another, whichever is first. */
export function fillRange(personId: string, from: string, to: string, kind: ShiftKind | null): ShiftChanges {
  const [first, last] = from <= to ? [Number(from), Number(to)] : [Number(to), Number(from)]
  const changes: ShiftChanges = {}
  for (let day = first; day <= last; day++) changes[pathOf(personId, String(day).padStart(2, '0'))] = kind
  return changes
}

/** Repeated from a day to the end of the month. An empty pattern changes nothing. */
export function fillPattern(
  personId: string,
  month: string,
  fromDay: string,
  pattern: readonly ShiftKind[],
): ShiftChanges {
  const changes: ShiftChanges = {}
  if (pattern.length === 0) return changes
  const days = daysOf(month).filter(({ day }) => day >= fromDay)
  days.forEach(({ day }, at) => (changes[pathOf(personId, day)] = pattern[at % pattern.length] ?? null))
  return changes
}

/** Longer turns than this are not looked for: a month shows them less than twice. */
const LONGEST_TURN = 15

/**
 * The turn in which somebody works, from the end of a month: the shortest that explains its last days. null when there is
 * none. A leave is out of turn, and so is what nobody wrote.
 */
export function turnOf(kinds: readonly (ShiftKind | null)[]): ShiftKind[] | null {
  for (let length = 1; length <= Math.min(LONGEST_TURN, Math.floor(kinds.length / 2)); length++) {
    const turn: (ShiftKind | null)[] = Array.from({ length }, () => null)
    const holds = kinds.every((kind, at) => {
      if (kind === null || kind === 'leave') return true
      const place = (at - kinds.length + length * kinds.length) % length
      turn[place] ??= kind
      return turn[place] === kind
    })
    if (holds && turn.every((kind) => kind !== null)) return turn as ShiftKind[]
  }
  return null
}

/**
 * The month goes on as the one before it ended: in its turn where it has one, else by the same days of the week. Leave is not
 * copied, and a day that is written already stays.
 */
export function continueFrom(
  rosters: readonly RosterFacts[],
  personIds: readonly string[],
  month: string,
): ShiftChanges {
  const changes: ShiftChanges = {}
  const before = daysOf(monthAfter(month, -1))
  for (const personId of personIds) {
    const kinds = before.map(({ date }) => shiftOn(rosters, personId, date)?.kind ?? null)
    if (kinds.every((kind) => kind === null)) continue
    const turn = turnOf(kinds)
    daysOf(month).forEach(({ date, day }, at) => {
      if (shiftOn(rosters, personId, date) !== null) return
      const weeksBack = Math.ceil((at + 1) / 7) * 7
      const kind =
        turn === null
          ? (shiftOn(rosters, personId, dateAfter(date, -weeksBack))?.kind ?? null)
          : (turn[at % turn.length] ?? null)
      if (kind !== null && kind !== 'leave') changes[pathOf(personId, day)] = kind
    })
  }
  return changes
}

/** What stood under the paths before: writing it takes the change back. Paths that change nothing are left out of both. */
export function onlyChanged(
  roster: Pick<RosterFacts, 'days'> | undefined,
  changes: ShiftChanges,
): { changes: ShiftChanges; before: ShiftChanges } {
  const kept: ShiftChanges = {}
  const before: ShiftChanges = {}
  for (const [path, kind] of Object.entries(changes)) {
    const [, personId = '', day = ''] = path.split('/')
    const standing = roster?.days?.[personId]?.[day] ?? null
    if (standing === kind) continue
    kept[path] = kind
    before[path] = standing
  }
  return { changes: kept, before }
}
