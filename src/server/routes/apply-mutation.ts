/**
 * One mutation against the store: parse, authorise by the definition, merge. Returns the outcome and whether the scope moved.
 *
 * Guarantees: what is refused leaves no trace but its outcome; a fact that is sent again is the same fact; nothing is written
 * under another author than the one who made it.
 */
import { mergeDraft } from '../../shared/sync/merge.ts'
import {
  parseFields,
  upgradeFields,
  type AnyDefinition,
  type ParentRecord,
} from '../../shared/sync/define-record.ts'
import { flatten, unflatten } from '../../shared/sync/flat-paths.ts'
import { clampHlc } from '../../shared/sync/hlc.ts'
import { definitionOf } from '../../shared/sync/registry.ts'
import { parseScope } from '../../shared/sync/scopes.ts'
import { DAY_MS } from '../../shared/civil-time.ts'
import type { Actor } from '../../shared/org/actor.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import type { RejectionCode } from '../../shared/sync/protocol/errors.ts'
import type { Mutation } from '../../shared/sync/protocol/push.ts'
import type { StoredRecord, WriteTx } from '../store/record-store.ts'
import { mayRead } from '../auth/access.ts'
import { releaseBlobs } from '../commands/release-blobs.ts'
import { recordToWire } from './wire.ts'

export interface MutationContext {
  now: number
  actor: Actor
  /** Checked before the lock: the payload hashes to `hash`, and every signature on it holds. */
  proof: { hashHolds: boolean; signatureHolds: boolean }
}

/** JSON text of the outcome without its `n`, which the caller knows. */
export interface Applied {
  status: 'accepted' | 'merged' | 'rejected' | 'deferred'
  code?: RejectionCode
  detail?: string
  /** Wire text. */
  record?: string
}

type Current = (StoredRecord & { scope: string }) | undefined
interface Next {
  fields: JsonObject
  schemaVersion: number
  clocks: string | null
  history: string | null
  olderSomewhere: boolean
}

const rejected = (code: RejectionCode, detail?: string): Applied => ({ status: 'rejected', code, detail })

export async function applyMutation(tx: WriteTx, m: Mutation, context: MutationContext): Promise<Applied> {
  const definition = definitionOf(m.type)
  if (definition === undefined) return rejected('unknown-type', m.type)
  if (!context.proof.hashHolds) return rejected('hash-wrong')
  if (!context.proof.signatureHolds) return rejected('bad-signature')
  const current = await tx.record(m.type, m.id)
  if (current !== undefined && current.scope !== m.scope) return rejected('scope-changed')
  if (definition.conflict === 'fact' && current !== undefined) {
    const isSame = current.hash === m.hash && current.author === context.actor.personId
    return isSame ? { status: 'accepted' } : rejected('id-conflict')
  }
  const isStale = definition.conflict === 'content' && current !== undefined && m.baseRev !== current.rev
  if (isStale) {
    const readable = mayRead(context.actor, current.scope)
    return { ...rejected('stale-base'), record: readable ? recordToWire(current, current.scope) : undefined }
  }
  if (m.op === 'delete') return applyDelete(tx, m, definition, current, context)
  return applyPut(tx, m, definition, current, context)
}

async function applyPut(
  tx: WriteTx,
  m: Mutation,
  definition: AnyDefinition,
  current: Current,
  context: MutationContext,
): Promise<Applied> {
  const next = nextOf(definition, m, current, context.now)
  if (next === undefined) return rejected('invalid-fields')
  const parsed = parseFields(definition, next.fields)
  if (!parsed.ok) return rejected('invalid-fields', `${parsed.path}: ${parsed.message}`)
  const fields = parsed.fields as JsonObject
  if (definition.scopeOf(fields) !== m.scope) return rejected('scope-mismatch')

  const refusal = await checkWrite(tx, definition, fields, current, m, context)
  if (refusal !== undefined) return refusal

  const record = { ...recordOf(m, definition, fields, next, context), ...(await tx.nextRevision(m.scope)) }
  await tx.putRecord(record)
  if (next.olderSomewhere) return { status: 'merged', record: recordToWire(record, m.scope) }
  return definition.conflict === 'content'
    ? { status: 'accepted', record: recordToWire(record, m.scope) }
    : { status: 'accepted' }
}

/** Fields after the mutation, before validation; undefined when a draft's paths make no record. */
function nextOf(definition: AnyDefinition, m: Mutation, current: Current, now: number): Next | undefined {
  const schemaVersion = Math.max(m.schemaVersion, definition.schemaVersion)
  if (definition.conflict !== 'draft') {
    const fields = upgradeFields(definition, m.fields, m.schemaVersion)
    return { fields, schemaVersion, clocks: null, history: null, olderSomewhere: false }
  }
  const alive = current !== undefined && !current.deleted
  const standing = {
    fields: alive ? flatten(JSON.parse(current.fields) as JsonObject) : {},
    clocks: JSON.parse(current?.clocks ?? '{}') as Record<string, string>,
  }
  try {
    unflatten(m.fields) // a path that would reach a prototype or go through a leaf is refused before it touches anything
    const merged = mergeDraft(standing, m.fields, clampHlc(m.hlc, now))
    const kept = [...merged.lost, ...(JSON.parse(current?.history ?? '[]') as JsonObject[])].slice(0, 20)
    return {
      fields: unflatten(merged.fields),
      // What a newer version wrote stays a newer version's, also when an older one edits another path of it.
      schemaVersion: Math.max(schemaVersion, alive ? current.schemaVersion : 0),
      clocks: JSON.stringify(merged.clocks),
      history: kept.length === 0 ? null : JSON.stringify(kept),
      olderSomewhere: merged.olderSomewhere,
    }
  } catch (problem) {
    if (problem instanceof TypeError) return undefined
    throw problem
  }
}

async function checkWrite(
  tx: WriteTx,
  definition: AnyDefinition,
  fields: JsonObject,
  current: Current,
  m: Mutation,
  context: MutationContext,
): Promise<Applied | undefined> {
  const { parents, missing } = await parentsOf(tx, definition, fields)
  if (missing !== undefined) return { status: 'deferred', code: 'missing-parent', detail: missing }
  const verdict = definition.canWrite({
    actor: context.actor,
    next: fields,
    current:
      current === undefined || current.deleted ? undefined : (JSON.parse(current.fields) as JsonObject),
    parents,
    observedAt: Math.min(m.observedAt, context.now),
  })
  if (verdict !== true) return rejected(verdict)
  for (const sha256 of definition.blobs?.(fields) ?? []) {
    const blob = await tx.blob(sha256)
    if (blob?.complete !== true) return { status: 'deferred', code: 'missing-file', detail: sha256 }
    const scopes = await tx.blobScopes(sha256)
    if (scopes.includes(m.scope)) continue
    if (!scopes.some((scope) => mayRead(context.actor, scope))) return rejected('forbidden', sha256)
    await tx.putBlobScope(sha256, m.scope)
  }
  return undefined
}

async function parentsOf(
  tx: WriteTx,
  definition: AnyDefinition,
  fields: JsonObject,
): Promise<{ parents: ParentRecord[]; missing?: string }> {
  const parents: ParentRecord[] = []
  let missing: string | undefined
  for (const ref of definition.parents?.(fields) ?? []) {
    const parent = await tx.record(ref.type, ref.id)
    if (parent !== undefined && !parent.deleted) {
      parents.push({ type: ref.type, id: ref.id, fields: JSON.parse(parent.fields) as JsonObject })
    } else if (ref.optional !== true) missing ??= `${ref.type}:${ref.id}`
  }
  return { parents, missing }
}

async function applyDelete(
  tx: WriteTx,
  m: Mutation,
  definition: AnyDefinition,
  current: Current,
  context: MutationContext,
): Promise<Applied> {
  const isDeletable = definition.conflict === 'draft' || definition.deletable === true
  if (!isDeletable) return rejected('invalid-fields', 'op')
  if (current === undefined || current.deleted) return { status: 'accepted' }
  const fields = JSON.parse(current.fields) as JsonObject
  const verdict = definition.canWrite({
    actor: context.actor,
    next: fields,
    current: fields,
    parents: (await parentsOf(tx, definition, fields)).parents,
    observedAt: Math.min(m.observedAt, context.now),
  })
  if (verdict !== true) return rejected(verdict)
  const { scopeId, rev } = await tx.nextRevision(m.scope)
  const gone = {
    ...current,
    scopeId,
    rev,
    deleted: true,
    fields: '{}',
    history: null,
    receivedAt: keptTime(m.scope, context.now),
  }
  await tx.putRecord(gone)
  await releaseBlobs(tx, m.scope, definition.blobs?.(fields) ?? [])
  return { status: 'accepted', record: recordToWire(gone, m.scope) }
}

/** Private records keep their times to the day only: when somebody reads or writes is nobody's business. */
function keptTime(scope: string, ms: number): number {
  return parseScope(scope)?.kind === 'private' ? Math.floor(ms / DAY_MS) * DAY_MS : ms
}

function recordOf(
  m: Mutation,
  definition: AnyDefinition,
  fields: JsonObject,
  next: Next,
  context: MutationContext,
): Omit<StoredRecord, 'scopeId' | 'rev'> {
  return {
    type: m.type,
    id: m.id,
    schemaVersion: next.schemaVersion,
    deleted: false,
    fields: JSON.stringify(fields),
    author: context.actor.personId,
    observedAt: keptTime(m.scope, m.observedAt),
    receivedAt: keptTime(m.scope, context.now),
    hash: definition.conflict === 'fact' ? m.hash : null,
    clocks: next.clocks,
    history: next.history,
    person: definition.personOf?.(fields) ?? null,
    subject: definition.subject?.(fields) ?? null,
  }
}
