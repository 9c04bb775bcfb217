/** The list of meetings: what comes, what waits for its roll, what was; the past by month. */
import { civilMonth } from '../../../../shared/civil-time.ts'
import { lastStart } from '../model/meeting-words.ts'
import type { MeetingRow } from '../model/read-meetings.ts'

export interface MeetingGroups {
  coming: MeetingRow[]
  /** The newest month first. */
  past: { month: string; meetings: MeetingRow[] }[]
}

/** A meeting of today stays among the coming ones until six hours after its last sitting began. */
const LASTS_MS = 6 * 3_600_000

export function groupMeetings(meetings: readonly MeetingRow[], now: number): MeetingGroups {
  const isComing = (m: MeetingRow) =>
    m.fields.state !== 'cancelled' && m.fields.state !== 'held' && lastStart(m.fields) + LASTS_MS > now
  const coming = meetings.filter(isComing).sort((a, b) => lastStart(a.fields) - lastStart(b.fields))
  const byMonth = new Map<string, MeetingRow[]>()
  const past = meetings.filter((m) => !isComing(m)).sort((a, b) => lastStart(b.fields) - lastStart(a.fields))
  for (const meeting of past) {
    const month = civilMonth(lastStart(meeting.fields))
    byMonth.set(month, [...(byMonth.get(month) ?? []), meeting])
  }
  return { coming, past: [...byMonth].map(([month, list]) => ({ month, meetings: list })) }
}

/** Each of the words stands in the meeting's name. No word: every meeting. */
export function namedLike(text: string): (meeting: MeetingRow) => boolean {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean)
  return ({ fields }) => words.every((word) => fields.title.toLowerCase().includes(word))
}
