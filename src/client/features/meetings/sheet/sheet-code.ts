/**
 * Which 签到表 a piece of paper or a filled table is: meeting, sitting, and a code of all that was printed on it. As soon as the roster
 * or the meeting changes the code is another one, so that an older sheet is known for what it is.
 */
import type { Meeting, Sitting } from '../../../../shared/meetings/meeting.ts'
import type { RosterLine } from '../../../../shared/meetings/roster.ts'
import { canonicalJson, sha256Hex } from '../../../../shared/sync/canonical.ts'

/** Twelve hex digits, as people compare them. */
export const codeOf = (said: unknown): string => sha256Hex(canonicalJson(said)).slice(0, 12).toUpperCase()

/** Of the roster whatever its order: two phones that sort otherwise print the same sheet. */
export function sheetCode(
  meetingId: string,
  meeting: Pick<Meeting, 'title' | 'date'>,
  sitting: Sitting,
  roster: readonly Pick<RosterLine, 'personId' | 'name'>[],
): string {
  return codeOf({
    purpose: 'window-hall/roll-sheet',
    meeting: meetingId,
    title: meeting.title,
    date: meeting.date,
    sitting: [sitting.id, sitting.startsAt, sitting.place ?? ''],
    roster: roster.map(({ personId, name }) => [personId, name]).sort(([a], [b]) => (a! < b! ? -1 : 1)),
  })
}

export interface SheetKey {
  meetingId: string
  sittingId: string
  code: string
}

const PURPOSE = 'window-hall/roll-sheet'
const VERSION = '1'

/** What stands in the table, out of sight. */
export const keyInWords = ({ meetingId, sittingId, code }: SheetKey): string =>
  [PURPOSE, VERSION, meetingId, sittingId, code].join(' ')

/** @returns `newer` for a sheet of a newer app; null for what is none */
export function keyFrom(text: string): SheetKey | 'newer' | null {
  const [purpose, version, meetingId, sittingId, code, ...more] = text.trim().split(/\s+/u)
  if (purpose !== PURPOSE) return null
  if (version !== VERSION) return 'newer'
  if (!meetingId || !sittingId || !code || more.length > 0) return null
  return { meetingId, sittingId, code }
}
