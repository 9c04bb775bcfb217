/**
 * The master of an official document at the desk that keeps it. Non-classified documents only: the publisher declares 非密,
 * a second person confirms each revision. The bytes that are signed are named by their SHA-256.
 *
 * Guarantee: a revision that was declared stays as it is, every file of it and the text made of each; what changes is a new one.
 */
import * as v from 'valibot'
import {
  CivilDate,
  Count,
  FileRef,
  Id,
  LongText,
  Millis,
  RequiredText,
  Sha256,
  ShortText,
} from '../../fields.ts'
import { isAtDesk } from '../../org/actor.ts'
import { canonicalJson } from '../../sync/canonical.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { deskScope } from '../../sync/scopes.ts'
import { filesOf, revisionFiles, URGENCIES } from './revisions.ts'
import { secrecyMarkIn } from '../intake/secrecy-marks.ts'

export const MOST_ATTACHMENTS = 20

const OneFile = {
  file: FileRef,
  /** Pages of a PDF or an OFD; null where it has none. */
  pages: v.optional(v.nullable(Count), null),
  /** Markdown made at publishing from a DOCX, or from Markdown with front matter, for reading; what is signed is `file`. */
  readingSha256: v.optional(v.nullable(Sha256), null),
  /** 内部资料 and its like, found in the text at publishing: the declarer looked again, the second person sees them. */
  warnings: v.optional(v.pipe(v.array(ShortText), v.maxLength(20))),
}
const RevisionFileFields = v.object(OneFile)
export type RevisionFile = v.InferOutput<typeof RevisionFileFields>

export const RevisionFields = v.object({
  revision: v.pipe(Count, v.minValue(1)),
  /** 正文. */
  ...OneFile,
  /**
   * 附件, in their order. No default: what was stored, sealed and counted before there were any must stay the same to the
   * letter, or its hashes would no longer hold.
   */
  attachments: v.optional(v.pipe(v.array(RevisionFileFields), v.maxLength(MOST_ATTACHMENTS))),
  at: Millis,
  note: v.optional(ShortText, ''),
})
export type Revision = v.InferOutput<typeof RevisionFields>

export const DocumentHead = {
  documentNo: ShortText,
  title: RequiredText,
  issuer: v.optional(ShortText, ''),
  receivedOn: v.optional(v.nullable(CivilDate), null),
  urgency: v.optional(v.picklist(URGENCIES), '平件'),
  instructions: v.optional(LongText, ''),
}

/** Everything that names the document: a mark in any of them keeps it out, on the phone and on the endpoint. */
const namesOf = (f: { documentNo: string; title: string; revisions: readonly Revision[] }): string[] => [
  f.documentNo,
  f.title,
  ...f.revisions.flatMap((r) => filesOf(r)).map(({ file }) => file.name.replace(/\.[^.]+$/, '')),
]

/** A gap in time between declaring and confirming is where one file could be put in another's place. */
function keepsRevisions(current: { revisions: readonly Revision[] } | undefined, next: readonly Revision[]) {
  const before = current?.revisions ?? []
  return canonicalJson(before) === canonicalJson(next.slice(0, before.length))
}

export const document = defineRecord({
  type: 'document',
  schemaVersion: 1,
  schema: v.object({
    ownerUnitId: Id,
    ...DocumentHead,
    nonClassifiedBy: Id,
    nonClassifiedAt: Millis,
    revisions: v.pipe(v.array(RevisionFields), v.minLength(1), v.maxLength(50)),
    withdrawn: v.optional(v.boolean(), false),
  }),
  indexes: ['ownerUnitId'],
  scopeOf: (f) => deskScope(f.ownerUnitId),
  blobs: (f) => revisionFiles(f.revisions),
  canWrite: ({ actor, next, current }) => {
    if (!isAtDesk(actor, next.ownerUnitId)) return 'forbidden'
    if (namesOf(next).some((name) => secrecyMarkIn(name)?.level === 'refuse')) return 'secrecy-mark'
    if (!keepsRevisions(current, next.revisions)) return 'frozen'
    const newest = next.revisions.length > (current?.revisions.length ?? 0)
    return newest && next.nonClassifiedBy !== actor.personId ? 'forbidden' : true
  },
  conflict: 'content',
  keepOnPhone: 12,
  retention: 'as the archive rules of the bureau say',
  label: (f) => `文件 · ${f.title}`,
})
export type Document = FieldsOf<typeof document>
