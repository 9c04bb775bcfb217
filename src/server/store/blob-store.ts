/** Bytes by the hash of their content. A blob that is whole hashes to its name, always. */
export interface BlobStore {
  /**
   * Appends a part at `offset` of an upload in work. Each uploader has its own, told apart by `by` (an id), so that nobody
   * completes or spoils what another has sent. @returns the size received so far.
   */
  append(sha256: string, by: string, offset: number, bytes: Uint8Array): Promise<number>
  /** Size received so far of an upload in work; 0 when there is none. */
  receivedBytes(sha256: string, by: string): Promise<number>
  /** Checks the hash of what was received and keeps it, or throws it away. */
  finish(sha256: string, by: string): Promise<'kept' | 'hash-mismatch'>
  put(bytes: Uint8Array): Promise<string>
  /** Takes a whole blob away; nothing when it isn't there. */
  remove(sha256: string): Promise<void>
  read(sha256: string, range?: { from: number; to: number }): Promise<Uint8Array | undefined>
  /** undefined when the blob isn't there, whole. */
  sizeBytes(sha256: string): Promise<number | undefined>
}

/** How much was thrown away. */
export interface SweptBlobs {
  /** Uploads that nobody went on with. */
  uploads: number
  /** Whole blobs that no row names. */
  blobs: number
}

export interface SweepableBlobs extends BlobStore {
  /**
   * Throws away what was last touched before a moment (UTC ms): uploads in work, and whole blobs that `named` does not name. A
   * blob that is put again at the same moment stays.
   */
  sweep(
    before: number,
    named: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<SweptBlobs>
}
