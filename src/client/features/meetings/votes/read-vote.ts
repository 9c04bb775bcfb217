/** One vote as its page uses it: the roll of the sitting it is taken in, and what stands of it. */
import { rollLines } from '../../../../shared/meetings/roll.ts'
import { rollFigures, type RollFigures } from '../../../../shared/meetings/roll-figures.ts'
import type { Resolution } from '../../../../shared/meetings/voting/resolution.ts'
import type { MeetingView } from '../detail/read-meeting.ts'

export interface VoteDraft {
  sittingId: string
  motion: string
  secret: boolean
  inFavour: string
  against: string
  abstained: string
  reason: string
}

export const emptyVote = (sittingId: string): VoteDraft => ({
  sittingId,
  motion: '',
  secret: false,
  inFavour: '',
  against: '',
  abstained: '',
  reason: '',
})

export const voteToDraft = (r: Resolution): VoteDraft => ({
  sittingId: r.sittingId,
  motion: r.motion,
  secret: r.secret,
  inFavour: String(r.inFavour),
  against: String(r.against),
  abstained: String(r.abstained),
  reason: '',
})

/** The quorum is of the sitting in which the vote is taken, against the whole unit. */
export function sittingFigures(view: Pick<MeetingView, 'roster' | 'marks'>, sittingId: string): RollFigures {
  return rollFigures(rollLines(view.roster, view.marks, sittingId))
}

/** 考勤后来有更正：现在到会有表决权 14 人，录入时 15 人; empty when nothing moved. */
export function rollMovedInWords(r: Resolution, now: RollFigures): string {
  const parts = [
    r.votersPresent === now.votersPresent
      ? ''
      : `到会有表决权现在 ${now.votersPresent} 人，录入时 ${r.votersPresent} 人`,
    r.votersExpected === now.votersExpected
      ? ''
      : `应到会有表决权现在 ${now.votersExpected} 人，录入时 ${r.votersExpected} 人`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `考勤后来有更正：${parts.join('；')}。结果按录入时的考勤。`
}
