/** `npm run admin -- export FILE [--scope NAME]`: records and ledger as plain NDJSON, while the endpoint goes on. */
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { RecordStore } from '../../store/record-store.ts'
import type { OperatorCommand } from '../command.ts'
import { exportLines } from './export-file.ts'

export const exportCommand: OperatorCommand = {
  name: 'export',
  usage: [
    'npm run admin -- export 文件 [--scope 范围]    导出记录与账本（不含账号和附件）；内容未加密，请妥善保管',
  ],
  options: ['scope'],
  run: async ({ store, words, options, now }) => {
    const [path, ...rest] = words
    if (path === undefined || rest.length > 0) return refuse('请写明导出到哪个文件。')
    if (existsSync(path)) return refuse(`文件已存在，没有覆盖：${path}`)
    const { scope } = options
    if (scope !== undefined && (await store.read((tx) => tx.scopeHeads([scope]))).length === 0)
      return refuse(`没有这个范围：${scope}`)
    const lines = await writeExport(store, path, { at: now, scope })
    console.log(`已导出 ${lines} 条到 ${path}。`)
    return true
  },
}

function refuse(sentence: string): false {
  console.error(sentence)
  return false
}

const BUFFER_CHARS = 1 << 20

/** Whole or not at all: the name appears when everything is on the disk. @returns rows */
async function writeExport(
  store: RecordStore,
  path: string,
  options: { at: number; scope?: string | undefined },
): Promise<number> {
  const unfinished = `${path}.part`
  const file = await open(unfinished, 'w', 0o600)
  let lines = 0
  try {
    await store.readAll(async (tables) => {
      let text = ''
      for await (const line of exportLines(tables, options)) {
        lines++
        text += `${line}\n`
        if (text.length < BUFFER_CHARS) continue
        await file.writeFile(text)
        text = ''
      }
      await file.writeFile(text)
    })
    await file.sync()
    await file.close()
    await rename(unfinished, path)
  } catch (problem) {
    await file.close()
    await rm(unfinished, { force: true })
    throw problem
  }
  return lines - 2
}
