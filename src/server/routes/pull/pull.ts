/**
 * `POST /api/pull`. Reads access, heads and rows in one snapshot. The work grows with what moved, never with what is held.
 */
import type { Hono } from 'hono'
import { DAY_MS } from '../../../shared/civil-time.ts'
import { chainMark } from '../../../shared/sync/ledger.ts'
import { PullRequest, type LedgerHeads } from '../../../shared/sync/protocol/pull.ts'
import { OLDEST_PULL_VERSION, PROTOCOL_VERSION } from '../../../shared/sync/protocol/protocol-version.ts'
import { readableScopes } from '../../auth/access.ts'
import { PRUNED_BEFORE, TOMBSTONE_HORIZON_MS } from '../../commands/upkeep/horizon.ts'
import { Refusal } from '../../problem.ts'
import type { ReadTx, ScopeHead } from '../../store/record-store.ts'
import { decodeCursor, encodeCursor, epochMark, type Cursor } from './cursor.ts'
import { joinSegments, toSegment, type Segment } from './gzip-segments.ts'
import { parseBody } from '../parse-body.ts'
import type { AppContext, Parts } from '../parts.ts'
import {
  createSharedRows,
  PAGE_CHARS,
  type RowsQuestion,
  type SharedRows,
  type WireRows,
} from './shared-rows.ts'

/** Below this compressing saves no packet. */
const PLAIN_CHARS = 1000
const SENT_ONCE_LEVEL = 4

/** An answer in pieces: some were written and compressed for everyone. */
interface Answer {
  before: string
  rows: WireRows[]
  after: string
}

export function pullRoute(app: Hono<AppContext>, parts: Parts): void {
  const shared = createSharedRows()
  app.post('/api/pull', async (c) => {
    const request = await parseBody(c, PullRequest, 64 * 1024)
    if (request.protocol < OLDEST_PULL_VERSION || request.protocol > PROTOCOL_VERSION)
      throw new Refusal('protocol-unsupported')
    const { personId } = c.get('session')
    const answer = await parts.store.read((tx) => page(tx, { ...parts, shared }, request, personId))
    const text = () => answer.before + answer.rows.map((rows) => rows.text).join(',') + answer.after
    const chars = answer.rows.reduce((sum, rows) => sum + rows.text.length, answer.before.length)
    const headers = { 'content-type': 'application/json', vary: 'accept-encoding' }
    if (chars < PLAIN_CHARS) {
      const body = Buffer.from(text())
      return c.body(body, 200, { ...headers, 'content-length': String(body.length) })
    }
    if (!takesGzip(c.req.header('accept-encoding'))) return c.body(text(), 200, headers)
    return c.body(await zipped(answer), 200, { ...headers, 'content-encoding': 'gzip' })
  })
}

const takesGzip = (header = ''): boolean => /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(header)

/** Outside of the snapshot: nobody waits for a connection while this compresses. */
async function zipped({ before, rows, after }: Answer): Promise<Buffer<ArrayBuffer>> {
  const segments: Segment[] = []
  let text = before
  const flush = async () => {
    if (text !== '') segments.push(await toSegment(Buffer.from(text), SENT_ONCE_LEVEL))
    text = ''
  }
  for (const [index, piece] of rows.entries()) {
    if (index > 0) text += ','
    if (piece.segment === undefined) {
      text += piece.text
      continue
    }
    await flush()
    segments.push(await piece.segment())
  }
  text += after
  await flush()
  return joinSegments(segments)
}

async function page(
  tx: ReadTx,
  parts: Parts & { shared: SharedRows },
  request: PullRequest,
  personId: string,
): Promise<Answer> {
  const device = await tx.device(request.deviceId)
  if (device === undefined || device.personId !== personId) throw new Refusal('wrong-person')
  if (device.revokedAt !== null) throw new Refusal('device-revoked')
  const epoch = await tx.epoch()
  const actor = await parts.actors(tx, personId, parts.now())
  const readable = await readableScopes(tx, actor)
  const key = (await tx.setting('cursor-key')) ?? epoch
  const now = parts.now()
  const horizon = Math.max(now - TOMBSTONE_HORIZON_MS, Number((await tx.setting(PRUNED_BEFORE)) ?? 0))
  const decoded = request.cursor === null ? undefined : decodeCursor(request.cursor, key)
  const held = heldRevisions(decoded, epoch, horizon)
  const { reset, add } = changesOf(held, readable, request.cursor)
  const drop = await lostScopes(tx, decoded, epoch, readable)

  const start = new Map(readable.map((s) => [s.id, reset.includes(s.name) ? 0 : (held.get(s.id) ?? 0)]))
  const read = (question: RowsQuestion) => parts.shared.read(tx, epoch, question)
  const { rows, revs, more } = await collect(read, readable, start, request.limit)
  const cursor = encodeCursor({ epoch, day: Math.floor(now / DAY_MS), revByScope: revs }, key)
  const heads = await headsOf(tx, readable, start, revs)
  return {
    before:
      `{"cursor":${JSON.stringify(cursor)},"more":${more},"epoch":${JSON.stringify(epoch)},` +
      `"scopes":${JSON.stringify({ add, drop, reset })},"records":[`,
    rows,
    after: `],${heads}"lastMutation":${device.lastMutation},"serverTime":${now}}`,
  }
}

/** Nothing is held of another store, nor by a cursor so old that tombstones after it may be gone. */
function heldRevisions(decoded: Cursor | undefined, epoch: string, horizon: number): Map<number, number> {
  const isUsable =
    decoded !== undefined && decoded.epoch === epochMark(epoch) && decoded.day * DAY_MS >= horizon
  return isUsable ? decoded.revByScope : new Map()
}

/** The ledger's marks of the scopes that moved, as JSON with a comma behind it; nothing when none did. */
async function headsOf(
  tx: ReadTx,
  readable: readonly ScopeHead[],
  start: ReadonlyMap<number, number>,
  revs: ReadonlyMap<number, number>,
): Promise<string> {
  const heads: LedgerHeads = {}
  for (const { id, name, rev, chain } of readable) {
    const [from, to] = [start.get(id) ?? 0, revs.get(id) ?? 0]
    if (to <= from || chain === null) continue
    const reached = to === rev ? chain : await tx.chainAt(id, to)
    if (reached === null) continue
    const before = from === 0 ? null : await tx.chainAt(id, from)
    heads[name] = [before === null ? null : chainMark(before), chainMark(reached)]
  }
  return Object.keys(heads).length === 0 ? '' : `"heads":${JSON.stringify(heads)},`
}

/** Scopes that the phone has and may no longer read: also those of a cursor that is too old for anything else. */
async function lostScopes(
  tx: ReadTx,
  decoded: Cursor | undefined,
  epoch: string,
  readable: readonly ScopeHead[],
): Promise<string[]> {
  if (decoded === undefined || decoded.epoch !== epochMark(epoch)) return []
  const readableIds = new Set(readable.map((s) => s.id))
  const lost = [...decoded.revByScope.keys()].filter((id) => !readableIds.has(id))
  return lost.length === 0 ? [] : (await tx.scopeHeadsById(lost)).map((s) => s.name)
}

function changesOf(held: ReadonlyMap<number, number>, readable: readonly ScopeHead[], cursor: string | null) {
  // A cursor that names no scope of this store (restored, damaged, or too old): everything held is loaded anew.
  const everythingAnew = cursor !== null && held.size === 0
  const reset = readable.filter((s) => everythingAnew || (held.get(s.id) ?? 0) > s.rev).map((s) => s.name)
  const add = readable.filter((s) => !held.has(s.id) && !reset.includes(s.name)).map((s) => s.name)
  return { reset, add }
}

async function collect(
  read: (question: RowsQuestion) => Promise<WireRows>,
  readable: readonly ScopeHead[],
  start: ReadonlyMap<number, number>,
  limit: number,
): Promise<{ rows: WireRows[]; revs: Map<number, number>; more: boolean }> {
  const pieces: WireRows[] = []
  const revs = new Map(start)
  let [count, chars] = [0, 0]
  for (const scope of readable) {
    const from = start.get(scope.id) ?? 0
    if (from >= scope.rev) continue
    if (count >= limit || chars >= PAGE_CHARS) return { rows: pieces, revs, more: true }
    const rows = await read({ scope, from, room: limit - count, roomChars: PAGE_CHARS - chars })
    if (rows.count > 0) pieces.push(rows)
    count += rows.count
    chars += rows.text.length
    revs.set(scope.id, rows.complete ? scope.rev : rows.lastRev)
    if (!rows.complete) return { rows: pieces, revs, more: true }
  }
  return { rows: pieces, revs, more: false }
}
