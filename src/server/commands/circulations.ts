/** Dispatching a document to any set of branches, and recalling it: wholly or not at all. Recipients are frozen at dispatch. */
import * as v from 'valibot'
import { CivilDate, Id } from '../../shared/fields.ts'
import { confirmationId, type Circulation } from '../../shared/circulation/circulation.ts'
import type { Document } from '../../shared/circulation/document.ts'
import { revisionFiles } from '../../shared/circulation/revisions.ts'
import { secrecyMarkIn } from '../../shared/circulation/secrecy-marks.ts'
import type { Membership } from '../../shared/org/membership.ts'
import { isOffice, isOfficerOf, spanHolds, type Actor } from '../../shared/org/actor.ts'
import { idFrom } from '../../shared/sync/canonical.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { unitScope } from '../../shared/sync/scopes.ts'
import { Refusal } from '../problem.ts'
import type { WriteTx } from '../store/record-store.ts'
import { defineCommand } from './define-command.ts'
import { putRecord } from './put-record.ts'
import { releaseBlobs } from './release-blobs.ts'

const UnitIds = v.pipe(v.array(Id), v.minLength(1), v.maxLength(500))

export const circulationId = (documentId: string, unitId: string): string =>
  idFrom('circulation', documentId, unitId)

export interface Dispatch {
  documentId: string
  unitIds: readonly string[]
  deadline: string
}

/** Party members of the unit now, each once, in the order of the roster's hand order and name. */
export async function membersOf(tx: WriteTx, unitId: string, now: number): Promise<Membership[]> {
  const rows = await tx.records({ types: ['membership'], scopes: [unitScope(unitId)] })
  const current = rows
    .map((r) => JSON.parse(r.fields) as Membership)
    .filter(
      (m) =>
        m.unitId === unitId && m.memberKind !== 'none' && spanHolds({ from: m.from, to: m.to ?? null }, now),
    )
  const byPerson = new Map(current.map((m) => [m.personId, m]))
  return [...byPerson.values()].sort(
    (a, b) => (a.handOrder ?? 0) - (b.handOrder ?? 0) || (a.name < b.name ? -1 : 1),
  )
}

/** @throws Refusal not-found, not-confirmed, invalid-fields */
export async function dispatch(
  tx: WriteTx,
  { documentId, unitIds, deadline }: Dispatch,
  author: string,
  now: number,
  moved: Set<string>,
): Promise<{ added: number; changed: number; same: number; recipients: number }> {
  const stored = await tx.record('document', documentId)
  if (stored === undefined || stored.deleted) throw new Refusal('not-found')
  const document = JSON.parse(stored.fields) as Document
  if (document.withdrawn === true) throw new Refusal('circulation-recalled')
  const names = [document.title, document.documentNo, ...document.revisions.map((r) => r.file.name)]
  const mark = names.map(secrecyMarkIn).find((found) => found?.level === 'refuse')
  if (mark != null)
    throw new Refusal('secrecy-mark', { message: `文件带有“${mark.mark}”标志，不能传阅。请改用线下渠道。` })
  for (const r of document.revisions) {
    const confirmation = await tx.record('document-confirmation', confirmationId(documentId, r.revision))
    const confirmed =
      confirmation === undefined ? '' : (JSON.parse(confirmation.fields) as { sha256: string }).sha256
    if (confirmed !== r.file.sha256)
      throw new Refusal('not-confirmed', {
        message: `第 ${r.revision} 版还没有第二人确认非密，不能传阅。请先由另一人确认。`,
      })
  }
  const counts = { added: 0, changed: 0, same: 0, recipients: 0 }
  for (const unitId of new Set(unitIds)) {
    const fields = await circulationFields(tx, document, documentId, unitId, deadline, author, now)
    const id = circulationId(documentId, unitId)
    const result = await putRecord(tx, {
      type: 'circulation',
      id,
      fields: fields as unknown as JsonObject,
      author,
      now,
    })
    for (const sha256 of revisionFiles(fields.revisions)) await tx.putBlobScope(sha256, result.scope)
    counts[result.change]++
    counts.recipients += fields.recipients.length
    moved.add(result.scope)
  }
  return counts
}

async function circulationFields(
  tx: WriteTx,
  document: Document,
  documentId: string,
  unitId: string,
  deadline: string,
  author: string,
  now: number,
): Promise<Circulation> {
  const unit = await tx.record('unit', unitId)
  const kind = unit === undefined ? undefined : (JSON.parse(unit.fields) as { kind: string; name: string })
  if (kind?.kind !== 'branch')
    throw new Refusal('invalid-fields', { message: '文件只能发给支部，请改选支部。', field: 'unitIds' })
  const before = await tx.record('circulation', circulationId(documentId, unitId))
  const standing = before === undefined ? undefined : (JSON.parse(before.fields) as Circulation)
  const recipients =
    standing?.recipients ??
    (await membersOf(tx, unitId, now)).map(({ personId, name }) => ({ personId, name }))
  if (recipients.length === 0) {
    throw new Refusal('invalid-fields', {
      message: `${kind.name}没有党员，无法传阅。请先核对人员。`,
      field: 'unitIds',
    })
  }
  return {
    unitId,
    documentId,
    documentNo: document.documentNo,
    title: document.title,
    issuer: document.issuer,
    receivedOn: document.receivedOn,
    urgency: document.urgency,
    instructions: document.instructions,
    revisions: document.revisions,
    recipients,
    dispatchedAt: standing?.dispatchedAt ?? now,
    dispatchedBy: standing?.dispatchedBy ?? author,
    deadline,
    state: 'open',
  }
}

function checkDesk(actor: Actor, ownerUnitId: string, unitIds: readonly string[]): void {
  if (isOffice(actor)) return
  const ownOnly = unitIds.every((unitId) => unitId === ownerUnitId && isOfficerOf(actor, unitId))
  if (!ownOnly) throw new Refusal('forbidden')
}

async function ownerOf(tx: WriteTx, documentId: string): Promise<string> {
  const stored = await tx.record('document', documentId)
  if (stored === undefined) throw new Refusal('not-found')
  return (JSON.parse(stored.fields) as Document).ownerUnitId
}

export const dispatchCirculation = defineCommand({
  name: 'dispatch-circulation',
  schema: v.object({ documentId: Id, unitIds: UnitIds, deadline: CivilDate }),
  run: async ({ tx, actor, now, moved }, body) => {
    checkDesk(actor, await ownerOf(tx, body.documentId), body.unitIds)
    return { ...(await dispatch(tx, body, actor.personId, now, moved)) }
  },
})

/** The right to the file goes at once; phones remove their copies at the next contact; the record of who signed stays. */
export const recallCirculation = defineCommand({
  name: 'recall-circulation',
  schema: v.object({ documentId: Id, unitIds: v.optional(UnitIds) }),
  run: async ({ tx, actor, now, moved }, { documentId, unitIds }) => {
    const all = await tx.records({ types: ['circulation'] })
    const targets = all
      .map((r) => ({ id: r.id, fields: JSON.parse(r.fields) as Circulation }))
      .filter((c) => c.fields.documentId === documentId && c.fields.state !== 'recalled')
      .filter((c) => unitIds === undefined || unitIds.includes(c.fields.unitId))
    checkDesk(
      actor,
      await ownerOf(tx, documentId),
      targets.map((c) => c.fields.unitId),
    )
    for (const { id, fields } of targets) {
      const recalled = { ...fields, state: 'recalled' }
      const { scope } = await putRecord(tx, {
        type: 'circulation',
        id,
        fields: recalled as unknown as JsonObject,
        author: actor.personId,
        now,
      })
      await releaseBlobs(tx, scope, revisionFiles(fields.revisions))
      moved.add(scope)
    }
    return { changed: targets.length }
  },
})
