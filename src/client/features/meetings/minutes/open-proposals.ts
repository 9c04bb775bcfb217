/** What was handed over, and neither confirmed nor sent back, nor replaced by its writer. A pure function of the sets. */
import type { MinutesProposal } from '../../../../shared/meetings/minutes/proposal.ts'
import { headsOf } from '../../../../shared/sync/heads.ts'

interface Proposed {
  id: string
  fields: MinutesProposal
}

export function openProposals<Row extends Proposed>(
  proposals: readonly Row[],
  done: { isFixed: boolean; ended: ReadonlySet<string> },
): Row[] {
  return headsOf(proposals.map((row) => ({ ...row, supersedes: row.fields.supersedes ?? [] })))
    .filter(({ id, fields }) => !done.ended.has(id) && done.isFixed === (fields.about === 'correction'))
    .sort((a, b) => a.fields.proposedAt - b.fields.proposedAt)
}
