/**
 * Who uses a database now, as folder-lock.ts has it for a folder: endpoints share it, a restore has it alone. An advisory lock on
 * a connection of its own: it ends with the process. An endpoint whose connection was cut takes its lock anew; a restore that came
 * in between is no harm, because everything an endpoint remembers is remembered under the epoch.
 */
import type pg from 'pg'
import { StoreTrouble } from '../record-store.ts'

/** Beside the locks of transactions.ts. */
const LOCKS = 0x57_48_4c
const USE = 3
const RETRY_MS = 5_000

export interface DatabaseLock {
  release(): Promise<void>
}

const TAKEN = {
  serving: '数据库正在恢复备份，请等恢复完成再启动。',
  alone: '服务正在使用这个数据库。请先停止所有服务，再恢复。',
} as const

/** @throws StoreTrouble when somebody is in the way */
export async function claimDatabase(
  newClient: () => pg.Client,
  as: 'serving' | 'alone',
): Promise<DatabaseLock> {
  const shared = as === 'serving' ? '_shared' : ''
  const take = async (): Promise<pg.Client | undefined> => {
    const client = newClient()
    try {
      await client.connect()
      // A machine that lost its power is noticed in a minute, and not two hours later when somebody wants to restore.
      await client.query(
        'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3',
      )
      const text = `select pg_try_advisory_lock${shared}(${LOCKS}, ${USE}) as taken`
      const { rows } = await client.query<{ taken: boolean }>(text)
      if (rows[0]?.taken === true) return client
      await client.end()
      return undefined
    } catch (problem) {
      client.end().catch(() => undefined)
      throw problem
    }
  }
  let isOver = false
  let client = await take()
  if (client === undefined) throw new StoreTrouble(TAKEN[as])
  let timer: NodeJS.Timeout | undefined
  const watch = () => {
    if (as === 'serving') client?.once('end', () => void again())
  }
  const again = async (): Promise<void> => {
    client = undefined
    if (isOver) return
    client = await take().catch(() => undefined)
    if (client === undefined) timer = setTimeout(() => void again(), RETRY_MS)
    else if (isOver) await client.end()
    else watch()
  }
  watch()
  return {
    release: async () => {
      isOver = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
