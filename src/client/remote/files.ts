/**
 * File bytes by hash. A download that is cut goes on where it stopped; the caller checks the hash of the whole.
 */
import * as v from 'valibot'
import { callEndpoint, offlineProblem, problemOf, RemoteProblem, type CallOptions } from './call.ts'

const MAX_RESUMES = 3

export interface FetchBlobOptions extends CallOptions {
  /** Bytes so far and in all; the sum is null where the endpoint did not say. */
  onProgress?: (loadedBytes: number, totalBytes: number | null) => void
}

interface Download {
  chunks: Uint8Array[]
  loaded: number
  total: number | null
  mime: string
}

const blobAddress = (sha256: string): string => `/api/blobs/${sha256}`

function restart(download: Download): void {
  download.chunks = []
  download.loaded = 0
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
  }
}

/** One request; whole or from where the last one stopped. */
async function attempt(sha256: string, download: Download, options: FetchBlobOptions): Promise<void> {
  const response = await (options.fetch ?? globalThis.fetch)(blobAddress(sha256), {
    credentials: 'same-origin',
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(download.loaded > 0 ? { headers: { range: `bytes=${download.loaded}-` } } : {}),
  })
  if (!response.ok) throw await problemOf(response)
  // Range ignored: the endpoint sends everything again.
  if (response.status !== 206) restart(download)
  download.total = totalOf(response, download.loaded)
  download.mime = response.headers.get('content-type') ?? download.mime
  await readInto(download, response, options)
  if (download.total !== null && download.loaded < download.total) throw offlineProblem()
}

function joined(download: Download): Uint8Array {
  const bytes = new Uint8Array(download.loaded)
  let at = 0
  for (const chunk of download.chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** `GET /api/blobs/<sha256>`. @throws RemoteProblem; the signal's own abort passes as it is */
export async function fetchBlob(
  sha256: string,
  options: FetchBlobOptions = {},
): Promise<{ bytes: Uint8Array; mime: string }> {
  const download: Download = { chunks: [], loaded: 0, total: null, mime: 'application/octet-stream' }
  for (let resumes = 0; ; resumes++) {
    try {
      await attempt(sha256, download, options)
      return { bytes: joined(download), mime: download.mime }
    } catch (error) {
      if (options.signal?.aborted === true) throw error
      if (error instanceof RemoteProblem && error.code !== 'offline') throw error
      // Nothing came at all, or it was cut too often: the person decides when to go on.
      if (download.loaded === 0 || resumes >= MAX_RESUMES) throw offlineProblem(error)
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
