/** Which store a process of the benchmark opens: a SQLite file in a folder, or a PostgreSQL database. As `npm start` opens it. */
import { databasePath } from '../../../src/server/config.ts'
import { openStores, type Stores } from '../../../src/server/open-stores.ts'

export interface StorePlace {
  /** Holds the SQLite file, and blobs. */
  folder: string
  /** `postgres://…`; null: SQLite. */
  databaseUrl: string | null
}

export const sqliteFile = databasePath

const CONNECTIONS = 10

export function openBenchStores({ folder, databaseUrl }: StorePlace): Promise<Stores> {
  const database = databaseUrl === null ? null : { url: databaseUrl, connections: CONNECTIONS, waitMs: 5000 }
  return openStores({ dataDir: folder, database })
}
