/**
 * A document on its way through one branch: its revisions with their hashes, its recipients frozen at dispatch, its deadline.
 * Written by the office's command for any set of branches, or by an officer for the own branch.
 */
import * as v from 'valibot'
import { CivilDate, Id, Millis, RequiredText, ShortText } from '../fields.ts'
import { isOffice, isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf, type ParentRecord } from '../sync/define-record.ts'
import { canonicalJson, idFrom } from '../sync/canonical.ts'
import { unitScope } from '../sync/scopes.ts'
import { DocumentHead, RevisionFields, type Document, type Revision } from './document/document.ts'
import { revisionFiles } from './document/revisions.ts'
import { signedSha256 } from './document/signed-sha256.ts'
import { secrecyMarkIn } from './intake/secrecy-marks.ts'

/** One confirmation record for each revision, so that its id can be named as a parent. */
export const confirmationId = (documentId: string, revision: number): string =>
  idFrom('document-confirmation', documentId, String(revision))

/** One circulation of a document in a branch, whoever dispatches it and however often: two phones offline make one. */
export const circulationId = (documentId: string, unitId: string): string =>
  idFrom('circulation', documentId, unitId)

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

/** As the definition reads it: what an older app stored without a newer field says the same. */
const revisionText = (revision: Revision): string => canonicalJson(v.parse(RevisionFields, revision))

/**
 * Every revision is one of the document, file by file, and a second person has confirmed exactly its bytes. What was
 * dispatched before is held by `isContinued`.
 */
function isConfirmed(
  revisions: readonly Revision[],
  known: readonly Revision[],
  parents: readonly ParentRecord[],
): boolean {
  const texts = new Set(known.map(revisionText))
  const confirmed = new Set(
    parents
      .filter((p) => p.type === 'document-confirmation')
      .map((p) => `${String(p.fields.revision)}:${String(p.fields.sha256)}`),
  )
  return revisions.every(
    (r) => texts.has(revisionText(r)) && confirmed.has(`${r.revision}:${signedSha256(r)}`),
  )
}

const isMarked = (f: { documentNo: string; title: string }): boolean =>
  [f.documentNo, f.title].some((name) => secrecyMarkIn(name)?.level === 'refuse')

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
    /** 有效期至, inclusive: archived from the next day on (status.ts). */
    expiresOn: v.optional(v.nullable(CivilDate)),
    state: v.optional(v.picklist(['open', 'recalled', 'closed']), 'open'),
    /** Of the present state: why, when and by whom. Absent while nothing but the dispatch has happened. */
    stateReason: v.optional(ShortText),
    stateAt: v.optional(Millis),
    stateBy: v.optional(Id),
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
    // The recipients are those of whoever dispatched: nobody dispatches in another's name.
    if (current === undefined && next.dispatchedBy !== actor.personId) return 'forbidden'
    if (isMarked(next)) return 'secrecy-mark'
    if (next.state === 'open' && document?.withdrawn === true) return 'circulation-recalled'
    const known = [...(document?.revisions ?? []), ...(current?.revisions ?? [])]
    return isConfirmed(next.revisions, known, parents) || 'not-confirmed'
  },
  conflict: 'content',
  keepOnPhone: 12,
  retention: 'as the archive rules of the bureau say',
  label: (f) => `传阅 · ${f.title}`,
})
export type Circulation = FieldsOf<typeof circulation>
