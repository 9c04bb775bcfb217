/**
 * `POST /api/pull`. Reads access, heads and rows in one snapshot. The work grows with what moved, never with what is held.
 */
import type { Hono } from 'hono'
import { PullRequest } from '../../shared/sync/protocol/pull.ts'
import { PROTOCOL_VERSION } from '../../shared/sync/protocol/protocol-version.ts'
import { readableScopes } from '../auth/access.ts'
import { Refusal } from '../problem.ts'
import type { ReadTx, ScopeHead } from '../store/record-store.ts'
import { decodeCursor, encodeCursor, epochMark } from './cursor.ts'
import { parseBody } from './parse-body.ts'
import type { AppContext, Parts } from './parts.ts'
import { recordToWire } from './wire.ts'

/** A page is closed when its rows reach this size, whatever the limit: old phones parse it in one task. */
const PAGE_BYTES = 1_500_000

export function pullRoute(app: Hono<AppContext>, parts: Parts): void {
  app.post('/api/pull', async (c) => {
    const request = await parseBody(c, PullRequest, 64 * 1024)
    if (request.protocol > PROTOCOL_VERSION) throw new Refusal('protocol-unsupported')
    const { personId } = c.get('session')
    const text = await parts.store.read((tx) => page(tx, parts, request, personId))
    return c.body(text, 200, { 'content-type': 'application/json' })
  })
}

async function page(tx: ReadTx, parts: Parts, request: PullRequest, personId: string): Promise<string> {
  const device = await tx.device(request.deviceId)
  if (device === undefined || device.personId !== personId) throw new Refusal('wrong-person')
  if (device.revokedAt !== null) throw new Refusal('device-revoked')
  const epoch = await tx.epoch()
  const actor = await parts.actors(tx, personId, parts.now())
  const readable = await readableScopes(tx, actor)
  const key = (await tx.setting('cursor-key')) ?? epoch
  const held = heldRevisions(request.cursor, epoch, key)
  const { reset, add, drop } = await changesOf(tx, held, readable, request.cursor)

  const start = new Map(readable.map((s) => [s.id, reset.includes(s.name) ? 0 : (held.get(s.id) ?? 0)]))
  const { rows, revs, more } = await collect(tx, readable, start, request.limit)
  const cursor = encodeCursor({ epoch, revByScope: revs }, key)
  return (
    `{"cursor":${JSON.stringify(cursor)},"more":${more},"epoch":${JSON.stringify(epoch)},` +
    `"scopes":${JSON.stringify({ add, drop, reset })},"records":[${rows.join(',')}],` +
    `"lastMutation":${device.lastMutation},"serverTime":${parts.now()}}`
  )
}

function heldRevisions(cursor: string | null, epoch: string, key: string): Map<number, number> {
  const decoded = cursor === null ? undefined : decodeCursor(cursor, key)
  return decoded === undefined || decoded.epoch !== epochMark(epoch) ? new Map() : decoded.revByScope
}

async function changesOf(
  tx: ReadTx,
  held: ReadonlyMap<number, number>,
  readable: readonly ScopeHead[],
  cursor: string | null,
) {
  // A cursor that names no scope of this store (restored, or damaged): everything held is loaded anew.
  const everythingAnew = cursor !== null && held.size === 0
  const reset = readable.filter((s) => everythingAnew || (held.get(s.id) ?? 0) > s.rev).map((s) => s.name)
  const add = readable.filter((s) => !held.has(s.id) && !reset.includes(s.name)).map((s) => s.name)
  const readableIds = new Set(readable.map((s) => s.id))
  const lost = [...held.keys()].filter((id) => !readableIds.has(id))
  const drop = lost.length === 0 ? [] : (await tx.scopeHeadsById(lost)).map((s) => s.name)
  return { reset, add, drop }
}

async function collect(
  tx: ReadTx,
  readable: readonly ScopeHead[],
  start: ReadonlyMap<number, number>,
  limit: number,
): Promise<{ rows: string[]; revs: Map<number, number>; more: boolean }> {
  const rows: string[] = []
  const revs = new Map(start)
  let bytes = 0
  for (const scope of readable) {
    const from = start.get(scope.id) ?? 0
    if (from >= scope.rev) continue
    if (rows.length >= limit || bytes >= PAGE_BYTES) return { rows, revs, more: true }
    const room = limit - rows.length
    const found = await tx.recordsAfter(scope.id, from, room)
    let taken = 0
    for (const record of found) {
      if (bytes >= PAGE_BYTES) break
      const text = recordToWire(record, scope.name)
      bytes += text.length
      rows.push(text)
      revs.set(scope.id, record.rev)
      taken++
    }
    // Fewer rows than there was room for: the scope is complete, though its last revisions may have been rewritten by later ones.
    if (taken === found.length && found.length < room) revs.set(scope.id, scope.rev)
    else if ((revs.get(scope.id) ?? 0) < scope.rev) return { rows, revs, more: true }
  }
  return { rows, revs, more: false }
}
