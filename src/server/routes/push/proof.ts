/**
 * What a mutation proves about itself, checked before the lock: that it hashes to what it says, who made it, that every
 * signature on it holds, and for facts and content the row that it makes. Keys are read in one snapshot; nothing is hashed or
 * verified while it is open.
 */
import { definitionOf } from '../../../shared/sync/registry.ts'
import { hashMutation, type Mutation } from '../../../shared/sync/protocol/push.ts'
import type { DeviceKey } from '../../../shared/org/device-key.ts'
import { countersignKey, type CountersignKey } from '../../auth/countersign-key.ts'
import { signatureHolds } from '../../auth/signatures.ts'
import type { ReadTx, RecordStore } from '../../store/record-store.ts'
import { prepareOwn, prepareWhole, type Prepared, type PreparedRecord } from './prepare-record.ts'

export interface Proof {
  author: string
  hashHolds: boolean
  signatureHolds: boolean
  /** Of a fact or content that is put; a draft is merged first, with what stands. */
  prepared?: Prepared
  /** Goes into the store with the fact, or not at all. */
  countersignature?: PreparedRecord
}

/** A signature as it stands on a mutation. */
interface Claim {
  person: string
  keyId: string
  signature: string
  statement: string
}

export async function prove(
  store: RecordStore,
  mutations: readonly Mutation[],
  sender: string,
  now: number,
): Promise<Proof[]> {
  const known = mutations.map((m) => examine(m, m.signed?.person ?? sender))
  const keyIds = new Set(known.flatMap(({ claims }) => claims.map((claim) => claim.keyId)))
  const keys =
    keyIds.size === 0 ? new Map<string, DeviceKey>() : await store.read((tx) => usableKeys(tx, keyIds))
  const proofs: Proof[] = []
  for (const { claims, proof } of known) {
    let holds = true
    for (const claim of claims) holds &&= await claimHolds(keys.get(claim.keyId), claim)
    proofs.push({ ...proof, signatureHolds: holds })
  }
  await countersign(store, proofs, now)
  return proofs
}

/** Signed before the lock; whether it is needed shows only under it. */
async function countersign(store: RecordStore, proofs: Proof[], now: number): Promise<void> {
  let key: CountersignKey | undefined
  for (const proof of proofs) {
    const { prepared } = proof
    if (!proof.signatureHolds || prepared?.ok !== true) continue
    const { id, type } = prepared.row
    const definition = definitionOf(type)
    if (definition?.countersign === undefined) continue
    key ??= await countersignKey(store, now)
    const own = definition.countersign(id, prepared.fields, { receivedAt: now, keyId: key.keyId })
    const fields = own.fields(await key.sign(own.statement))
    proof.countersignature = prepareOwn(own.type, own.id, fields, now)
  }
}

/** False as well for what has no canonical form (half a surrogate pair, a number beyond all): nothing can hash to it. */
function hashHolds(m: Mutation): boolean {
  try {
    return hashMutation(m) === m.hash
  } catch {
    return false
  }
}

/** Everything but the signatures, for which keys have to be read. */
function examine(m: Mutation, author: string): { claims: Claim[]; proof: Omit<Proof, 'signatureHolds'> } {
  const claims: Claim[] = []
  if (m.signed !== undefined)
    claims.push({ person: author, keyId: m.signed.key, signature: m.signed.signature, statement: m.hash })
  const proof: Omit<Proof, 'signatureHolds'> = { author, hashHolds: hashHolds(m) }
  const definition = definitionOf(m.type)
  const isWhole = definition !== undefined && definition.conflict !== 'draft' && m.op === 'put'
  if (!isWhole || !proof.hashHolds) return { claims, proof }
  const prepared = prepareWhole(definition, m, author)
  // What cannot be read is refused later, with the path of the bad field.
  const signed = prepared.ok ? (definition.deviceSignature?.(prepared.fields) ?? []) : []
  for (const one of [signed].flat()) claims.push({ person: author, ...one })
  return { claims, proof: { ...proof, prepared } }
}

/** Keys that still take signatures. A revoked one does not: whoever found the phone could sign with it, and date it back. */
async function usableKeys(tx: ReadTx, ids: ReadonlySet<string>): Promise<Map<string, DeviceKey>> {
  const usable = new Map<string, DeviceKey>()
  for (const id of ids) {
    const record = await tx.record('device-key', id)
    if (record === undefined || record.subject === null) continue
    const ofDevice = await tx.records({ types: ['device-key'], subject: record.subject })
    if (!isRevoked(id, ofDevice)) usable.set(id, JSON.parse(record.fields) as DeviceKey)
  }
  return usable
}

/** Is there a fact that revokes the key? @param facts of the same person and device */
export function isRevoked(keyId: string, facts: readonly { id: string; fields: string }[]): boolean {
  return facts.some((fact) => {
    const { revokedAt, supersedes } = JSON.parse(fact.fields) as DeviceKey
    return revokedAt != null && (fact.id === keyId || (supersedes ?? []).includes(keyId))
  })
}

async function claimHolds(key: DeviceKey | undefined, claim: Claim): Promise<boolean> {
  if (key === undefined || key.personId !== claim.person) return false
  return signatureHolds(key.publicKey, claim.signature, claim.statement)
}
