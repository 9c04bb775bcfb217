/** The documents of this desk as they stand on this device, with who confirmed which revision. */
import { confirmationId } from '../../../../shared/circulation/circulation.ts'
import type { Document, Revision } from '../../../../shared/circulation/document/document.ts'
import { signedSha256 } from '../../../../shared/circulation/document/signed-sha256.ts'
import type { DocumentConfirmation } from '../../../../shared/circulation/document/document-confirmation.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import type { PhoneRecord } from '../../../storage/rows.ts'

export interface RevisionState {
  revision: Revision
  confirmation: PhoneRecord<DocumentConfirmation> | undefined
}
export interface DocumentLine {
  id: string
  fields: Document
  pending: 0 | 1
  /** Newest first. */
  revisions: RevisionState[]
  isConfirmed: boolean
}

async function toLine(phone: Phone, row: PhoneRecord<Document>): Promise<DocumentLine> {
  const newestFirst = [...row.fields.revisions].sort((a, b) => b.revision - a.revision)
  const found = await phone.db
    .records('document-confirmation')
    .bulkGet(newestFirst.map((r) => confirmationId(row.id, r.revision)))
  const revisions = newestFirst.map((revision, at) => ({
    revision,
    confirmation: found[at]?.fields.sha256 === signedSha256(revision) ? found[at] : undefined,
  }))
  const isConfirmed = revisions.every((r) => r.confirmation !== undefined)
  return { id: row.id, fields: row.fields, pending: row.pending, revisions, isConfirmed }
}

/** The one whose newest revision is the youngest comes first. */
export async function readDocuments(phone: Phone): Promise<DocumentLine[]> {
  const rows = await phone.db.records('document').toArray()
  const lines = await Promise.all(rows.map((row) => toLine(phone, row)))
  return lines.sort((a, b) => (b.revisions[0]?.revision.at ?? 0) - (a.revisions[0]?.revision.at ?? 0))
}

export function useDocuments() {
  const phone = usePhone()
  return useLiveOrLoading(() => readDocuments(phone))
}

/** null when it is not on this device. */
export async function readDocument(phone: Phone, id: string): Promise<DocumentLine | null> {
  const row = await phone.db.records('document').get(id)
  return row === undefined ? null : toLine(phone, row)
}

export function useDocument(id: string) {
  const phone = usePhone()
  return useLiveOrLoading(() => readDocument(phone, id))
}

/** 确认非密: by a second person, of exactly these bytes. */
export async function confirmRevision(phone: Phone, line: DocumentLine, revision: Revision): Promise<void> {
  await phone.store.put(
    'document-confirmation',
    {
      ownerUnitId: line.fields.ownerUnitId,
      documentId: line.id,
      revision: revision.revision,
      sha256: signedSha256(revision),
      confirmedBy: phone.person.id,
      title: line.fields.title,
    },
    { id: confirmationId(line.id, revision.revision) },
  )
}
