/** Everything about the minutes of one meeting, from the rows on the phone. Called inside live queries. */
import type { MinutesCorrection } from '../../../../shared/meetings/minutes/correction.ts'
import type { MinutesDraft } from '../../../../shared/meetings/minutes/draft.ts'
import type { Minutes } from '../../../../shared/meetings/minutes/minutes.ts'
import type { MinutesProposal } from '../../../../shared/meetings/minutes/proposal.ts'
import type { MinutesReturn } from '../../../../shared/meetings/minutes/return.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { PhoneRecord } from '../../../storage/rows.ts'
import { openProposals } from './open-proposals.ts'

type Row<Fields> = PhoneRecord<Fields>
type MinutesType = 'minutes' | 'minutes-draft' | 'minutes-proposal' | 'minutes-return' | 'minutes-correction'

export interface MinutesState {
  fixed: Row<Minutes> | undefined
  /** At the desk, of an older version of the app. */
  inWork: Row<Minutes> | undefined
  drafts: Row<MinutesDraft>[]
  /** Handed to the chair and neither confirmed nor sent back, nor replaced by the writer. */
  open: Row<MinutesProposal>[]
  /** All of them: a returned one is named by its writer. */
  proposals: Row<MinutesProposal>[]
  returns: Row<MinutesReturn>[]
  /** The oldest first. */
  corrections: Row<MinutesCorrection>[]
}

export async function readMinutes(db: PhoneDb, meetingId: string): Promise<MinutesState> {
  const ofMeeting = <T extends MinutesType>(type: T) =>
    db.records(type).where('fields.meetingId').equals(meetingId).toArray()
  const [minutes, drafts, proposals, returns, corrections] = await Promise.all([
    ofMeeting('minutes'),
    ofMeeting('minutes-draft'),
    ofMeeting('minutes-proposal'),
    ofMeeting('minutes-return'),
    ofMeeting('minutes-correction'),
  ])
  const fixed = minutes.find((row) => row.fields.stage === 'fixed')
  return {
    fixed,
    inWork: minutes.find((row) => row.fields.stage === 'in-work'),
    drafts,
    proposals,
    returns,
    corrections: corrections.sort((a, b) => a.fields.confirmedAt - b.fields.confirmedAt),
    open: openProposals(proposals, {
      isFixed: fixed !== undefined,
      ended: new Set([...returns, ...corrections].map((row) => row.fields.proposalId)),
    }),
  }
}
