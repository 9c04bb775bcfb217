/** For officers: which documents in work still lack somebody's signature, and how many; the one due first stands first. */
import { coverageBy, type Coverage, type Stored } from '../../../shared/circulation/coverage/coverage-by.ts'
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import type { RecipientChange } from '../../../shared/circulation/recipient-change.ts'
import type { SignOff } from '../../../shared/circulation/signing/sign-off.ts'
import { isOfficerOf, type Actor } from '../../../shared/org/actor.ts'

export interface OpenCount extends Stored<Circulation> {
  coverage: Coverage
  /** Who has still to sign the current revision. */
  open: number
}

export const openCounts = (
  inWork: readonly Stored<Circulation>[],
  changes: readonly Stored<RecipientChange>[],
  signOffs: readonly Stored<SignOff>[],
  actor: Actor,
): OpenCount[] =>
  inWork
    .filter(({ fields }) => isOfficerOf(actor, fields.unitId))
    .map((c) => {
      const coverage = coverageBy(c, changes, signOffs, null)
      return { ...c, coverage, open: coverage.toSign - coverage.signed }
    })
    .filter(({ open }) => open > 0)
    .sort((a, b) => (a.fields.deadline < b.fields.deadline ? -1 : 1))
