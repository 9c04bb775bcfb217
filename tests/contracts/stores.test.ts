/** The contracts, run on what the endpoint can be started with. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { createFolderBlobs } from '../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../src/server/store/sqlite-store.ts'
import { runBlobStoreContract } from './blob-store.contract.ts'
import { runRecordStoreContract } from './record-store.contract.ts'

const folders: string[] = []
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-contract-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

runRecordStoreContract('SQLite file', () => openSqliteStore(join(newFolder(), 'store.sqlite')))
runRecordStoreContract('SQLite in memory', () => openSqliteStore(':memory:'))
runBlobStoreContract('folder', () => createFolderBlobs(newFolder()))
