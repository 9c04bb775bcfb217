/** What the demo's first branch has not: a document of its own, ready to be sent, and somebody who came after all was sent. */
import { confirmationId } from '../../../../src/shared/circulation/circulation.ts'
import type { Document } from '../../../../src/shared/circulation/document/document.ts'
import { signedSha256 } from '../../../../src/shared/circulation/document/signed-sha256.ts'
import { putRecord } from '../../../../src/server/commands/put-record.ts'
import { STAFF } from '../../../../src/server/demo/accounts.ts'
import { personIdOf } from '../../../../src/server/demo/context.ts'
import { FIRST_BRANCH_ID } from '../../../../src/server/demo/people/units.ts'
import { deskScope } from '../../../../src/shared/sync/scopes.ts'
import type { DemoHall } from './demo-hall.ts'

const ID = '01990000-0000-7000-8000-00000000b0a1'

/** Stands on no list yet. */
export async function putNewMember({ store }: Pick<DemoHall, 'store'>): Promise<void> {
  const fields = {
    personId: 'came-later',
    unitId: FIRST_BRANCH_ID,
    name: '欧阳春晓',
    staffNo: '1099',
    memberKind: 'full',
    votingRight: true,
    primary: true,
    from: '2026-01-01',
  }
  const author = personIdOf(STAFF.administrator)
  await store.write([], async (tx) => {
    await putRecord(tx, { type: 'membership', id: 'came-later', fields, author, now: Date.now() })
  })
}

/**
 * Registered by the secretary, confirmed by a second officer, not sent. The file is one that the demo's office has registered.
 * @returns the page of the document
 */
export async function putBranchDocument({ store }: Pick<DemoHall, 'store'>): Promise<string> {
  await store.write([], async (tx) => {
    const [of] = await tx.records({ types: ['document'] })
    const { revisions } = JSON.parse(of!.fields) as Document
    const { attachments: _, ...file } = revisions.at(-1)!
    const newest = { ...file, revision: 1 }
    const now = Date.now()
    const author = personIdOf(STAFF.secretary)
    const fields = {
      ownerUnitId: FIRST_BRANCH_ID,
      documentNo: '',
      title: '关于调整本支部夜班轮值与延时服务安排的通知',
      issuer: '',
      nonClassifiedBy: author,
      nonClassifiedAt: now,
      revisions: [newest],
    }
    await putRecord(tx, { type: 'document', id: ID, fields, author, now })
    const confirmation = {
      ownerUnitId: FIRST_BRANCH_ID,
      documentId: ID,
      revision: 1,
      sha256: signedSha256(newest),
      confirmedBy: personIdOf(STAFF.deputy),
      title: fields.title,
    }
    const by = confirmation.confirmedBy
    const id = confirmationId(ID, 1)
    await putRecord(tx, { type: 'document-confirmation', id, fields: confirmation, author: by, now })
    for (const sha256 of [newest.file.sha256, newest.readingSha256])
      if (sha256) await tx.putBlobScope(sha256, deskScope(FIRST_BRANCH_ID))
  })
  return `/desk/documents/${ID}`
}
