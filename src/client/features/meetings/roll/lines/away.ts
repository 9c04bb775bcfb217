/** Who cannot come to a sitting by the shift roster, and how the roll says it. Nobody is absent by it, and nobody is left out. */
import { notExpectedIn, type NotExpected } from '../../../../../shared/meetings/sittings/who-can-come.ts'
import type { Sitting } from '../../../../../shared/meetings/meeting.ts'
import type { RollLine } from '../../../../../shared/meetings/roll.ts'
import { SHIFT_WORDS } from '../../../../../shared/org/shifts/shift-roster.ts'
import type { RosterFacts } from '../../../../../shared/org/shifts/shifts.ts'

export interface AwayWords {
  /** 夜班; 请假; 休息; 在别场. */
  why: string
  /** The line under the name, what matters most first: 排夜班 · 可去早班场. No mark reads like it. */
  line: string
}

const ELSEWHERE = '在别场'

function whyOf({ answer, shift }: NotExpected): string {
  if (answer === 'on-shift') return SHIFT_WORDS[shift ?? 'night']
  if (answer === 'leave') return SHIFT_WORDS.leave
  return answer === 'resting' ? SHIFT_WORDS.rest : ELSEWHERE
}

export function awayFrom(
  rosters: readonly RosterFacts[],
  personIds: readonly string[],
  sittings: readonly Sitting[],
  sittingId: string,
): Map<string, AwayWords> {
  const nameOf = new Map(sittings.map(({ id, name }) => [id, name]))
  const away = notExpectedIn(rosters, personIds, sittings, sittingId)
  return new Map(
    [...away].map(([personId, one]) => {
      const why = whyOf(one)
      const parts = [
        why === ELSEWHERE ? '' : `排${why}`,
        one.instead === null ? '' : `可去${nameOf.get(one.instead) ?? ''}`,
      ]
      return [personId, { why, line: parts.filter((part) => part !== '').join(' · ') }]
    }),
  )
}

/** What is folded, in a line: 夜班 7，请假 1；已点 2，待核定 1. */
export function foldInWords(away: readonly { words: AwayWords; line: RollLine }[]): string {
  const counts = new Map<string, number>()
  for (const { words } of away) counts.set(words.why, (counts.get(words.why) ?? 0) + 1)
  const torn = away.filter(({ line }) => line.contradiction).length
  const marked = away.filter(({ line }) => line.state !== 'cleared').length
  const done = [marked > 0 ? `已点 ${marked}` : '', torn > 0 ? `待核定 ${torn}` : '']
  return [[...counts].map(([why, count]) => `${why} ${count}`), done.filter((part) => part !== '')]
    .filter((parts) => parts.length > 0)
    .map((parts) => parts.join('，'))
    .join('；')
}

/**
 * 12 人未点; when nobody is left to be marked, why others are not: 没点的 12 人：已到别场 8，按排班不在 4. Empty when all are. The line
 * under the roll stays one line: what is long comes only when the thumb is done.
 * @param rest who is expected and not marked @param there not marked here, and came to another sitting
 * @param away not marked, and cannot come by the shift roster
 */
export function unmarkedInWords({
  rest,
  there,
  away,
}: {
  rest: number
  there: number
  away: number
}): string {
  if (rest > 0) return `${rest + there + away} 人未点`
  if (there === 0 && away === 0) return ''
  if (away === 0) return `没点的 ${there} 人已到别场`
  if (there === 0) return `没点的 ${away} 人按排班不在`
  return `没点的 ${there + away} 人：已到别场 ${there}，按排班不在 ${away}`
}
