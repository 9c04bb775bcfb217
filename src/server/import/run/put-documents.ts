/**
 * A folder of documents onto the Party office's desk. The person named by `--by` declares them 非密; a second person confirms
 * each in the app before it can be circulated. A file that changed becomes a new revision.
 */
import type { Document, Revision, RevisionFile } from '../../../shared/circulation/document/document.ts'
import { signedSha256 } from '../../../shared/circulation/document/signed-sha256.ts'
import { idFrom } from '../../../shared/sync/canonical.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import { deskScope, ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'
import { putRecord } from '../../commands/put-record.ts'
import type { WriteTx } from '../../store/record-store.ts'
import type { DocumentItem, SourceFile } from '../folder.ts'
import { withoutPictures } from '../file/look-at-file.ts'
import { keepFile, note, type ImportParts, type ImportReport } from './import-job.ts'

/** A document is known by its number; without one, by its title. */
export const documentIdOf = (item: { documentNumber: string | null; title: string }): string =>
  idFrom('document', item.documentNumber ?? '', item.documentNumber === null ? item.title : '')

export async function putDocuments(
  parts: ImportParts,
  tx: WriteTx,
  items: readonly DocumentItem[],
  report: ImportReport,
  declaredBy: string,
): Promise<void> {
  for (const item of items) {
    const id = documentIdOf(item)
    const stored = await tx.record('document', id)
    const before = stored === undefined ? undefined : (JSON.parse(stored.fields) as Document)
    const newest = before?.revisions.at(-1)
    const isSameFile = newest !== undefined && signedSha256(newest) === signedSha256(namesOf(item))
    const revisions = isSameFile
      ? before!.revisions
      : [...(before?.revisions ?? []), await revisionOf(parts, tx, item, (newest?.revision ?? 0) + 1)]
    const fields: Document = {
      urgency: '平件',
      instructions: '',
      withdrawn: false,
      ...before,
      ownerUnitId: ROOT_UNIT_ID,
      documentNo: item.documentNumber ?? '',
      title: item.title,
      issuer: item.issuer ?? before?.issuer ?? '',
      receivedOn: item.issuedOn ?? before?.receivedOn ?? null,
      nonClassifiedBy: isSameFile ? before!.nonClassifiedBy : declaredBy,
      nonClassifiedAt: isSameFile ? before!.nonClassifiedAt : parts.now,
      revisions,
    }
    const result = await putRecord(tx, {
      type: 'document',
      id,
      fields: fields as unknown as JsonObject,
      author: declaredBy,
      now: parts.now,
    })
    note(report, result.change, `文件 ${item.documentNumber ?? ''}《${item.title}》第 ${revisions.length} 版`)
  }
}

/** As a revision would name them. */
const namesOf = ({ source, attachments }: DocumentItem) => {
  const [file, ...more] = [source, ...attachments].map(({ sha256 }) => ({ file: { sha256 } }))
  return { ...file!, attachments: more }
}

/** A Markdown file without front matter, in UTF-8: the phone can show its very bytes. */
function isReadAsItIs({ kind, bytes, markdown }: DocumentItem['source']): boolean {
  return kind === 'md' && new TextDecoder().decode(bytes).trim() === markdown?.trim()
}

async function revisionOf(
  parts: ImportParts,
  tx: WriteTx,
  { source, attachments }: DocumentItem,
  revision: number,
): Promise<Revision> {
  const main = await putFile(parts, tx, source)
  const more: RevisionFile[] = []
  for (const attachment of attachments) more.push(await putFile(parts, tx, attachment))
  return {
    revision,
    ...main,
    ...(more.length === 0 ? {} : { attachments: more }),
    at: parts.now,
    note: '',
  }
}

async function putFile(parts: ImportParts, tx: WriteTx, source: SourceFile): Promise<RevisionFile> {
  const sha256 = await keepFile(parts, tx, source.bytes, source.mime)
  await tx.putBlobScope(sha256, deskScope(ROOT_UNIT_ID))
  let readingSha256: string | null = null
  if (source.markdown !== null && !isReadAsItIs(source)) {
    const text = new TextEncoder().encode(withoutPictures(source.markdown))
    readingSha256 = await keepFile(parts, tx, text, 'text/markdown')
    await tx.putBlobScope(readingSha256, deskScope(ROOT_UNIT_ID))
  }
  const name = source.path.split('/').at(-1) ?? source.path
  return {
    file: { sha256, name, mime: source.mime, sizeBytes: source.bytes.length },
    pages: source.pageCount,
    readingSha256,
    ...(source.cautions.length === 0 ? {} : { warnings: source.cautions }),
  }
}
