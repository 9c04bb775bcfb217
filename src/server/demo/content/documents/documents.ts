/**
 * Documents on the office's desk, confirmed by the second person and sent to every branch, with the sign-offs that others have
 * made already. One waits for its confirmation; two were revised after some had signed, one of them with attachments; one was
 * recalled, one is in the archive.
 */
import type { Document } from '../../../../shared/circulation/document/document.ts'
import {
  circulationId,
  confirmationId,
  type Circulation,
} from '../../../../shared/circulation/circulation.ts'
import { ended } from '../../../../shared/circulation/dispatching.ts'
import { revisionFiles } from '../../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../../shared/circulation/document/signed-sha256.ts'
import { civilDate, DAY_MS } from '../../../../shared/civil-time.ts'
import { ROOT_UNIT_ID, unitScope } from '../../../../shared/sync/scopes.ts'
import { dispatch } from '../../../commands/circulation/circulations.ts'
import { releaseBlobs } from '../../../commands/upkeep/release-blobs.ts'
import { emptyReport } from '../../../import/run/import-job.ts'
import { documentIdOf, putDocuments } from '../../../import/run/put-documents.ts'
import type { DocumentItem } from '../../../import/folder.ts'
import { STAFF } from '../../accounts.ts'
import { daysFrom, HOUR_MS, personIdOf, type DemoContext } from '../../context.ts'
import { unitId } from '../../people/units.ts'
import { ISSUER, type DemoDocument, type DocumentPlan } from './document-files.ts'
import { fillSignOffs } from './sign-offs.ts'

export { readDocuments } from './document-files.ts'

const CONFIRMED_AFTER_MS = HOUR_MS
const DISPATCHED_AFTER_MS = 2 * HOUR_MS

export async function fillDocuments(context: DemoContext, documents: readonly DemoDocument[]): Promise<void> {
  const branches = new Set(context.people.flatMap(({ branch }) => branch ?? []))
  const unitIds = [...branches].map((name) => unitId('branch', name))
  for (const { key, plan, revisions } of documents) {
    for (const [index, item] of revisions.entries()) {
      // At an early hour `now - 4 h` is yesterday: the demo does not mind.
      const at = context.now - (plan.daysAgo[index] ?? 0) * DAY_MS - 4 * HOUR_MS
      await putOnDesk(context, item, plan, at)
      if (plan.deadlineInDays === null) continue
      await confirm(context, documentIdOf(item), at + CONFIRMED_AFTER_MS)
      const deadline = daysFrom(context.today, plan.deadlineInDays)
      const call = { documentId: documentIdOf(item), unitIds, deadline }
      const dispatchedAt = at + DISPATCHED_AFTER_MS
      await dispatch(context.tx, call, personIdOf(STAFF.office), dispatchedAt, context.moved)
      const isLast = index === revisions.length - 1
      const until = isLast ? context.now : context.now - (plan.daysAgo[index + 1] ?? 0) * DAY_MS - 6 * HOUR_MS
      const endedAt = context.now - (plan.ended?.daysAgo ?? 0) * DAY_MS
      const round = { key, documentId: call.documentId, unitIds, from: dispatchedAt }
      await fillSignOffs(context, { ...round, until: Math.min(until, endedAt - HOUR_MS) })
      if (isLast && plan.ended !== undefined) await end(context, call, plan.ended, endedAt)
    }
  }
}

/** As the office's commands do it: the record stays, and a recalled file is nobody's any more. */
async function end(
  context: DemoContext,
  { documentId, unitIds }: { documentId: string; unitIds: readonly string[] },
  { state, reason }: NonNullable<DocumentPlan['ended']>,
  at: number,
): Promise<void> {
  const by = personIdOf(STAFF.office)
  for (const id of unitIds.map((unit) => circulationId(documentId, unit))) {
    const stored = await context.tx.record('circulation', id)
    if (stored === undefined) continue
    const standing = JSON.parse(stored.fields) as Circulation
    await context.put('circulation', id, ended(standing, { state, reason, by, now: at }), by, at)
    if (state === 'recalled')
      await releaseBlobs(context.tx, unitScope(standing.unitId), revisionFiles(standing.revisions))
  }
}

async function putOnDesk(
  context: DemoContext,
  item: DocumentItem,
  plan: DocumentPlan,
  at: number,
): Promise<void> {
  const { tx, parts } = context
  const publisher = personIdOf(STAFF.office)
  await putDocuments({ ...parts, now: at }, tx, [item], emptyReport(), publisher)
  const document = await storedDocument(context, documentIdOf(item))
  const fields = {
    ...document,
    issuer: ISSUER,
    receivedOn: civilDate(at),
    urgency: plan.urgency,
    instructions: plan.instructions,
  }
  await context.put('document', documentIdOf(item), fields, publisher, at)
}

async function storedDocument({ tx }: DemoContext, id: string): Promise<Document> {
  const stored = await tx.record('document', id)
  if (stored === undefined) throw new Error(`demo document ${id} is missing`)
  return JSON.parse(stored.fields) as Document
}

async function confirm(context: DemoContext, documentId: string, at: number): Promise<void> {
  const document = await storedDocument(context, documentId)
  const newest = document.revisions.at(-1)
  if (newest === undefined) return
  const confirmedBy = personIdOf(STAFF.secondOffice)
  const fields = {
    ownerUnitId: ROOT_UNIT_ID,
    documentId,
    revision: newest.revision,
    sha256: signedSha256(newest),
    confirmedBy,
    title: document.title,
  }
  await context.put(
    'document-confirmation',
    confirmationId(documentId, newest.revision),
    fields,
    confirmedBy,
    at,
  )
}
