/**
 * Erasure by rule (个人信息): content and everything that could prove it go, a tombstone and a ledger entry stay, and the same
 * record is refused for ever. Phones drop their copy when they pull the tombstone. A countersignature holds an unsalted hash of
 * what it countersigns, with which a guess at the content could be proved: it goes with it.
 */
import { COUNTERSIGNATURE, countersignatureId } from '../../shared/circulation/signing/countersignature.ts'
import { definitionOf } from '../../shared/sync/registry.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { keptTime } from '../routes/push/prepare-record.ts'
import type { StoredRecord, WriteTx } from '../store/record-store.ts'
import { releaseBlobs } from './upkeep/release-blobs.ts'

export interface EraseRecord {
  type: string
  id: string
  /** In the operator's words; kept, so never content. */
  reason: string
  author: string
  now: number
}

export type Erased =
  | {
      change: 'erased'
      scope: string
      /** Files that nobody may read any more: their bytes can be removed once this is committed. */
      freedFiles: string[]
    }
  | { change: 'already' }
  | { change: 'unknown' }

/** Whoever calls it also writes the journal (journal/journal-file.ts), or a restore of an older backup brings the record back. */
export async function eraseRecord(tx: WriteTx, erase: EraseRecord): Promise<Erased> {
  const { type, id } = erase
  const erased = await eraseOne(tx, erase)
  // Also where the record went before this was so: called again, it takes what was left.
  if (erased.change !== 'unknown' && definitionOf(type)?.countersign !== undefined)
    await eraseOne(tx, { ...erase, type: COUNTERSIGNATURE, id: countersignatureId(id) })
  return erased
}

async function eraseOne(tx: WriteTx, erase: EraseRecord): Promise<Erased> {
  const { type, id, reason, author, now } = erase
  if ((await tx.erasedAmong([{ type, id }])).size > 0) return { change: 'already' }
  const current = await tx.record(type, id)
  // A deleted record whose tombstone is gone has entries still, and their salts could prove what it held.
  const scope = current?.scope ?? (await tx.ledgerScopeOf({ type, id }))
  if (scope === undefined) return { change: 'unknown' }
  const at = keptTime(scope, now)
  const tombstone: StoredRecord = {
    type,
    id,
    ...(await tx.nextRevision(scope)),
    schemaVersion: current?.schemaVersion ?? 1,
    deleted: true,
    fields: '{}',
    author,
    observedAt: at,
    receivedAt: at,
    hash: null,
    clocks: null,
    history: null,
    person: null,
    subject: null,
  }
  await tx.forgetContent({ ...tombstone, hash: current?.hash ?? null })
  await tx.putRecord(tombstone, { kind: 'erase' })
  await tx.putErasure({ type, id, scope, at, reason })
  const fields =
    current === undefined || current.deleted ? undefined : (JSON.parse(current.fields) as JsonObject)
  const definition = definitionOf(type)
  const files = fields === undefined ? [] : (definition?.blobs?.(fields) ?? [])
  await releaseBlobs(tx, scope, files)
  // Where they were sent first.
  const sentTo = fields === undefined ? undefined : definition?.uploadScopeOf?.(fields)
  if (sentTo !== undefined) await releaseBlobs(tx, sentTo, files)
  return { change: 'erased', scope, freedFiles: await freed(tx, files) }
}

/** Those of the files that no scope has a right to. They count as missing from now on, so that they can be sent anew. */
async function freed(tx: WriteTx, files: readonly string[]): Promise<string[]> {
  const free: string[] = []
  for (const sha256 of new Set(files)) {
    const blob = await tx.blob(sha256)
    if (blob === undefined || (await tx.blobScopes(sha256)).length > 0) continue
    await tx.putBlob({ ...blob, complete: false })
    free.push(sha256)
  }
  return free
}
