/** The database as the questions see it, and lists cut to what it takes at once. */
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables> | Transaction<Tables>

/** `in` lists are cut, because both databases limit the number of parameters. */
export const CHUNK = 500
export async function inChunks<In, Out>(
  items: readonly In[],
  ask: (part: readonly In[]) => Promise<Out[]>,
): Promise<Out[]> {
  const found: Out[] = []
  for (let at = 0; at < items.length; at += CHUNK) found.push(...(await ask(items.slice(at, at + CHUNK))))
  return found
}
