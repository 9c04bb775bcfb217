/** Stores on a test's PostgreSQL, as an endpoint process has them, closed together at the end. */
import { openStores, type Stores } from '../../src/server/open-stores.ts'
import { createPostgresStore } from '../../src/server/store/postgres/postgres-store.ts'
import { createLink, type Link, type Timeouts } from '../../src/server/store/postgres/link/link.ts'
import type { RecordStore } from '../../src/server/store/record-store.ts'
import type { TestPostgres } from './postgres.ts'

export interface OpenedStores {
  /** What one endpoint process opens. */
  process(url: string, connections?: number): Promise<Stores>
  /** A store alone on tables that are there already, with limits of the test's. */
  store(
    url: string,
    options?: { connections?: number; timeouts?: Partial<Timeouts> },
  ): {
    store: RecordStore
    link: Link
    /** What the operator was told. */
    said: string[]
  }
  closeAll(): Promise<void>
}

export function createOpenedStores(): OpenedStores {
  const closers: (() => Promise<void>)[] = []
  return {
    process: async (url, connections = 10) => {
      const stores = await openStores({ dataDir: '', database: { url, connections, waitMs: 0 } })
      closers.push(() => stores.close())
      return stores
    },
    store: (url, { connections = 10, timeouts = {} } = {}) => {
      const said: string[] = []
      const link = createLink({ url, connections, timeouts, say: (line) => void said.push(line) })
      const store = createPostgresStore(link)
      closers.push(() => store.close())
      return { store, link, said }
    },
    closeAll: async () => {
      for (const close of closers.splice(0)) await close()
    },
  }
}

/** A database of its own for a hall (hall.ts) or whatever opens a store again and again. */
export async function postgresDatabase(postgres: TestPostgres): Promise<{
  name: 'PostgreSQL'
  url: string
  open(): Promise<RecordStore>
  remove(): Promise<void>
}> {
  const url = await postgres.newDatabase()
  return {
    name: 'PostgreSQL',
    url,
    open: async () => {
      const { store, close } = await openStores({
        dataDir: '',
        database: { url, connections: 10, waitMs: 0 },
      })
      return { ...store, close }
    },
    // The server goes as a whole.
    remove: () => Promise.resolve(),
  }
}
