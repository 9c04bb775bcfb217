/** Which sitting of a coming meeting suits the own shift, as the line of 今日 says it. Loaded after the first screen. */
import { sittingFor } from '../../../../shared/meetings/sittings/who-can-come.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import type { RosterFacts } from '../../../../shared/org/shifts/shifts.ts'
import { sittingTime } from '../model/meeting-words.ts'

/**
 * 按排班赶得上晚班场 18:30 · 三楼会议室. What it said before where nobody wrote shifts; a sitting that is over is not offered.
 * @param before what the line says without the shifts
 */
export function sittingLine(
  meeting: Pick<Meeting, 'sittings' | 'date'>,
  rosters: readonly RosterFacts[],
  personId: string,
  now: number,
  before: string,
): string {
  const left = meeting.sittings.filter(({ startsAt }) => startsAt > now)
  const { sittingId, answer } = sittingFor(rosters, personId, left)
  const sitting = left.find(({ id }) => id === sittingId)
  if (sitting !== undefined) {
    const word = answer === 'resting' ? '休息时有' : '按排班赶得上'
    const place = sitting.place ?? ''
    return `${word}${sitting.name} ${sittingTime(sitting, meeting.date)}${place === '' ? '' : ` · ${place}`}`
  }
  if (left.length === 0 || answer === 'unknown') return before
  return `${answer === 'leave' ? '你在请假' : '各场都在当班时间'} · ${before}`
}
