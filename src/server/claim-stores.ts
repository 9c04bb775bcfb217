/** Says that this process uses what the endpoint keeps things in: endpoints beside each other, a restore alone. */
import { Client } from 'pg'
import type { Config } from './config.ts'
import { claimFolder } from './store/sqlite/folder-lock.ts'
import { claimDatabase } from './store/postgres/claim.ts'

export interface Claim {
  release(): Promise<void>
}

const CONNECT_MS = 5_000
/** It says nothing for days: without this a firewall forgets it. */
const KEEP_ALIVE_MS = 10_000
const ANSWER_MS = 10_000

/**
 * Call before serving (`serving`), and keep what it returns until the end.
 * @throws StoreTrouble with one clear sentence when somebody is in the way
 */
export async function claimStores(
  { dataDir, database }: Pick<Config, 'dataDir' | 'database'>,
  as: 'serving' | 'alone',
): Promise<Claim> {
  if (database === null) {
    const lock = claimFolder(dataDir, as)
    return { release: () => Promise.resolve(lock.release()) }
  }
  const newClient = () => {
    const client = new Client({
      connectionString: database.url,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
      fallback_application_name: 'window-hall',
    })
    client.on('error', () => undefined)
    return client
  }
  return claimDatabase(newClient, as)
}
