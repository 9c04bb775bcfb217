/**
 * File bytes by hash. A download that is cut goes on where it stopped; the caller checks the hash of the whole.
 */
import * as v from 'valibot'
import { callEndpoint, offlineProblem, problemOf, RemoteProblem, type CallOptions } from './call.ts'

const MAX_RESUMES = 3

export interface FetchBlobOptions extends CallOptions {
  /** Bytes so far and in all; the sum is null where the endpoint did not say. */
  onProgress?: (loadedBytes: number, totalBytes: number | null) => void
  /** What the caller has already, of an earlier download. */
  startAt?: number
  /** Each whole piece of so many bytes is handed over in order and forgotten here; one at 0 means that all begins anew. */
  pieceBytes?: number
  onPiece?: (piece: Uint8Array, at: number) => Promise<void>
}

interface Download {
  /** From `at` on. */
  chunks: Uint8Array[]
  at: number
  loaded: number
  total: number | null
  mime: string
}

/** The caller could not keep a piece: not the line's fault, and nothing to try again. */
class NotKept extends Error {}

const blobAddress = (sha256: string): string => `/api/blobs/${sha256}`

function restart(download: Download): void {
  download.chunks = []
  download.at = download.loaded = 0
}

/** Whole pieces leave the memory as they come. */
async function handOver(
  download: Download,
  { pieceBytes = Infinity, onPiece }: FetchBlobOptions,
): Promise<void> {
  if (onPiece === undefined || download.loaded - download.at < pieceBytes) return
  let rest = joined(download)
  for (; rest.length >= pieceBytes; rest = rest.subarray(pieceBytes)) {
    try {
      await onPiece(rest.subarray(0, pieceBytes), download.at)
    } catch (error) {
      throw new NotKept('a piece was not kept', { cause: error })
    }
    download.at += pieceBytes
  }
  download.chunks = rest.length > 0 ? [rest] : []
}

function totalOf(response: Response, before: number): number | null {
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')
  if (range !== null) return Number(range[1])
  const length = response.headers.get('content-length')
  return length === null ? null : before + Number(length)
}

async function readInto(download: Download, response: Response, options: FetchBlobOptions): Promise<void> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    download.chunks.push(value)
    download.loaded += value.length
    options.onProgress?.(download.loaded, download.total)
    await handOver(download, options)
  }
}

/** One request; whole or from where the last one stopped. */
async function attempt(sha256: string, download: Download, options: FetchBlobOptions): Promise<void> {
  const response = await (options.fetch ?? globalThis.fetch)(blobAddress(sha256), {
    credentials: 'same-origin',
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(download.loaded > 0 ? { headers: { range: `bytes=${download.loaded}-` } } : {}),
  })
  // Nothing comes after what is here: it may be too much of something else. From the beginning, then.
  if (response.status === 416 && download.loaded > 0) {
    restart(download)
    return await attempt(sha256, download, options)
  }
  if (!response.ok) throw await problemOf(response)
  // Range ignored: the endpoint sends everything again.
  if (response.status !== 206) restart(download)
  download.total = totalOf(response, download.loaded)
  download.mime = response.headers.get('content-type') ?? download.mime
  await readInto(download, response, options)
  if (download.total !== null && download.loaded < download.total) throw offlineProblem()
}

function joined(download: Download): Uint8Array {
  const bytes = new Uint8Array(download.loaded - download.at)
  let at = 0
  for (const chunk of download.chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/**
 * `GET /api/blobs/<sha256>`.
 * @returns what was not handed over, from `at` on
 * @throws RemoteProblem; the signal's own abort, and what `onPiece` throws, pass as they are
 */
export async function fetchBlob(
  sha256: string,
  options: FetchBlobOptions = {},
): Promise<{ bytes: Uint8Array; at: number; mime: string }> {
  const { startAt = 0 } = options
  const mime = 'application/octet-stream'
  const download: Download = { chunks: [], at: startAt, loaded: startAt, total: null, mime }
  for (let resumes = 0; ; resumes++) {
    try {
      await attempt(sha256, download, options)
      return { bytes: joined(download), at: download.at, mime: download.mime }
    } catch (error) {
      if (error instanceof NotKept) throw error.cause
      if (options.signal?.aborted === true) throw error
      if (error instanceof RemoteProblem && error.code !== 'offline') throw error
      // Nothing came at all, or it was cut too often: the person decides when to go on.
      if (download.loaded === startAt || resumes >= MAX_RESUMES) throw offlineProblem(error)
    }
  }
}

const UploadAnswer = v.custom<object>((value) => typeof value === 'object' && value !== null, 'not an answer')

/**
 * Uploads a file at once, for the office's own pages. What a record names is uploaded by the sync engine before the record.
 * @param scope for whose readers it is meant
 * @throws RemoteProblem
 */
export async function uploadBlob(
  sha256: string,
  file: Blob,
  scope: string,
  options: CallOptions = {},
): Promise<void> {
  const fetching = options.fetch ?? globalThis.fetch
  const asUpload: typeof fetch = (address, init) =>
    fetching(address, { ...init, headers: { 'content-type': file.type }, body: file })
  const address = `${blobAddress(sha256)}?scope=${encodeURIComponent(scope)}`
  await callEndpoint(address, { method: 'PUT' }, UploadAnswer, { ...options, fetch: asUpload })
}
