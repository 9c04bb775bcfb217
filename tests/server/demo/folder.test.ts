import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  emptyDemoFolder,
  isDemoFolder,
  markDemoFolder,
  refuseDemoFolder,
  refuseOtherFolder,
} from '../../../src/server/demo/demo-folder.ts'
import { printDemoAccounts, widthOf } from '../../../src/server/demo/print.ts'
import { DEMO_ACCOUNTS } from '../../../src/server/demo/accounts.ts'
import { blobFolder, databasePath } from '../../../src/server/config.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'window-hall-folder-'))

test('an empty folder becomes a demo; npm start refuses it from then on', () => {
  const folder = newFolder()
  refuseOtherFolder(folder)
  markDemoFolder(folder)
  expect(isDemoFolder(folder)).toBe(true)
  expect(() => refuseDemoFolder(folder)).toThrow('DATA_DIR')
})

test('--fresh removes what the demo made and nothing beside it', () => {
  const folder = newFolder()
  markDemoFolder(folder)
  writeFileSync(databasePath(folder), '')
  writeFileSync(`${databasePath(folder)}-wal`, '')
  mkdirSync(blobFolder(folder))
  writeFileSync(join(folder, 'my-notes.txt'), 'keep')
  emptyDemoFolder(folder)
  expect(readdirSync(folder).sort()).toEqual(['DEMO', 'my-notes.txt'])
})

test('a folder with a real bureau is left alone', () => {
  const folder = newFolder()
  writeFileSync(databasePath(folder), 'real')
  expect(() => refuseOtherFolder(folder)).toThrow('不是示例文件夹')
  expect(() => emptyDemoFolder(folder)).toThrow('不是示例文件夹')
  expect(existsSync(databasePath(folder))).toBe(true)
})

test('the table of accounts stands in straight columns and names every password', () => {
  const lines: string[] = []
  printDemoAccounts(DEMO_ACCOUNTS, (line) => lines.push(line))
  const rows = lines.filter((line) => line.includes('chuangkou-2026'))
  expect(rows).toHaveLength(DEMO_ACCOUNTS.length)
  const columns = rows.map((row) => widthOf(row.slice(0, row.indexOf('chuangkou-2026'))))
  expect(new Set(columns).size).toBe(1)
})
