/** Who is asked to confirm, as the writer reads it before handing over. */
import { confirmerOf } from '../../../../shared/meetings/minutes/who-confirms.ts'
import type { MeetingView } from '../detail/read-meeting.ts'

/** What to do where the chair was not there, or is gone: the record names who really led the meeting. */
export const otherChairInWords = (view: Pick<MeetingView, 'isOfficer'>): string =>
  view.isOfficer
    ? '主持人没有到会，或已经确认不了的，请在“修改会议”里换成实际主持的人，再由这位主持人确认。'
    : '主持人没有到会，或已经确认不了的，请委员在“修改会议”里换成实际主持的人。'

export interface Asked {
  /** 主持人陈静, 另一位委员 */
  who: string
  /** It is the chair who is asked, and nobody else. */
  isChair: boolean
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
    isChair: chairId !== null,
    exists: chairId !== null || view.hasOtherOfficer,
    unmarked: open ? `考勤还有 ${unmarked} 人未点，定稿后到会情况不再变。` : '',
  }
}
