/** A demo folder is marked; `npm start` refuses it, because its passwords are known to everybody. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blobFolder, ConfigTrouble, databasePath } from '../config.ts'

const MARK = 'DEMO'

export function markDemoFolder(folder: string): void {
  writeFileSync(join(folder, MARK), '示例数据，口令公开，不可用于正式运行。\n')
}

export function isDemoFolder(folder: string): boolean {
  return existsSync(join(folder, MARK))
}

/** @throws ConfigTrouble */
export function refuseDemoFolder(folder: string): void {
  if (isDemoFolder(folder))
    throw new ConfigTrouble(`${folder} 是示例数据，口令公开，不能正式运行。请用 DATA_DIR 换一个文件夹。`)
}

/** A folder with something in it that is not a demo is left alone. @throws ConfigTrouble */
export function refuseOtherFolder(folder: string): void {
  if (isDemoFolder(folder) || !existsSync(folder) || readdirSync(folder).length === 0) return
  throw new ConfigTrouble(`${folder} 里已有别的文件，不是示例文件夹。请用 DATA_DIR 换一个空文件夹。`)
}

/** Removes what a demo made, and nothing else that somebody may have put beside it. @throws ConfigTrouble */
export function emptyDemoFolder(folder: string): void {
  refuseOtherFolder(folder)
  const database = databasePath(folder)
  for (const file of [database, `${database}-wal`, `${database}-shm`]) rmSync(file, { force: true })
  rmSync(blobFolder(folder), { recursive: true, force: true })
}
