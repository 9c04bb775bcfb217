/**
 * Fetches files ahead of their need, one at a time.
 *
 * Promises: a file is downloaded at most once at a time, whoever asks; what is kept hashes to its name (the blob store
 * checks), and one that was cut goes on where it was; a failure stops the round and is tried again when the network comes
 * back or somebody asks, never in a tight loop; a file that the endpoint refuses is left out until somebody asks for it by
 * hand.
 */
import { shallowReadonly, shallowRef, type ShallowRef } from 'vue'
import { RemoteProblem } from '../../../remote/call.ts'
import type { BlobStore } from '../../../storage/files/blobs.ts'
import { troubleKindOf } from '../../../storage/trouble.ts'
import { markBusy } from '../../../ui/page/busy.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

export interface Fetching {
  sha256: string
  loadedBytes: number
  totalBytes: number | null
}

export interface FileTrouble {
  sha256: string
  /** Chinese; says what to do. */
  sentence: string
  /** The phone has no room: freeing some is what helps. */
  isFull?: true
}

export interface FileKeeper {
  /** The file that is being downloaded now. */
  fetching: Readonly<ShallowRef<Fetching | null>>
  trouble: Readonly<ShallowRef<FileTrouble | null>>
  /** Replaces the list of what is to be here, most urgent first, and starts when online. */
  want(sha256s: readonly string[]): Promise<void>
  /** One file, now, before all others. Resolves when it is here or could not be had. */
  fetchNow(sha256: string): Promise<boolean>
  /** Tries again what is still wanted. */
  wake(): Promise<void>
  stop(): void
}

const NOT_HERE = '请稍后再试一次。'

const isFull = (error: unknown): boolean => troubleKindOf(error) === 'quota'

export function createFileKeeper(blobs: BlobStore, isOnline: () => boolean): FileKeeper {
  const fetching = shallowRef<Fetching | null>(null)
  const trouble = shallowRef<FileTrouble | null>(null)
  const refused = new Set<string>()
  let wanted: readonly string[] = []
  /** The round in work; a new list or a wake ends it after its present file. */
  let round = 0
  let abort = new AbortController()
  let tail: Promise<boolean> = Promise.resolve(true)

  async function fetchOne(sha256: string): Promise<boolean> {
    if (await blobs.has(sha256)) return true
    fetching.value = { sha256, loadedBytes: 0, totalBytes: null }
    try {
      await blobs.keep(sha256, {
        signal: abort.signal,
        onProgress: (loadedBytes, totalBytes) => (fetching.value = { sha256, loadedBytes, totalBytes }),
      })
      if (trouble.value?.sha256 === sha256) trouble.value = null
      return true
    } catch (error) {
      if (abort.signal.aborted) return false
      trouble.value = {
        sha256,
        sentence: sentenceOf(error, NOT_HERE),
        ...(isFull(error) ? { isFull: true } : {}),
      }
      if (error instanceof RemoteProblem && error.code !== 'offline') refused.add(sha256)
      return false
    } finally {
      fetching.value = null
    }
  }

  /** One after another: what is asked for by hand waits for the present file only. */
  function enqueue(sha256: string): Promise<boolean> {
    tail = tail.then(() => fetchOne(sha256))
    return tail
  }

  async function goRound(): Promise<void> {
    const mine = ++round
    for (const sha256 of wanted) {
      if (mine !== round || abort.signal.aborted || !isOnline()) return
      if (refused.has(sha256)) continue
      const isKept = await enqueue(sha256)
      // No network, or no room: the others would fare the same. Wait for a wake.
      if (!isKept && !refused.has(sha256)) return
    }
  }

  return {
    fetching: shallowReadonly(fetching),
    trouble: shallowReadonly(trouble),
    async want(sha256s) {
      wanted = [...sha256s]
      await goRound()
    },
    async fetchNow(sha256) {
      refused.delete(sha256)
      if (abort.signal.aborted) abort = new AbortController()
      // Somebody waits for it: no update of the app comes in between.
      const release = markBusy('下载文件')
      try {
        return await enqueue(sha256)
      } finally {
        release()
      }
    },
    async wake() {
      if (abort.signal.aborted) abort = new AbortController()
      await goRound()
    },
    stop: () => abort.abort(),
  }
}
