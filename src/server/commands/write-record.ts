/**
 * Writes one record on the endpoint itself, and nothing that follows from it (put-record.ts). The same definition validates it
 * and says its scope; the same content again changes nothing.
 */
import { canonicalJson, sha256Hex } from '../../shared/sync/canonical.ts'
import { ERRORS } from '../../shared/sync/protocol/errors.ts'
import { parseFields } from '../../shared/sync/define-record.ts'
import { definitionOf } from '../../shared/sync/registry.ts'
import { flatten } from '../../shared/sync/flat-paths.ts'
import { formatHlc } from '../../shared/sync/hlc.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { Refusal } from '../problem.ts'
import type { WriteTx } from '../store/record-store.ts'

export interface PutRecord {
  type: string
  id: string
  fields: JsonObject
  author: string
  now: number
  /** When it was observed, if that was earlier. */
  observedAt?: number
}

export interface PutResult {
  id: string
  scope: string
  change: 'added' | 'changed' | 'same'
}

/** @throws Refusal invalid-fields, scope-changed, id-conflict, erased: the caller's transaction is rolled back as a whole */
export async function writeRecord(tx: WriteTx, put: PutRecord): Promise<PutResult> {
  const definition = definitionOf(put.type)
  if (definition === undefined) throw new Refusal('unknown-type', { message: put.type })
  const parsed = parseFields(definition, put.fields)
  if (!parsed.ok) {
    throw new Refusal('invalid-fields', {
      message: `${put.type} ${parsed.path}: ${parsed.message}`,
      field: parsed.path,
    })
  }
  const fields = parsed.fields as JsonObject
  const scope = definition.scopeOf(fields)
  const current = await tx.record(put.type, put.id)
  if (current !== undefined) {
    if (current.scope !== scope) throw new Refusal('scope-changed', { message: `${put.type} ${put.id}` })
    const same = !current.deleted && canonicalJson(JSON.parse(current.fields)) === canonicalJson(fields)
    if (same) return { id: put.id, scope, change: 'same' }
  }
  // What stands was not erased: asked only where something would come into being.
  if (current === undefined || current.deleted) await refuseErased(tx, put)
  if (current !== undefined && definition.conflict === 'fact')
    throw new Refusal('id-conflict', { message: `${put.type} ${put.id}` })
  const clock = formatHlc(put.now, 0, 'endpoint')
  const isDraft = definition.conflict === 'draft'
  await tx.putRecord({
    type: put.type,
    id: put.id,
    ...(await tx.nextRevision(scope)),
    schemaVersion: definition.schemaVersion,
    deleted: false,
    fields: JSON.stringify(fields),
    author: put.author,
    observedAt: put.observedAt ?? put.now,
    receivedAt: put.now,
    hash: definition.conflict === 'fact' ? sha256Hex(canonicalJson(fields)) : null,
    clocks: isDraft
      ? JSON.stringify(Object.fromEntries(Object.keys(flatten(fields)).map((path) => [path, clock])))
      : null,
    history: null,
    person: definition.personOf?.(fields) ?? null,
    subject: definition.subject?.(fields) ?? null,
  })
  for (const sha256 of definition.blobs?.(fields) ?? []) await tx.putBlobScope(sha256, scope)
  return { id: put.id, scope, change: current === undefined ? 'added' : 'changed' }
}

async function refuseErased(tx: WriteTx, { type, id }: PutRecord): Promise<void> {
  const erased = await tx.erasedAmong([{ type, id }])
  if (erased.size > 0) throw new Refusal('erased', { message: `${ERRORS.erased.sentence}（${type} ${id}）` })
}
