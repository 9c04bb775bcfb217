/** A person's shifts as squares of a month. */
import { SHIFT_WORDS, type ShiftKind } from '../../../../shared/org/shifts/shift-roster.ts'
import { shiftOn, type RosterFacts } from '../../../../shared/org/shifts/shifts.ts'
import type { Tone } from '../../../ui/words.ts'
import { daysOf } from './fill.ts'
import { SHIFT_LETTERS, SHIFT_TONES } from './shift-words.ts'

export interface ShiftCell {
  letter: string
  tone: Tone
  spoken: string
  kind: ShiftKind
}

export function shiftCells(
  rosters: readonly RosterFacts[],
  personId: string,
  month: string,
): Map<string, ShiftCell> {
  const cells = new Map<string, ShiftCell>()
  for (const { date } of daysOf(month)) {
    const kind = shiftOn(rosters, personId, date)?.kind
    if (kind === undefined) continue
    cells.set(date, { kind, letter: SHIFT_LETTERS[kind], tone: SHIFT_TONES[kind], spoken: SHIFT_WORDS[kind] })
  }
  return cells
}
