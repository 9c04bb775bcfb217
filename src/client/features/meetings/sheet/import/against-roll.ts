/**
 * A row of a filled sheet against what the roll says already. A pure function of the set of marks, so that preview and write judge
 * alike. Guarantee: what somebody else recorded is never replaced by a sheet: where the two differ both stand until a person settles
 * it; and a sheet that is read twice, even after it was settled or corrected, says nothing new.
 */
import type { RollMark } from '../../../../../shared/meetings/roll-mark.ts'
import { rollLines, type RollLine, type StoredMark } from '../../../../../shared/meetings/roll.ts'
import type { PaperMark } from '../marks-on-paper.ts'
import { UNDO_REASON } from '../../roll/roll-acts.ts'
import type { FilledRow } from './read-filled.ts'

/**
 *   new     nothing stands: it becomes the mark
 *   beside  another mark stands: both are kept, 待核定
 *   same    it stands so already, or is one of several that are to be settled
 *   known   this sheet said so before, and somebody has decided otherwise since
 */
export type RowStanding = 'new' | 'beside' | 'same' | 'known'

export interface JudgedRow extends FilledRow {
  standing: RowStanding
  line: RollLine
}

/** A leave whose kind the sheet doesn't say agrees with any leave. */
const agrees = (mark: PaperMark, { state, leaveKind }: Pick<RollMark, 'state' | 'leaveKind'>): boolean =>
  mark.state === state && (state !== 'leave' || mark.leaveKind === null || mark.leaveKind === leaveKind)

/** Marks that were taken back by 撤销 count as never made. */
function isTakenBack(mark: StoredMark, own: readonly StoredMark[]): boolean {
  return own.some(
    ({ fields }) => fields.reason === UNDO_REASON && (fields.supersedes ?? []).includes(mark.id),
  )
}

/** @param paperDate of the sheet, 'YYYY-MM-DD' */
export function judgeRows(
  rows: readonly FilledRow[],
  marks: readonly StoredMark[],
  sittingId: string,
  paperDate: string,
): JudgedRow[] {
  const roster = rows.map(({ personId, name }) => ({
    personId,
    name,
    memberKind: 'full' as const,
    votingRight: false,
    handOrder: 0,
  }))
  const lines = rollLines(roster, marks, sittingId)
  const ofPerson = new Map<string, StoredMark[]>()
  for (const mark of marks) {
    if (mark.fields.sittingId !== sittingId) continue
    ofPerson.set(mark.fields.personId, [...(ofPerson.get(mark.fields.personId) ?? []), mark])
  }
  return rows.map((row, at): JudgedRow => {
    const line = lines[at]!
    const own = ofPerson.get(row.personId) ?? []
    const said = line.heads.filter(({ fields }) => fields.state !== 'cleared')
    const isKnown = own.some(
      (mark) =>
        mark.fields.method === 'paper' &&
        mark.fields.paperDate === paperDate &&
        agrees(row.mark, mark.fields) &&
        !isTakenBack(mark, own),
    )
    if (said.some(({ fields }) => agrees(row.mark, fields))) return { ...row, line, standing: 'same' }
    if (isKnown) return { ...row, line, standing: 'known' }
    return { ...row, line, standing: said.length === 0 ? 'new' : 'beside' }
  })
}

/** What the new mark replaces: only that nobody was marked. */
export const replacedBy = ({ line }: Pick<JudgedRow, 'line'>): string[] =>
  line.heads.filter(({ fields }) => fields.state === 'cleared').map(({ id }) => id)
