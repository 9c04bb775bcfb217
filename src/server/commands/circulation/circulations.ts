/**
 * Dispatching a document to any set of branches, recalling and archiving it: each in one act for all of them, wholly or not
 * at all, once however often it is sent. Recipients are frozen at dispatch; who signed is never touched.
 */
import * as v from 'valibot'
import { CivilDate, Id, ShortText } from '../../../shared/fields.ts'
import { civilDate } from '../../../shared/civil-time.ts'
import { circulationId, confirmationId, type Circulation } from '../../../shared/circulation/circulation.ts'
import { dispatched, ended, membersNow, type Dispatching } from '../../../shared/circulation/dispatching.ts'
import type { Document } from '../../../shared/circulation/document/document.ts'
import { filesOf, revisionFiles } from '../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../shared/circulation/document/signed-sha256.ts'
import { secrecyMarkIn } from '../../../shared/circulation/intake/secrecy-marks.ts'
import { findSecrecyMarks } from '../../../shared/circulation/intake/secrecy-text.ts'
import type { Membership } from '../../../shared/org/membership.ts'
import { isOffice, isOfficerOf, type Actor } from '../../../shared/org/actor.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import { unitScope } from '../../../shared/sync/scopes.ts'
import { Refusal } from '../../problem.ts'
import type { WriteTx } from '../../store/record-store.ts'
import { defineCommand, type CommandContext } from '../define-command.ts'
import { putRecord } from '../put-record.ts'
import { releaseBlobs } from '../upkeep/release-blobs.ts'

const UnitIds = v.pipe(v.array(Id), v.minLength(1), v.maxLength(500))

export interface Dispatch {
  documentId: string
  unitIds: readonly string[]
  deadline: string
  /** 有效期至; null: none; absent: as it stands. */
  expiresOn?: string | null | undefined
}

export async function membersOf(tx: WriteTx, unitId: string, now: number): Promise<Membership[]> {
  const rows = await tx.records({ types: ['membership'], scopes: [unitScope(unitId)] })
  return membersNow(
    rows.map((r) => JSON.parse(r.fields) as Membership),
    unitId,
    now,
  )
}

/** @throws Refusal not-found, not-confirmed, invalid-fields */
export async function dispatch(
  tx: WriteTx,
  { documentId, unitIds, deadline, expiresOn }: Dispatch,
  author: string,
  now: number,
  moved: Set<string>,
): Promise<{ added: number; changed: number; same: number; recipients: number }> {
  const stored = await tx.record('document', documentId)
  if (stored === undefined || stored.deleted) throw new Refusal('not-found')
  const document = JSON.parse(stored.fields) as Document
  if (document.withdrawn === true) throw new Refusal('circulation-recalled')
  const names = [
    document.title,
    document.documentNo,
    ...document.revisions.flatMap((r) => filesOf(r).map(({ file }) => file.name)),
  ]
  const texts = [document.instructions, document.issuer, ...document.revisions.map((r) => r.note)]
  const marks = [...names.map(secrecyMarkIn), ...texts.flatMap((text) => findSecrecyMarks(text))]
  const mark = marks.find((found) => found?.level === 'refuse')
  if (mark != null)
    throw new Refusal('secrecy-mark', { message: `文件带有“${mark.mark}”标志，不能传阅。请改用线下渠道。` })
  for (const r of document.revisions) {
    const confirmation = await tx.record('document-confirmation', confirmationId(documentId, r.revision))
    const confirmed =
      confirmation === undefined ? '' : (JSON.parse(confirmation.fields) as { sha256: string }).sha256
    if (confirmed !== signedSha256(r))
      throw new Refusal('not-confirmed', {
        message: `第 ${r.revision} 版还没有第二人确认非密，不能传阅。请先由第二人确认。`,
      })
  }
  if (expiresOn != null && (expiresOn < deadline || expiresOn < civilDate(now)))
    throw new Refusal('invalid-fields', {
      message: '有效期不能早于截止日，也不能早于今天。',
      field: 'expiresOn',
    })
  const counts = { added: 0, changed: 0, same: 0, recipients: 0 }
  for (const unitId of new Set(unitIds)) {
    const act = { documentId, deadline, expiresOn }
    const fields = await circulationFields(tx, document, unitId, act, author, now)
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
  unitId: string,
  act: Pick<Dispatching, 'documentId' | 'deadline' | 'expiresOn'>,
  author: string,
  now: number,
): Promise<Circulation> {
  const unit = await tx.record('unit', unitId)
  const kind = unit === undefined ? undefined : (JSON.parse(unit.fields) as { kind: string; name: string })
  if (kind?.kind !== 'branch')
    throw new Refusal('invalid-fields', { message: '文件只能发给支部，请改选支部。', field: 'unitIds' })
  const before = await tx.record('circulation', circulationId(act.documentId, unitId))
  const standing = before === undefined ? undefined : (JSON.parse(before.fields) as Circulation)
  const members = standing === undefined ? await membersOf(tx, unitId, now) : []
  const fields = dispatched({ ...act, document, unitId, standing, members, by: author, now })
  if (fields.recipients.length === 0) {
    throw new Refusal('invalid-fields', {
      message: `${kind.name}没有党员，无法传阅。请先核对人员。`,
      field: 'unitIds',
    })
  }
  return fields
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
  schema: v.object({
    documentId: Id,
    unitIds: UnitIds,
    deadline: CivilDate,
    expiresOn: v.optional(v.nullable(CivilDate)),
  }),
  run: async ({ tx, actor, now, moved }, body) => {
    checkDesk(actor, await ownerOf(tx, body.documentId), body.unitIds)
    return { ...(await dispatch(tx, body, actor.personId, now, moved)) }
  },
})

const Ending = v.object({
  documentId: Id,
  /** All of them unless told. */
  unitIds: v.optional(UnitIds),
  reason: v.optional(v.pipe(ShortText, v.trim()), ''),
})

/** @returns the circulations that were ended; those that had ended so before are left as they are. */
async function end(
  { tx, actor, now, moved }: CommandContext,
  { documentId, unitIds, reason }: v.InferOutput<typeof Ending>,
  state: 'recalled' | 'closed',
): Promise<{ scope: string; fields: Circulation }[]> {
  const all = await tx.records({ types: ['circulation'] })
  const targets = all
    .map((r) => ({ id: r.id, fields: JSON.parse(r.fields) as Circulation }))
    .filter(({ fields: c }) => c.documentId === documentId && c.state !== 'recalled' && c.state !== state)
    .filter(({ fields: c }) => unitIds === undefined || unitIds.includes(c.unitId))
  const branches = targets.map(({ fields }) => fields.unitId)
  checkDesk(actor, await ownerOf(tx, documentId), branches)
  const done = []
  for (const { id, fields } of targets) {
    const next = ended(fields, { state, reason, by: actor.personId, now })
    const { scope } = await putRecord(tx, {
      type: 'circulation',
      id,
      fields: next as unknown as JsonObject,
      author: actor.personId,
      now,
    })
    moved.add(scope)
    done.push({ scope, fields })
  }
  return done
}

/**
 * 撤回: the right to the file goes at once; phones remove their copies at the next contact; the record of who signed stays.
 * What was signed before the recall and arrives later is kept too (sign-off.ts).
 */
export const recallCirculation = defineCommand({
  name: 'recall-circulation',
  schema: Ending,
  run: async (context, body) => {
    const recalled = await end(context, body, 'recalled')
    for (const { scope, fields } of recalled)
      await releaseBlobs(context.tx, scope, revisionFiles(fields.revisions))
    return { changed: recalled.length }
  },
})

/** 办结: asks nobody any more, stays readable in the archive (status.ts). Dispatched again, it asks again. */
export const closeCirculation = defineCommand({
  name: 'close-circulation',
  schema: Ending,
  run: async (context, body) => ({ changed: (await end(context, body, 'closed')).length }),
})
