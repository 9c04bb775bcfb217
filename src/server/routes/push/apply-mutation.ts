/**
 * One mutation against the store: authorise by the definition, merge, write. Returns the outcome and whether the scope moved.
 *
 * Guarantees: what is refused leaves no trace but its outcome; a fact that is sent again is the same fact; nothing is written
 * under another author than the one who made it; what was erased by rule does not come back.
 */
import { canonicalJson } from '../../../shared/sync/canonical.ts'
import { mergeDraft } from '../../../shared/sync/merge.ts'
import type {
  AnyDefinition,
  ParentRecord,
  ParentRef,
  RelatedRecord,
  RelatedRef,
} from '../../../shared/sync/define-record.ts'
import { unflatten } from '../../../shared/sync/flat-paths.ts'
import { clampHlcAfter } from '../../../shared/sync/hlc.ts'
import { definitionOf } from '../../../shared/sync/registry.ts'
import type { Actor } from '../../../shared/org/actor.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import type { RejectionCode } from '../../../shared/sync/protocol/errors.ts'
import { sealRecord } from '../../../shared/sync/ledger.ts'
import { ARRIVED_BEFORE, type Mutation } from '../../../shared/sync/protocol/push.ts'
import type { StoredRecord, WriteTx } from '../../store/record-store.ts'
import { mayRead } from '../../auth/access.ts'
import { releaseBlobs } from '../../commands/upkeep/release-blobs.ts'
import {
  isBadInput,
  keptTime,
  prepareRecord,
  type NextFields,
  type Prepared,
  type PreparedRecord,
} from './prepare-record.ts'
import type { Proof } from './proof.ts'
import { changedPaths, standingDraft } from './draft-versions.ts'
import { recordToWire } from '../wire.ts'

export interface MutationContext {
  now: number
  actor: Actor
  proof: Proof
  /** This record was erased by rule. */
  isErased: boolean
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

/** What is to be decided: the mutation, what its type says, what stands. */
interface Case extends MutationContext {
  m: Mutation
  definition: AnyDefinition
  current: Current
}

const rejected = (code: RejectionCode, detail?: string): Applied => ({ status: 'rejected', code, detail })

export async function applyMutation(tx: WriteTx, m: Mutation, context: MutationContext): Promise<Applied> {
  const definition = definitionOf(m.type)
  if (definition === undefined) return rejected('unknown-type', m.type)
  if (!context.proof.hashHolds) return rejected('hash-wrong')
  if (!context.proof.signatureHolds) return rejected('bad-signature')
  if (context.isErased) return rejected('erased')
  const current = await tx.record(m.type, m.id)
  if (current !== undefined && current.scope !== m.scope) return rejected('scope-changed')
  if (definition.conflict === 'fact' && current !== undefined) {
    const isMine = current.author === context.actor.personId
    const isSame = isMine && (current.hash === m.hash || saysTheSame(current, context.proof))
    return isSame ? { status: 'accepted' } : rejected('id-conflict')
  }
  const isStale = definition.conflict === 'content' && current !== undefined && m.baseRev !== current.rev
  if (isStale) {
    const readable = mayRead(context.actor, current.scope)
    const record = readable ? recordToWire(current, current.scope) : undefined
    // It stands as its author wrote it: offered again after a restore, or under another device id.
    const isMine = m.op === 'put' && current.author === context.actor.personId
    if (isMine && saysTheSame(current, context.proof)) return { status: 'accepted', record }
    const arrived = await arrivedBefore(tx, m, context.proof)
    return { ...rejected('stale-base', arrived ? ARRIVED_BEFORE : undefined), record }
  }
  const asked = { ...context, m, definition, current }
  return m.op === 'delete' ? applyDelete(tx, asked) : applyPut(tx, asked)
}

/**
 * The same fact or content by the same author, fixed anew with another clock: one phone offers it again after a restore while another has
 * it in flight, or a session's device was renewed in between.
 */
function saysTheSame(current: StoredRecord, { prepared }: Proof): boolean {
  if (current.deleted || prepared?.ok !== true) return false
  return canonicalJson(JSON.parse(current.fields)) === canonicalJson(prepared.fields)
}

/** Has this very edit been taken already, whoever brought it? What came of it stands in the ledger, above what it rests on. */
async function arrivedBefore(tx: WriteTx, m: Mutation, { author, prepared }: Proof): Promise<boolean> {
  if (m.op !== 'put' || prepared?.ok !== true) return false
  const entry = await tx.ledgerEntryAfter(m.scope, m.baseRev, m)
  if (entry?.salt == null || entry.author !== author) return false
  return sealRecord({ ...prepared.row, scope: m.scope }, entry.salt).recordHash === entry.recordHash
}

async function applyPut(tx: WriteTx, asked: Case): Promise<Applied> {
  const { m, definition, now, proof } = asked
  const merged = definition.conflict === 'draft' ? mergeNext(asked) : undefined
  const prepared = merged?.prepared ?? proof.prepared
  if (prepared === undefined) throw new Error(`${m.type} ${m.id} was not prepared`)
  if (!prepared.ok) return rejected(prepared.code, prepared.detail)

  const refusal = await checkWrite(tx, prepared, asked)
  if (refusal !== undefined) return refusal

  const at = await tx.nextRevision(m.scope)
  const record = { ...prepared.row, ...at, receivedAt: keptTime(m.scope, now) }
  await tx.putRecord(record, { seal: prepared.seal })
  if (definition.conflict === 'content') await releaseDropped(tx, prepared, asked)
  const { countersignature } = proof
  if (countersignature !== undefined) {
    const row = { ...countersignature.row, ...(await tx.nextRevision(m.scope)), receivedAt: now }
    await tx.putRecord(row, { seal: countersignature.seal })
  }
  if (merged?.olderSomewhere === true) return { status: 'merged', record: recordToWire(record, m.scope) }
  return definition.conflict === 'content'
    ? { status: 'accepted', record: recordToWire(record, m.scope) }
    : { status: 'accepted' }
}

/** What the record named before and names no more: recalled by an officer's own record, the file is read by nobody there. */
async function releaseDropped(
  tx: WriteTx,
  { blobs }: PreparedRecord,
  { m, definition, current }: Case,
): Promise<void> {
  if (current === undefined || current.deleted) return
  const before = definition.blobs?.(JSON.parse(current.fields) as JsonObject) ?? []
  const dropped = before.filter((sha256) => !blobs.includes(sha256))
  await releaseBlobs(tx, m.scope, dropped)
}

/** A draft after the mutation. Paths that make no record are refused. */
function mergeNext({ m, definition, current, now, actor }: Case): {
  prepared: Prepared
  olderSomewhere: boolean
} {
  const alive = current !== undefined && !current.deleted
  const schemaVersion = Math.max(m.schemaVersion, definition.schemaVersion)
  let next: NextFields
  let olderSomewhere: boolean
  try {
    // A path that would reach a prototype or go through a leaf is refused before it touches anything.
    const changes = changedPaths(definition, m, !alive)
    const standing = standingDraft(definition, current)
    const merged = mergeDraft(standing, changes, clampHlcAfter(m.hlc, now, Object.values(standing.clocks)))
    const kept = [...merged.lost, ...(JSON.parse(current?.history ?? '[]') as JsonObject[])].slice(0, 20)
    olderSomewhere = merged.olderSomewhere
    next = {
      fields: unflatten(merged.fields),
      // What a newer version wrote stays a newer version's, also when an older one edits another path of it.
      schemaVersion: Math.max(schemaVersion, alive ? current.schemaVersion : 0),
      clocks: JSON.stringify(merged.clocks),
      history: kept.length === 0 ? null : JSON.stringify(kept),
    }
  } catch (problem) {
    if (!isBadInput(problem)) throw problem
    return { prepared: { ok: false, code: 'invalid-fields' }, olderSomewhere: false }
  }
  return { prepared: prepareRecord(definition, m, actor.personId, next), olderSomewhere }
}

async function checkWrite(
  tx: WriteTx,
  { fields, parents: refs, blobs }: PreparedRecord,
  { m, definition, current, actor, now }: Case,
): Promise<Applied | undefined> {
  const { parents, missing } = await parentsOf(tx, refs)
  if (missing !== undefined) return { status: 'deferred', code: 'missing-parent', detail: missing }
  const verdict = definition.canWrite({
    actor,
    next: fields,
    current:
      current === undefined || current.deleted ? undefined : (JSON.parse(current.fields) as JsonObject),
    parents,
    related: await relatedOf(tx, (found) => definition.related?.(fields, parents, found) ?? []),
    observedAt: Math.min(m.observedAt, now),
  })
  if (verdict !== true) return rejected(verdict)
  for (const sha256 of blobs) {
    const blob = await tx.blob(sha256)
    if (blob?.complete !== true) return { status: 'deferred', code: 'missing-file', detail: sha256 }
    const scopes = await tx.blobScopes(sha256)
    if (scopes.includes(m.scope)) continue
    if (!scopes.some((scope) => mayRead(actor, scope))) return rejected('forbidden', sha256)
    await tx.putBlobScope(sha256, m.scope)
  }
  return undefined
}

async function rowsOf(tx: WriteTx, ref: RelatedRef) {
  const { type } = ref
  if ('subject' in ref) return tx.records({ types: [type], subject: ref.subject })
  if ('person' in ref) return tx.records({ types: [type], person: ref.person })
  const row = await tx.record(type, ref.id)
  return row === undefined || row.deleted ? [] : [row]
}

async function relatedOf(
  tx: WriteTx,
  ask: (found: readonly RelatedRecord[]) => readonly RelatedRef[],
): Promise<RelatedRecord[]> {
  const found: RelatedRecord[] = []
  const asked = new Set<string>()
  for (let round = 0; round < 2; round++) {
    for (const ref of ask([...found])) {
      const name = JSON.stringify(ref)
      if (asked.has(name)) continue
      asked.add(name)
      for (const { id, fields, receivedAt } of await rowsOf(tx, ref))
        found.push({ type: ref.type, id, fields: JSON.parse(fields) as JsonObject, receivedAt })
    }
  }
  return found
}

async function parentsOf(
  tx: WriteTx,
  refs: readonly ParentRef[],
): Promise<{ parents: ParentRecord[]; missing?: string }> {
  const parents: ParentRecord[] = []
  let missing: string | undefined
  for (const ref of refs) {
    const parent = await tx.record(ref.type, ref.id)
    if (parent !== undefined && !parent.deleted) {
      parents.push({ type: ref.type, id: ref.id, fields: JSON.parse(parent.fields) as JsonObject })
    } else if (ref.optional !== true) missing ??= `${ref.type}:${ref.id}`
  }
  return { parents, missing }
}

async function applyDelete(tx: WriteTx, { m, definition, current, actor, now }: Case): Promise<Applied> {
  const isDeletable = definition.conflict === 'draft' || definition.deletable === true
  if (!isDeletable) return rejected('invalid-fields', 'op')
  if (current === undefined || current.deleted) return { status: 'accepted' }
  const fields = JSON.parse(current.fields) as JsonObject
  const verdict = definition.canWrite({
    actor,
    next: fields,
    current: fields,
    parents: (await parentsOf(tx, definition.parents?.(fields) ?? [])).parents,
    observedAt: Math.min(m.observedAt, now),
  })
  if (verdict !== true) return rejected(verdict)
  const { scopeId, rev } = await tx.nextRevision(m.scope)
  const gone = {
    ...current,
    scopeId,
    rev,
    deleted: true,
    fields: '{}',
    author: actor.personId,
    hash: null,
    history: null,
    receivedAt: keptTime(m.scope, now),
  }
  await tx.putRecord(gone)
  await releaseBlobs(tx, m.scope, definition.blobs?.(fields) ?? [])
  return { status: 'accepted', record: recordToWire(gone, m.scope) }
}
