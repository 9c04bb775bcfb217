/** Backups of a test's endpoint and their restore, by the operator's own parts; cheap keys, because there is no secret. */
import { join } from 'node:path'
import { readReplaced } from '../../src/server/backup/replaced-store.ts'
import { restoreBackup, type RestoreJob } from '../../src/server/backup/restore-backup.ts'
import { writeBackup, type BackupJob } from '../../src/server/backup/write-backup.ts'
import type { OperatorContext } from '../../src/server/operator/command.ts'
import { eraseCommand } from '../../src/server/operator/erase.ts'
import { journalPath, readJournal } from '../../src/server/journal/journal-file.ts'
import type { TestEndpoint } from './endpoint.ts'

export const PASSPHRASE = 'twelve signs or more'
export const CHEAP = { N: 16, r: 1, p: 1 }

let backups = 0

/** @returns the file's path */
export async function backUp(endpoint: TestEndpoint, over: Partial<BackupJob> = {}): Promise<string> {
  const { store, blobs, folder, clock } = endpoint
  const path = join(folder, `${++backups}.backup`)
  const job = { store, blobs, path, passphrase: PASSPHRASE, now: clock.now(), overwrite: false, cost: CHEAP }
  await writeBackup({ ...job, ...over })
  return path
}

/** In place of what the endpoint holds; `from` another one's file. */
export async function restore(endpoint: TestEndpoint, path: string, over: Partial<RestoreJob> = {}) {
  const { store, blobs, folder, clock } = endpoint
  return restoreBackup({
    store,
    blobs,
    backup: { path, passphrase: PASSPHRASE },
    replaced: await readReplaced(store),
    journal: readJournal(journalPath(folder)).lines,
    now: clock.now(),
    ...over,
  })
}

export const contextOf = (
  endpoint: TestEndpoint,
  words: readonly string[],
  over: Partial<OperatorContext> = {},
): OperatorContext => ({
  store: endpoint.store,
  blobs: endpoint.blobs,
  words,
  options: {},
  flags: new Set(),
  dataDir: endpoint.folder,
  now: endpoint.clock.now(),
  ...over,
})

/** As the operator does it. */
export async function erase(endpoint: TestEndpoint, type: string, id: string): Promise<void> {
  const done = await eraseCommand.run(contextOf(endpoint, [type, id], { options: { reason: '本人要求' } }))
  if (!done) throw new Error(`${type} ${id} was not erased`)
}
