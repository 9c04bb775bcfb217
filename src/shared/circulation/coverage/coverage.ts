/** Who has signed and who hasn't, by the hashes of what was signed; see coverage-by.ts. */
import type { Circulation } from '../circulation.ts'
import { coverageBy, recipientStateBy, type Coverage, type Stored } from './coverage-by.ts'
import type { RecipientChange } from '../recipient-change.ts'
import { currentRevision } from '../document/revisions.ts'
import type { SignOff } from '../signing/sign-off.ts'
import { signedSha256 } from '../document/signed-sha256.ts'

export * from './coverage-by.ts'

export const coverageOf = (
  c: Stored<Circulation>,
  changes: readonly Stored<RecipientChange>[],
  signOffs: readonly Stored<SignOff>[],
): Coverage => coverageBy(c, changes, signOffs, signedSha256(currentRevision(c.fields)))

export const recipientState = (c: Circulation, signOffs: readonly SignOff[]) =>
  recipientStateBy(c, signOffs, signedSha256(currentRevision(c)))
