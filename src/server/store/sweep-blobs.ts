/** Uploads that were given up and files that nothing names are thrown away after a day. Once a day is often enough. */
import type { SweepableBlobs, SweptBlobs } from './blob-store.ts'
import type { RecordStore } from './record-store.ts'

/** An upload that is cut is gone on with in the same hour; a file is named by its row a moment after it is whole. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000
const EVERY_MS = 24 * 3_600_000

export function sweepBlobs(store: RecordStore, blobs: SweepableBlobs, now: number): Promise<SweptBlobs> {
  return blobs.sweep(now - FORGOTTEN_AFTER_MS, (sha256s) =>
    store.read(async (tx) => {
      const named = new Set<string>()
      for (const sha256 of sha256s) if ((await tx.blob(sha256)) !== undefined) named.add(sha256)
      return named
    }),
  )
}

/** At the start and once a day. @returns how to stop. A round that fails is told, and the next one does its work. */
export function startSweeping(
  store: RecordStore,
  blobs: SweepableBlobs,
  onProblem: (problem: unknown) => void,
): () => void {
  const round = () => void sweepBlobs(store, blobs, Date.now()).catch(onProblem)
  round()
  const timer = setInterval(round, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
