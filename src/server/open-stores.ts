/**
 * Opens what the endpoint keeps things in, as the configuration says: a SQLite file and a folder, or PostgreSQL for both and for
 * the nudges between processes.
 */
import { blobFolder, databasePath, type Config } from './config.ts'
import { createNudges, type Nudges } from './notify/nudges.ts'
import { createSharedNudges } from './notify/shared-nudges.ts'
import type { SweepableBlobs } from './store/blob-store.ts'
import { createFolderBlobs } from './store/folder-blobs.ts'
import { createPostgresBlobs } from './store/postgres/postgres-blobs.ts'
import { createPostgresStore } from './store/postgres/postgres-store.ts'
import { createLink } from './store/postgres/link/link.ts'
import { MAX_NOTICE_BYTES, openNotices } from './store/postgres/notices.ts'
import { prepare } from './store/postgres/schema.ts'
import type { RecordStore } from './store/record-store.ts'
import { openSqliteStore } from './store/sqlite/sqlite-store.ts'

export interface Stores {
  store: RecordStore
  blobs: SweepableBlobs
  nudges: Nudges
  /** All of them; what is under way ends first. */
  close(): Promise<void>
}

/** @throws StoreTrouble with one clear sentence */
export async function openStores(config: Pick<Config, 'dataDir' | 'database'>): Promise<Stores> {
  return config.database === null ? openFiles(config.dataDir) : openDatabase(config.database)
}

async function openFiles(dataDir: string): Promise<Stores> {
  const store = await openSqliteStore(databasePath(dataDir))
  return {
    store,
    blobs: createFolderBlobs(blobFolder(dataDir)),
    nudges: createNudges(),
    close: () => store.close(),
  }
}

async function openDatabase({ url, connections, waitMs }: NonNullable<Config['database']>): Promise<Stores> {
  const say = (line: string) => console.error(`${new Date().toISOString()} ${line}`)
  const link = createLink({ url, connections, say })
  try {
    await prepare(link, url, waitMs)
  } catch (problem) {
    await link.close()
    throw problem
  }
  const nudges = createSharedNudges(
    (listener) => openNotices({ newClient: link.newClient, ...listener }),
    MAX_NOTICE_BYTES,
  )
  const store = createPostgresStore(link)
  return {
    store,
    blobs: createPostgresBlobs(link),
    nudges,
    close: async () => {
      await nudges.close()
      await store.close()
    },
  }
}
