/** Who is asked to confirm, as the writer reads it before handing over. */
import { confirmerOf } from '../../../../shared/meetings/minutes/who-confirms.ts'
import type { MeetingView } from '../detail/read-meeting.ts'

export interface Asked {
  /** 主持人陈静, 另一位委员 */
  who: string
  /** Nobody else is there: it cannot be handed over. */
  exists: boolean
  /** 还有 3 人未点，定稿后到会情况不再变。 */
  unmarked: string
}

export function confirmerInWords(
  view: Pick<MeetingView, 'meeting' | 'people' | 'figures' | 'isOfficer' | 'hasOtherOfficer'>,
  writerId: string,
): Asked {
  const chairId = confirmerOf(view.meeting.fields, writerId)
  const { unmarked, expected } = view.figures
  const open = view.isOfficer && unmarked > 0 && unmarked < expected
  return {
    who: chairId === null ? '另一位委员' : `主持人${view.people.get(chairId) ?? ''}`,
    exists: chairId !== null || view.hasOtherOfficer,
    unmarked: open ? `考勤还有 ${unmarked} 人未点，定稿后到会情况不再变。` : '',
  }
}
