/**
 * What a signature under a revision covers.
 *
 * Guarantee: what is signed and confirmed covers every file of the revision, in its order. Another file, one more, one less or
 * two changed about is something else, that nobody has signed.
 */
import { canonicalJson, sha256Hex } from '../../sync/canonical.ts'
import { filesOf, type Filed, type Revised } from './revisions.ts'

/** Of one file its own SHA-256, so that it can be checked with any tool; of several, of the list of theirs. */
export function signedSha256(revision: Revised<Filed>): string {
  const files = filesOf(revision).map(({ file }) => file.sha256)
  const [only, ...more] = files
  if (more.length === 0) return only!
  return sha256Hex(canonicalJson({ purpose: 'window-hall/files-of-a-revision', version: 1, files }))
}
