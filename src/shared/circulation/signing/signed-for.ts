/**
 * What somebody signed for another, as it stands in the file of who signed. The sign-off itself lies in the file of the person
 * for whom it was made, which the substitute may not read; without this the substitute would be asked again on the next phone.
 *
 * Guarantee: the endpoint takes it only when that sign-off stands: accepted means 已送达 for both.
 */
import * as v from 'valibot'
import { Count, Id, Millis, RequiredText, Sha256, ShortText } from '../../fields.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import type { SignOff } from './sign-off.ts'

export const signedFor = defineRecord({
  type: 'signed-for',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    /** Who signed. */
    personId: Id,
    circulationId: Id,
    documentNo: v.optional(ShortText, ''),
    signOffId: Id,
    forPersonId: Id,
    forName: RequiredText,
    revision: v.pipe(Count, v.minValue(1)),
    sha256: Sha256,
    /** Device time (UTC ms), as in the sign-off. */
    signedAt: Millis,
  }),
  indexes: ['circulationId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => f.signOffId,
  personOf: (f) => f.personId,
  parents: (f) => [{ type: 'sign-off', id: f.signOffId }],
  companion: true,
  canWrite: ({ actor, next, parents }) => {
    const s = parents[0]?.fields as SignOff | undefined
    const isOwn = actor.personId === next.personId && s?.signedBy === next.personId
    const isCopy =
      s?.mode === 'substitute' &&
      s.unitId === next.unitId &&
      s.circulationId === next.circulationId &&
      s.personId === next.forPersonId &&
      s.revision === next.revision &&
      s.sha256 === next.sha256 &&
      s.signedAt === next.signedAt
    return (isOwn && isCopy) || 'forbidden'
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its circulation',
  label: (f) =>
    f.documentNo === '' ? `代${f.forName}签字的记录` : `代${f.forName}签字的记录 · ${f.documentNo}`,
})
export type SignedFor = FieldsOf<typeof signedFor>
