/** A second person confirms that a revision, with all its files, is non-classified. Nothing is dispatched without it. */
import * as v from 'valibot'
import { Count, Id, Sha256, ShortText } from '../../fields.ts'
import { isAtDesk } from '../../org/actor.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { deskScope } from '../../sync/scopes.ts'
import type { Document } from './document.ts'
import { signedSha256 } from './signed-sha256.ts'

export const documentConfirmation = defineRecord({
  type: 'document-confirmation',
  schemaVersion: 1,
  schema: v.object({
    ownerUnitId: Id,
    documentId: Id,
    revision: Count,
    /** What a signature would cover (`signedSha256`): of the only file, or of the list of all. */
    sha256: Sha256,
    confirmedBy: Id,
    title: v.optional(ShortText, ''),
  }),
  indexes: ['documentId'],
  scopeOf: (f) => deskScope(f.ownerUnitId),
  subject: (f) => `${f.documentId}:${f.revision}`,
  parents: (f) => [{ type: 'document', id: f.documentId }],
  canWrite: ({ actor, next, parents, observedAt }) => {
    if (actor.personId !== next.confirmedBy || !isAtDesk(actor, next.ownerUnitId, observedAt))
      return 'forbidden'
    const document = parents[0]?.fields as Document | undefined
    if (document === undefined || document.ownerUnitId !== next.ownerUnitId) return 'forbidden'
    if (document.nonClassifiedBy === next.confirmedBy) return 'same-person'
    const known = document.revisions.some(
      (r) => r.revision === next.revision && signedSha256(r) === next.sha256,
    )
    return known || 'unknown-revision'
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its document',
  label: (f) => `确认非密 · ${f.title}`,
})
export type DocumentConfirmation = FieldsOf<typeof documentConfirmation>
