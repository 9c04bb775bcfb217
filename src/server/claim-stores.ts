/** Says that this process uses what the endpoint keeps things in: endpoints beside each other, a restore alone. */
import type { Config } from './config.ts'
import { claimFolder } from './store/sqlite/folder-lock.ts'
import { claimDatabase } from './store/postgres/claim.ts'
import { connectionTo, createClient } from './store/postgres/link/connection.ts'

export interface Claim {
  release(): Promise<void>
}

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
  const config = { ...connectionTo(database.url), query_timeout: ANSWER_MS }
  return claimDatabase(() => createClient(config), as)
}
