/** A command of the operator, as `npm run admin -- <name> …` calls it: one file each, listed in cli.ts. */
import type { BlobStore } from '../store/blob-store.ts'
import type { RecordStore } from '../store/record-store.ts'

export interface OperatorContext {
  store: RecordStore
  blobs: BlobStore
  /** Words after the command's name, options taken out. */
  words: readonly string[]
  /** `--name value`. */
  options: Readonly<Record<string, string>>
  /** `--name`. */
  flags: ReadonlySet<string>
  /** DATA_DIR, made when it wasn't there. */
  dataDir: string
  /** Where the app is reached; '' or absent where PUBLIC_URL is not set. */
  publicUrl?: string
  /** UTC ms. */
  now: number
  /** For what no endpoint may be running beside. @throws StoreTrouble when one is */
  claimAlone?: () => Promise<{ release(): Promise<void> }>
}

export interface OperatorCommand {
  name: string
  /** Lines for the usage text, in Chinese. */
  usage: readonly string[]
  /** Options that take a value, and flags, without the dashes. */
  options?: readonly string[]
  flags?: readonly string[]
  /** @returns whether it was done; a refusal was printed as one clear sentence */
  run(context: OperatorContext): Promise<boolean>
}
