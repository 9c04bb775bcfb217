/**
 * `POST /api/push`. A batch in one transaction, committed before anything is answered; each mutation in a savepoint of its own
 * together with its outcome and the device's counter. One bad mutation never blocks the rest.
 */
import type { Hono } from 'hono'
import { MAX_PUSH_BYTES, PushRequest, type Mutation } from '../../../shared/sync/protocol/push.ts'
import { OLDEST_PUSH_VERSION, PROTOCOL_VERSION } from '../../../shared/sync/protocol/protocol-version.ts'
import type { Actor } from '../../../shared/org/actor.ts'
import { mayRead } from '../../auth/access.ts'
import { bringKeys } from '../../commands/people/bring-keys.ts'
import { Refusal } from '../../problem.ts'
import type { Device, RecordRef, StoredOutcome, WriteTx } from '../../store/record-store.ts'
import type { AppContext, Parts } from '../parts.ts'
import { applyMutation, type Applied, type MutationContext } from './apply-mutation.ts'
import { parseBody } from '../parse-body.ts'
import { isBadInput } from './prepare-record.ts'
import { prove, type Proof } from './proof.ts'

/** Room for the envelope around the largest batch. */
const MAX_BODY_BYTES = MAX_PUSH_BYTES + 64 * 1024
/** Outcomes kept of each device; a mutation sent again from before them is one of a copied phone. */
const KEPT_OUTCOMES = 1000

export function pushRoute(app: Hono<AppContext>, parts: Parts): void {
  app.post('/api/push', async (c) => {
    const request = await parseBody(c, PushRequest, MAX_BODY_BYTES)
    if (request.protocol < OLDEST_PUSH_VERSION || request.protocol > PROTOCOL_VERSION)
      throw new Refusal('protocol-unsupported')
    const { personId } = c.get('session')
    const mutations = [...request.mutations].sort((a, b) => a.n - b.n)
    const proofs = await prove(parts.store, mutations, personId, parts.now())
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

async function checkDevice(tx: WriteTx, request: PushRequest, personId: string): Promise<Device> {
  const device = await tx.lockedDevice(request.deviceId)
  if (device === undefined || device.personId !== personId) throw new Refusal('wrong-person')
  if (device.revokedAt !== null) throw new Refusal('device-revoked')
  if (request.epoch !== '' && request.epoch !== (await tx.epoch())) throw new Refusal('epoch-changed')
  return device
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
  const actorOf = async (person: string) => {
    const actor = actors.get(person) ?? (await parts.actors(tx, person, now))
    actors.set(person, actor)
    return actor
  }
  const erased = await foresee(tx, mutations, proofs, last)
  const outcomes: string[] = []
  const settled: StoredOutcome[] = []
  const moved = new Set<string>()
  for (const [index, m] of mutations.entries()) {
    if (m.n <= last) {
      const stored = await tx.outcome(device.id, m.n)
      if (stored === undefined || stored.hash !== m.hash) throw new Refusal('device-forked')
      outcomes.push(stored.outcome)
      continue
    }
    const proof = proofs[index]!
    const { author } = proof
    const isErased = erased.has(`${m.type}:${m.id}`)
    const applied = await applySafely(tx, m, { now, actor: await actorOf(author), proof, isErased })
    // Who carries another's record learns that it arrived, not what is in it.
    if (author !== device.personId && !mayRead(await actorOf(device.personId), m.scope)) delete applied.record
    if (applied.status === 'accepted' || applied.status === 'merged') {
      moved.add(m.scope)
      if (m.type === 'role' || m.type === 'membership' || m.type === 'unit') actors.clear()
      for (const scope of await keysAfter(tx, m, now)) moved.add(scope)
    }
    const outcome = outcomeText(m.n, applied)
    settled.push({ n: m.n, hash: m.hash, outcome })
    outcomes.push(outcome)
    last = m.n
  }
  await tx.putOutcome(device.id, ...settled)
  await tx.putDevice({ ...device, lastMutation: last })
  // A phone has one batch in flight: it has the answers to all before this one.
  const first = mutations[0]?.n ?? last
  const acknowledged = Math.min(first, last - KEPT_OUTCOMES)
  if (acknowledged > 1) await tx.deleteOutcomesBefore(device.id, acknowledged)
  return { lastMutation: last, outcomes, moved: [...moved] }
}

/** Whoever comes to a unit brings keys along; a key that a restore had lost comes back to each unit of its person. */
async function keysAfter(tx: WriteTx, m: Mutation, now: number): Promise<ReadonlySet<string>> {
  const isAboutKeys = m.type === 'membership' || m.type === 'device-key'
  const { personId } = m.fields
  return isAboutKeys && typeof personId === 'string' ? await bringKeys(tx, [personId], now) : new Set()
}

/** Reads at once what the mutations of a batch will ask for one by one. @returns which of them were erased by rule */
async function foresee(
  tx: WriteTx,
  mutations: readonly Mutation[],
  proofs: readonly Proof[],
  last: number,
): Promise<ReadonlySet<string>> {
  const own: RecordRef[] = []
  const parents: RecordRef[] = []
  for (const [index, m] of mutations.entries()) {
    if (m.n <= last) continue
    own.push(m)
    const { prepared } = proofs[index]!
    if (prepared?.ok === true) parents.push(...prepared.parents)
  }
  if (own.length === 0) return new Set()
  await tx.foresee([...own, ...parents])
  return tx.erasedAmong(own)
}

/** A mutation that breaks the program is refused like any other bad one; it must not stand at the head of a queue for ever. */
async function applySafely(tx: WriteTx, m: Mutation, context: MutationContext): Promise<Applied> {
  try {
    return await tx.savepoint(() => applyMutation(tx, m, context))
  } catch (problem) {
    if (isBadInput(problem)) return { status: 'rejected', code: 'invalid-fields' }
    throw problem
  }
}

function outcomeText(n: number, { status, code, detail, record }: Applied): string {
  const head = JSON.stringify({ n, status, code, detail })
  return record === undefined ? head : `${head.slice(0, -1)},"record":${record}}`
}
