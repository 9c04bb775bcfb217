/**
 * Which meetings somebody has come to: by a mark of one of their sittings that says so and that nothing supersedes, or by minutes
 * that are fixed. A tap that was undone, and a sitting that was taken away, hold no meeting. The phone counts by it; the
 * endpoint's store asks the same in SQL (server/store/meetings-of-year.ts), and its contract compares the two.
 */
import { headsOf, type HeadCandidate } from '../../sync/heads.ts'
import type { Meeting } from '../meeting.ts'
import type { Minutes } from '../minutes/minutes.ts'
import type { RollMark } from '../roll-mark.ts'

export interface AttendedParts {
  meetings: readonly { id: string; fields: Pick<Meeting, 'sittings'> }[]
  marks: readonly {
    id: string
    fields: Pick<RollMark, 'meetingId' | 'sittingId' | 'personId' | 'state' | 'supersedes'>
  }[]
  minutes: readonly { fields: Pick<Minutes, 'meetingId' | 'stage'> }[]
}

/** Their ids. Marks and minutes of other meetings count for nothing. */
export function attendedMeetings({ meetings, marks, minutes }: AttendedParts): Set<string> {
  const sittings = new Map(meetings.map(({ id, fields }) => [id, new Set(fields.sittings.map((s) => s.id))]))
  const found = new Set<string>()
  for (const { fields } of minutes)
    if (fields.stage === 'fixed' && sittings.has(fields.meetingId)) found.add(fields.meetingId)
  const perPerson = new Map<string, (HeadCandidate & { came: boolean; meetingId: string })[]>()
  for (const { id, fields } of marks) {
    const { meetingId, sittingId, personId, state } = fields
    if (sittings.get(meetingId)?.has(sittingId) !== true) continue
    const own = perPerson.get(`${meetingId}:${sittingId}:${personId}`) ?? []
    own.push({
      id,
      meetingId,
      came: state === 'present' || state === 'late',
      supersedes: fields.supersedes ?? [],
    })
    perPerson.set(`${meetingId}:${sittingId}:${personId}`, own)
  }
  for (const own of perPerson.values())
    for (const { came, meetingId } of headsOf(own)) if (came) found.add(meetingId)
  return found
}
