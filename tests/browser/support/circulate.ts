/** One more document on its way to the first branch, as the office sends it. */
import { civilDate } from '../../../src/shared/civil-time.ts'
import { circulationId, confirmationId } from '../../../src/shared/circulation/circulation.ts'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import { branchId, personIdOf } from '../../support/endpoint.ts'
import type { ServedHall } from './served-hall.ts'

export interface SentFile {
  name: string
  mime: string
  bytes: Uint8Array
  pages: number
  /** Markdown that the file was converted to. */
  reading?: Uint8Array
}

/** @returns the id of the circulation */
export async function circulate({ endpoint }: Pick<ServedHall, 'endpoint'>, sent: SentFile): Promise<string> {
  const now = Date.now()
  const office = personIdOf('9001')
  const unitId = branchId('第一支部')
  const documentId = idFrom('browser-test', sent.name)
  const { name, mime, bytes, pages, reading } = sent
  const sha256 = await endpoint.putFile(bytes, mime, 'desk:root')
  const file = { sha256, name, mime, sizeBytes: bytes.length }
  const readingSha256 =
    reading === undefined ? null : await endpoint.putFile(reading, 'text/markdown', 'desk:root')
  const revisions = [{ revision: 1, file, pages, readingSha256, at: now, note: '' }]
  const head = {
    documentNo: '办公室〔2026〕60 号',
    title: name.replace(/\.\w+$/, ''),
    issuer: '办公室',
    urgency: '平件',
    instructions: '',
  }
  await endpoint.put(
    'document',
    documentId,
    { ownerUnitId: 'root', ...head, nonClassifiedBy: office, nonClassifiedAt: now, revisions },
    office,
  )
  await endpoint.put(
    'document-confirmation',
    confirmationId(documentId, 1),
    { ownerUnitId: 'root', documentId, revision: 1, sha256, confirmedBy: personIdOf('9002') },
    personIdOf('9002'),
  )
  const id = circulationId(documentId, unitId)
  await endpoint.put('circulation', id, {
    unitId,
    documentId,
    ...head,
    revisions,
    recipients: ['1001', '1002', '1003'].map((staffNo, n) => ({
      personId: personIdOf(staffNo),
      name: ['陈静', '李明', '王芳'][n]!,
    })),
    dispatchedAt: now,
    dispatchedBy: office,
    deadline: civilDate(now),
    state: 'open',
  })
  return id
}
