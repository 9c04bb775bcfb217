/**
 * Who uses a data folder now. Endpoints share it; a restore has it alone. The lock is the operating system's, on a small file of
 * its own, held by SQLite: a process that is killed lets go by it, nobody has to guess from a number whether it still lives, and
 * containers that share a folder see each other.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreTrouble } from '../record-store.ts'

export interface FolderLock {
  release(): void
}

const LOCK_FILE = 'in-use.lock'
const TAKEN = {
  serving: '数据文件夹正在恢复备份，请等恢复完成再启动。',
  alone: '服务正在使用这个数据文件夹。请先停止服务，再恢复。',
} as const

/** A connection that nobody refers to is closed when memory is tidied, and its lock with it. */
const held = new Set<DatabaseSync>()

/**
 * Held until released, or until the process ends.
 * @param as `serving`: with other endpoints; `alone`: with nobody
 * @throws StoreTrouble when somebody is in the way
 */
export function claimFolder(dataDir: string, as: 'serving' | 'alone'): FolderLock {
  const path = join(dataDir, LOCK_FILE)
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    // Not WAL: there a reader and a writer don't exclude each other.
    if (as === 'alone') database.exec('begin exclusive')
    else {
      database.exec('begin')
      database.prepare('select count(*) from sqlite_master').get()
    }
  } catch (problem) {
    database.close()
    const isTaken = /locked|busy/i.test(problem instanceof Error ? problem.message : '')
    const sentence = isTaken ? TAKEN[as] : `不能锁定数据文件夹 ${dataDir}：${String(problem)}。`
    throw new StoreTrouble(sentence, { cause: problem })
  }
  held.add(database)
  return {
    release: () => {
      if (held.delete(database)) database.close()
    },
  }
}
