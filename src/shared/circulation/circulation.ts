/**
 * A document on its way through one branch: its revisions with their hashes, its recipients frozen at dispatch, its deadline.
 * Written by the office's command for any set of branches, or by an officer for the own branch.
 */
import * as v from 'valibot'
import { CivilDate, Id, Millis, RequiredText } from '../fields.ts'
import { isOffice, isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { canonicalJson, idFrom } from '../sync/canonical.ts'
import { unitScope } from '../sync/scopes.ts'
import { DocumentHead, RevisionFields, type Document, type Revision } from './document.ts'
import { revisionFiles } from './revisions.ts'

/** One confirmation record for each revision, so that its id can be named as a parent. */
export const confirmationId = (documentId: string, revision: number): string =>
  idFrom('document-confirmation', documentId, String(revision))

interface Frozen {
  unitId: string
  documentId: string
  dispatchedAt: number
  recipients: readonly { personId: string; name: string }[]
  revisions: readonly Revision[]
}

/** Recipients and what was sent stay as they were at dispatch; only revisions may be added. */
function isContinued(current: Frozen, next: Frozen): boolean {
  const fixed = (c: Frozen) => canonicalJson([c.unitId, c.documentId, c.dispatchedAt, c.recipients])
  const earlier = next.revisions.slice(0, current.revisions.length)
  return fixed(current) === fixed(next) && canonicalJson(current.revisions) === canonicalJson(earlier)
}

export const circulation = defineRecord({
  type: 'circulation',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    documentId: Id,
    ...DocumentHead,
    revisions: v.pipe(v.array(RevisionFields), v.minLength(1), v.maxLength(50)),
    recipients: v.pipe(v.array(v.object({ personId: Id, name: RequiredText })), v.maxLength(500)),
    dispatchedAt: Millis,
    dispatchedBy: Id,
    deadline: CivilDate,
    state: v.optional(v.picklist(['open', 'recalled', 'closed']), 'open'),
  }),
  indexes: ['documentId', 'state'],
  scopeOf: (f) => unitScope(f.unitId),
  parents: (f) => [
    { type: 'document', id: f.documentId },
    ...f.revisions.map((r) => ({
      type: 'document-confirmation',
      id: confirmationId(f.documentId, r.revision),
      optional: true as const,
    })),
  ],
  blobs: (f) => (f.state === 'recalled' ? [] : revisionFiles(f.revisions)),
  canWrite: ({ actor, next, current, parents }) => {
    if (current !== undefined && !isContinued(current, next)) return 'frozen'
    const document = parents.find((p) => p.type === 'document')?.fields as Document | undefined
    const fromOwnDesk = document?.ownerUnitId === next.unitId && isOfficerOf(actor, next.unitId)
    if (!isOffice(actor) && !fromOwnDesk) return 'forbidden'
    const confirmed = parents.filter((p) => p.type === 'document-confirmation').map((p) => p.fields.sha256)
    if (next.revisions.some((r) => !confirmed.includes(r.file.sha256))) return 'not-confirmed'
    return true
  },
  conflict: 'content',
  keepOnPhone: 12,
  retention: 'as the archive rules of the bureau say',
  label: (f) => `传阅 · ${f.title}`,
})
export type Circulation = FieldsOf<typeof circulation>
