/** The contracts, run on what the endpoint can be started with. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openStores, type Stores } from '../../src/server/open-stores.ts'
import { createFolderBlobs } from '../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../src/server/store/sqlite/sqlite-store.ts'
import { createMemoryBlobs } from '../support/memory/memory-blobs.ts'
import { MemoryRecordStore } from '../support/memory/memory-record-store.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { runBlobStoreContract } from './blob-store.contract.ts'
import { runCirculationFiguresContract } from './circulation-figures.contract.ts'
import { runMeetingsOfYearContract } from './meetings-of-year.contract.ts'
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

let postgres: TestPostgres
const opened: Stores[] = []
const openDatabase = async () => {
  const database = { url: await postgres.newDatabase(), connections: 10, waitMs: 0 }
  const stores = await openStores({ dataDir: '', database })
  opened.push(stores)
  return stores
}
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  for (const stores of opened) await stores.close()
  await postgres.stop()
})

runRecordStoreContract('SQLite file', () => openSqliteStore(join(newFolder(), 'store.sqlite')))
runRecordStoreContract('SQLite in memory', () => openSqliteStore(':memory:'))
runBlobStoreContract('folder', () => createFolderBlobs(newFolder()))
runRecordStoreContract('PostgreSQL', async () => (await openDatabase()).store)
runBlobStoreContract('PostgreSQL', async () => (await openDatabase()).blobs)
runRecordStoreContract('memory, for the property tests', () => Promise.resolve(new MemoryRecordStore()))
runBlobStoreContract('memory, for the property tests', createMemoryBlobs)

runCirculationFiguresContract('SQLite file', () => openSqliteStore(join(newFolder(), 'store.sqlite')))
runCirculationFiguresContract('SQLite in memory', () => openSqliteStore(':memory:'))
runCirculationFiguresContract('PostgreSQL', async () => (await openDatabase()).store)
runCirculationFiguresContract('memory', () => Promise.resolve(new MemoryRecordStore()))

runMeetingsOfYearContract('SQLite in memory', () => openSqliteStore(':memory:'))
runMeetingsOfYearContract('PostgreSQL', async () => (await openDatabase()).store)
runMeetingsOfYearContract('memory', () => Promise.resolve(new MemoryRecordStore()))
