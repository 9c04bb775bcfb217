/**
 * `POST /api/push`. A batch in one transaction, committed before anything is answered; each mutation in a savepoint of its own
 * together with its outcome and the device's counter. One bad mutation never blocks the rest.
 */
import type { Hono } from 'hono'
import { definitionOf } from '../../shared/sync/registry.ts'
import { hashMutation, MAX_PUSH_BYTES, PushRequest, type Mutation } from '../../shared/sync/protocol/push.ts'
import { OLDEST_PUSH_VERSION, PROTOCOL_VERSION } from '../../shared/sync/protocol/protocol-version.ts'
import { parseFields } from '../../shared/sync/define-record.ts'
import type { DeviceKey } from '../../shared/org/device-key.ts'
import type { Actor } from '../../shared/org/actor.ts'
import { signatureHolds } from '../auth/signatures.ts'
import { Refusal } from '../problem.ts'
import type { Device, ReadTx, WriteTx } from '../store/record-store.ts'
import type { AppContext, Parts } from './parts.ts'
import { applyMutation, type Applied, type MutationContext } from './apply-mutation.ts'
import { parseBody } from './parse-body.ts'

/** Room for the envelope around the largest batch. */
const MAX_BODY_BYTES = MAX_PUSH_BYTES + 64 * 1024

interface Proof {
  author: string
  hashHolds: boolean
  signatureHolds: boolean
}

export function pushRoute(app: Hono<AppContext>, parts: Parts): void {
  app.post('/api/push', async (c) => {
    const request = await parseBody(c, PushRequest, MAX_BODY_BYTES)
    if (request.protocol < OLDEST_PUSH_VERSION || request.protocol > PROTOCOL_VERSION)
      throw new Refusal('protocol-unsupported')
    const { personId } = c.get('session')
    const mutations = [...request.mutations].sort((a, b) => a.n - b.n)
    const proofs = await parts.store.read((tx) => prove(tx, mutations, personId))
    const scopes = [...new Set(mutations.map((m) => m.scope))].sort()
    const answer = await parts.store.write(scopes, async (tx) => {
      const device = await checkDevice(tx, request, personId)
      return applyBatch(tx, parts, device, mutations, proofs)
    })
    parts.nudges.moved(answer.moved)
    const text = `{"lastMutation":${answer.lastMutation},"serverTime":${parts.now()},"outcomes":[${answer.outcomes.join(',')}]}`
    return c.body(text, 200, { 'content-type': 'application/json' })
  })
}

async function checkDevice(tx: ReadTx, request: PushRequest, personId: string): Promise<Device> {
  const device = await tx.device(request.deviceId)
  if (device === undefined || device.personId !== personId) throw new Refusal('wrong-person')
  if (device.revokedAt !== null) throw new Refusal('device-revoked')
  if (request.epoch !== '' && request.epoch !== (await tx.epoch())) throw new Refusal('epoch-changed')
  return device
}

/** Hashing and signatures before the lock. Keys never change, so a snapshot taken earlier is good enough. */
async function prove(tx: ReadTx, mutations: readonly Mutation[], sender: string): Promise<Proof[]> {
  const proofs: Proof[] = []
  for (const m of mutations) {
    const hashHolds = hashMutation(m) === m.hash
    const author = m.signed?.person ?? sender
    const envelope =
      m.signed === undefined || (await keySigned(tx, m.signed.key, author, m.signed.signature, m.hash))
    proofs.push({ author, hashHolds, signatureHolds: envelope && (await innerSignatureHolds(tx, m, author)) })
  }
  return proofs
}

async function innerSignatureHolds(tx: ReadTx, m: Mutation, author: string): Promise<boolean> {
  const definition = definitionOf(m.type)
  if (definition?.deviceSignature === undefined || m.op !== 'put') return true
  const parsed = parseFields(definition, m.fields)
  if (!parsed.ok) return true // refused later, with the path of the bad field
  const signed = definition.deviceSignature(parsed.fields)
  return signed === null || keySigned(tx, signed.keyId, author, signed.signature, signed.statement)
}

async function keySigned(
  tx: ReadTx,
  keyId: string,
  person: string,
  signature: string,
  statement: string,
): Promise<boolean> {
  const record = await tx.record('device-key', keyId)
  if (record === undefined) return false
  const key = JSON.parse(record.fields) as DeviceKey
  return key.personId === person && signatureHolds(key.publicKey, signature, statement)
}

async function applyBatch(
  tx: WriteTx,
  parts: Parts,
  device: Device,
  mutations: readonly Mutation[],
  proofs: readonly Proof[],
) {
  let last = device.lastMutation
  mutations.reduce((expected, m) => {
    if (m.n > expected) throw new Refusal('mutation-gap')
    return Math.max(expected, m.n + 1)
  }, last + 1)
  const now = parts.now()
  const actors = new Map<string, Actor>()
  const outcomes: string[] = []
  const moved = new Set<string>()
  for (const [index, m] of mutations.entries()) {
    if (m.n <= last) {
      const stored = await tx.outcome(device.id, m.n)
      if (stored === undefined || stored.hash !== m.hash) throw new Refusal('device-forked')
      outcomes.push(stored.outcome)
      continue
    }
    const { author, ...proof } = proofs[index]!
    const actor = actors.get(author) ?? (await parts.actors(tx, author, now))
    actors.set(author, actor)
    const applied = await applySafely(tx, m, { now, actor, proof })
    if (applied.status === 'accepted' || applied.status === 'merged') {
      moved.add(m.scope)
      if (m.type === 'role' || m.type === 'membership' || m.type === 'unit') actors.clear()
    }
    const outcome = outcomeText(m.n, applied)
    await tx.putOutcome(device.id, { n: m.n, hash: m.hash, outcome })
    outcomes.push(outcome)
    last = m.n
  }
  await tx.putDevice({ ...device, lastMutation: last })
  return { lastMutation: last, outcomes, moved: [...moved] }
}

/** A mutation that breaks the program is refused like any other bad one; it must not stand at the head of a queue for ever. */
async function applySafely(tx: WriteTx, m: Mutation, context: MutationContext): Promise<Applied> {
  try {
    return await tx.savepoint(() => applyMutation(tx, m, context))
  } catch (problem) {
    if (problem instanceof TypeError || problem instanceof RangeError)
      return { status: 'rejected', code: 'invalid-fields' }
    throw problem
  }
}

function outcomeText(n: number, { status, code, detail, record }: Applied): string {
  const head = JSON.stringify({ n, status, code, detail })
  return record === undefined ? head : `${head.slice(0, -1)},"record":${record}}`
}
