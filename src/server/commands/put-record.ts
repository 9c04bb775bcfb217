/**
 * Writes a record on the endpoint itself: for commands, import and demo; whoever comes to a unit brings the keys of their phones
 * along. The same content again changes nothing, so that importing twice is importing once.
 */
import { bringKeys } from './people/bring-keys.ts'
import { writeRecord, type PutRecord, type PutResult } from './write-record.ts'
import type { WriteTx } from '../store/record-store.ts'

export type { PutRecord, PutResult } from './write-record.ts'

/** @throws Refusal invalid-fields, scope-changed, id-conflict, erased: the caller's transaction is rolled back as a whole */
export async function putRecord(tx: WriteTx, put: PutRecord): Promise<PutResult> {
  const result = await writeRecord(tx, put)
  const { personId } = put.fields
  if (put.type === 'membership' && result.change !== 'same' && typeof personId === 'string')
    await bringKeys(tx, [personId], put.now)
  return result
}

/** Leaves a tombstone, so that phones remove their copies. Nothing happens when the record isn't there. */
export async function removeRecord(tx: WriteTx, type: string, id: string, now: number): Promise<boolean> {
  const current = await tx.record(type, id)
  if (current === undefined || current.deleted) return false
  const { scope, ...record } = current
  await tx.putRecord({
    ...record,
    ...(await tx.nextRevision(scope)),
    deleted: true,
    fields: '{}',
    history: null,
    receivedAt: now,
  })
  return true
}
