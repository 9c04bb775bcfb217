/** How shifts are said and written on every screen, and read from what people write. */
import {
  SHIFT_KINDS,
  SHIFT_WORDS,
  type ShiftKind,
  type WorkingShift,
} from '../../../../shared/org/shifts/shift-roster.ts'
import { hoursOf, isWorking, shiftOn, type RosterFacts } from '../../../../shared/org/shifts/shifts.ts'
import type { Tone } from '../../../ui/words.ts'

/** In the squares of a grid. */
export const SHIFT_LETTERS: Readonly<Record<ShiftKind, string>> = {
  early: '早',
  late: '晚',
  night: '夜',
  rest: '休',
  leave: '假',
}
export const SHIFT_TONES: Readonly<Record<ShiftKind, Tone>> = {
  early: 'green',
  late: 'amber',
  night: 'grey',
  rest: 'grey',
  leave: 'grey',
}

const WRITTEN = new Map<string, ShiftKind>([
  ...SHIFT_KINDS.flatMap((kind): [string, ShiftKind][] => [
    [SHIFT_LETTERS[kind], kind],
    [SHIFT_WORDS[kind], kind],
  ]),
  // 晚班 is called 中班 in halls that count three shifts of a day.
  ['中', 'late'],
  ['中班', 'late'],
  ['夜班', 'night'],
  ['休假', 'leave'],
  ['轮休', 'rest'],
])

/** 早, 早班, 中班, ' 休 '; undefined for what is no shift. */
export const shiftFrom = (written: string): ShiftKind | undefined =>
  WRITTEN.get(written.normalize('NFKC').replaceAll(/\s/gu, ''))

/** What of '早早晚夜休' is no shift is named. Marks between the letters are passed over. */
export function readPattern(text: string): { kinds: ShiftKind[]; strange: string[] } {
  const kinds: ShiftKind[] = []
  const strange: string[] = []
  for (const letter of text.normalize('NFKC').replaceAll(/班|[\s,，、;；.。·|/-]/gu, '')) {
    const kind = shiftFrom(letter)
    if (kind === undefined) strange.push(letter)
    else kinds.push(kind)
  }
  return { kinds, strange }
}

/** 早班 08:00–16:00; 夜班 23:00–次日 08:00. */
export function shiftWithHours(kind: ShiftKind, roster: Pick<RosterFacts, 'hours'>): string {
  return isWorking(kind) ? `${SHIFT_WORDS[kind]} ${hoursInWords(roster, kind)}` : SHIFT_WORDS[kind]
}

export function hoursInWords(roster: Pick<RosterFacts, 'hours'>, kind: WorkingShift): string {
  const [from = '', to = ''] = hoursOf(roster, kind).split('-')
  return `${from}–${to > from ? '' : '次日 '}${to}`
}

/** 早 12，晚 9，休 6; what is zero is left out. */
export function countsInWords(kinds: readonly (ShiftKind | null)[]): string {
  return SHIFT_KINDS.map((kind) => [SHIFT_LETTERS[kind], kinds.filter((k) => k === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([letter, count]) => `${letter} ${count}`)
    .join('，')
}

/** 早班 08:00–16:00 of a person on a day; '' when nobody wrote one. */
export function ownShiftInWords(rosters: readonly RosterFacts[], personId: string, date: string): string {
  const kind = shiftOn(rosters, personId, date)?.kind
  if (kind === undefined) return ''
  const own = rosters.find((r) => r.month === date.slice(0, 7) && r.days?.[personId] !== undefined)
  return shiftWithHours(kind, own ?? { hours: {} })
}
