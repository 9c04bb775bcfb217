/** A demo folder is marked; `npm start` refuses it, because its passwords are known to everybody. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigTrouble } from '../config.ts'

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
