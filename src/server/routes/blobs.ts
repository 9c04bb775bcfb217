/**
 * `/api/blobs/<sha256>`: bytes by the hash of their content, with Range. Who may read the scope of a row (blob, scope) may read
 * the bytes; for everyone else the blob does not exist. Uploads resume where they were cut.
 */
import type { Context, Hono } from 'hono'
import { mayRead, mayUploadTo } from '../auth/access.ts'
import { checkUpload, fileTooLarge } from '../import/file/check-upload.ts'
import { Refusal } from '../problem.ts'
import { ORG_SCOPE } from '../../shared/sync/scopes.ts'
import { parseScope } from '../../shared/sync/parse-scope.ts'
import type { BlobStore } from '../store/blob-store.ts'
import type { BlobEntry } from '../store/record-store.ts'
import { readBytes } from './parse-body.ts'
import type { AppContext, Parts } from './parts.ts'

const SHA256 = /^[0-9a-f]{64}$/
const MIME = /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/

export function blobRoutes(app: Hono<AppContext>, parts: Parts): void {
  const inTurn = createTurns()
  app.on(['GET', 'HEAD'], '/api/blobs/:sha256', (c) => download(c, parts))
  app.put('/api/blobs/:sha256', (c) => upload(c, parts, inTurn))
}

async function download(c: Context<AppContext>, parts: Parts): Promise<Response> {
  const { blob, isPublic } = await readableBlob(c, parts)
  const size = blob.sizeBytes
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    'content-type': blob.mime,
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
    'cache-control': isPublic ? 'private, max-age=31536000, immutable' : 'no-store',
    etag: `"${blob.sha256}"`,
  }
  const range = parseRange(c.req.header('range'), size)
  if (range === 'invalid') {
    return c.json(new Refusal('range-invalid').toBody(), 416, { 'content-range': `bytes */${size}` })
  }
  const length = range === undefined ? size : range.to - range.from + 1
  headers['content-length'] = String(length)
  if (range !== undefined) headers['content-range'] = `bytes ${range.from}-${range.to}/${size}`
  const status = range === undefined ? 200 : 206
  if (c.req.method === 'HEAD') return c.body(null, status, headers)
  const bytes = await parts.blobs.read(blob.sha256, range)
  if (bytes === undefined) throw new Refusal('not-found')
  return c.body(bytes as Uint8Array<ArrayBuffer>, status, headers)
}

async function readableBlob(
  c: Context<AppContext>,
  parts: Parts,
): Promise<{ blob: BlobEntry; isPublic: boolean }> {
  const sha256 = c.req.param('sha256') ?? ''
  if (!SHA256.test(sha256)) throw new Refusal('not-found')
  return parts.store.read(async (tx) => {
    const blob = await tx.blob(sha256)
    const scopes = await tx.blobScopes(sha256)
    const actor = await parts.actors(tx, c.get('session').personId, parts.now())
    if (blob?.complete !== true || !scopes.some((scope) => mayRead(actor, scope)))
      throw new Refusal('not-found')
    return { blob, isPublic: scopes.includes(ORG_SCOPE) }
  })
}

/** One range of the form `bytes=a-b`, `bytes=a-`, `bytes=-n`; several ranges are answered with the whole. */
function parseRange(
  header: string | undefined,
  size: number,
): { from: number; to: number } | undefined | 'invalid' {
  if (header === undefined) return undefined
  const match = /^bytes=(\d*)-(\d*)$/.exec(header)
  if (match === null) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return 'invalid'
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return from > to || from >= size ? 'invalid' : { from, to }
}

/**
 * `PUT ?scope=<scope>` with the bytes, or with `Content-Range: bytes a-b/size` a part of them. Answers `{ received }`, and 201
 * when the blob is whole. A part that does not begin where the last one ended is answered 409 with `received`.
 */
async function upload(c: Context<AppContext>, parts: Parts, inTurn: Turns): Promise<Response> {
  const sha256 = c.req.param('sha256') ?? ''
  const scope = c.req.query('scope') ?? ''
  const mime = (c.req.header('content-type') ?? '').split(';')[0]!.trim()
  if (!SHA256.test(sha256)) throw new Refusal('bad-request', { field: 'sha256' })
  if (parseScope(scope) === undefined) throw new Refusal('bad-request', { field: 'scope' })
  await checkUploadRight(c, parts, scope, c.req.query('device') ?? '')

  const { maxFileBytes } = parts.settings
  const bytes = await readBytes(c, maxFileBytes, fileTooLarge(maxFileBytes))
  const part = partOf(c.req.header('content-range'), bytes.length)
  if (part === undefined) throw new Refusal('bad-request', { field: 'content-range' })
  if (part.size > maxFileBytes) throw new Refusal('body-too-large', fileTooLarge(maxFileBytes))
  const by = c.get('session').deviceId
  const received = await inTurn(`${sha256} ${by}`, () => receive(parts.blobs, sha256, by, part, bytes))
  if (received === 'hash-mismatch') throw new Refusal('hash-mismatch')
  if (received !== 'whole') return c.json({ received: received.bytes }, received.isTaken ? 202 : 409)
  await passGate(parts, sha256, mime)
  await noteUpload(parts, sha256, scope, part.size, mime)
  return c.json({ received: part.size }, 201)
}

/** What is sent twice at the same moment is received once after the other. */
type Turns = <T>(key: string, task: () => Promise<T>) => Promise<T>
function createTurns(): Turns {
  const tails = new Map<string, Promise<unknown>>()
  return (key, task) => {
    const result = (tails.get(key) ?? Promise.resolve()).then(task, task)
    tails.set(key, result)
    const forget = () => {
      if (tails.get(key) === result) tails.delete(key)
    }
    result.then(forget, forget)
    return result
  }
}

/**
 * Knowing a hash gives no right to the bytes: the right comes with sending them all, also when they are here already.
 */
async function receive(
  blobs: BlobStore,
  sha256: string,
  by: string,
  part: { from: number; size: number },
  bytes: Uint8Array,
): Promise<'whole' | 'hash-mismatch' | { bytes: number; isTaken: boolean }> {
  const before = part.from === 0 ? 0 : await blobs.receivedBytes(sha256, by)
  if (before !== part.from) return { bytes: before, isTaken: false }
  const now = await blobs.append(sha256, by, part.from, bytes)
  if (now < part.size) return { bytes: now, isTaken: true }
  return (await blobs.finish(sha256, by)) === 'kept' ? 'whole' : 'hash-mismatch'
}

/** A file that may not come in is thrown away before any row names it. What passed once needs no second look. */
async function passGate(parts: Parts, sha256: string, mime: string): Promise<void> {
  const known = await parts.store.read((tx) => tx.blob(sha256))
  const bytes = known?.complete === true ? undefined : await parts.blobs.read(sha256)
  const refusal = bytes === undefined ? null : await checkUpload(bytes, mime)
  if (refusal === null) return
  await parts.blobs.remove(sha256)
  throw new Refusal(refusal.code, { message: refusal.message })
}

async function noteUpload(
  parts: Parts,
  sha256: string,
  scope: string,
  sizeBytes: number,
  mime: string,
): Promise<void> {
  await parts.store.write([scope], async (tx) => {
    const entry = await tx.blob(sha256)
    if (entry?.complete !== true) {
      await tx.putBlob({
        sha256,
        sizeBytes,
        mime: MIME.test(mime) ? mime : 'application/octet-stream',
        complete: true,
      })
    }
    await tx.putBlobScope(sha256, scope)
  })
}

/**
 * Files go where the person may write: the record that names the file is authorised on its own, but bytes that nobody asked
 * for have no place in a scope that others read.
 */
async function checkUploadRight(
  c: Context<AppContext>,
  parts: Parts,
  scope: string,
  deviceId: string,
): Promise<void> {
  const { personId } = c.get('session')
  await parts.store.read(async (tx) => {
    const device = await tx.device(deviceId)
    // The queue of somebody else, in a tab that was left open, is not sent under this person's name.
    if (deviceId !== '' && device?.personId !== personId) throw new Refusal('wrong-person')
    const actor = await parts.actors(tx, personId, parts.now())
    if (!mayUploadTo(actor, scope)) throw new Refusal('forbidden')
  })
}

function partOf(header: string | undefined, length: number): { from: number; size: number } | undefined {
  if (header === undefined) return { from: 0, size: length }
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header)
  if (match === null) return undefined
  const [from, to, size] = match.slice(1).map(Number) as [number, number, number]
  return to - from + 1 === length && to < size ? { from, size } : undefined
}
