/** One import from the command line: dry run unless `--apply`, a report in Chinese, all or nothing. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { BlobStore } from '../../store/blob-store.ts'
import type { RecordStore, WriteTx } from '../../store/record-store.ts'
import {
  readBookFolder,
  readDocumentFolder,
  readLessonFolder,
  type FolderFile,
  type FolderReading,
} from '../folder.ts'
import type { FolderProblem } from '../problems.ts'
import { NO_PICTURE, writeCodeSheet } from './codes.ts'
import { emptyReport, runWork, type ImportReport } from './import-job.ts'
import { putBooks } from './put-books.ts'
import { putDocuments } from './put-documents.ts'
import { putLessons } from './put-lessons.ts'
import { importPeople } from './put-people-file.ts'

export interface ImportCall {
  store: RecordStore
  blobs: BlobStore
  now: number
  publicUrl: string
  kind: string
  path: string
  apply: boolean
  createUnits: boolean
  /** Staff number of who declares documents 非密. */
  by: string
  usage: string
}

/** @returns true when nothing was refused */
export async function runImport(call: ImportCall): Promise<boolean> {
  const wanted = call.kind === 'people' ? 'file' : 'folder'
  const isKnown = ['people', 'lessons', 'books', 'documents'].includes(call.kind)
  if (!isKnown || call.path === '') {
    console.error(call.usage)
    return false
  }
  if ((await kindAt(call.path)) !== wanted) {
    console.error(
      `${call.path}：${wanted === 'file' ? '没有这个文件' : '没有这个文件夹'}。请核对路径。\n${call.usage}`,
    )
    return false
  }
  const isSetUp = await call.store.read(async (tx) => (await tx.record('unit', 'root')) !== undefined)
  if (!isSetUp) {
    console.error('还没有建立单位。请先运行 npm start，用设置码建立单位和第一位系统管理员。')
    return false
  }
  if (call.kind === 'people') return importPeopleFile(call)
  const report = await importFolder(call)
  printReport(report, call.apply)
  return report.refused.length === 0
}

async function importPeopleFile(call: ImportCall): Promise<boolean> {
  const { report, newPersonIds } = await importPeople(call, call.path, { createUnits: call.createUnits })
  printReport(report, call.apply)
  if (call.apply && report.refused.length === 0 && newPersonIds.length > 0)
    await writeCodes(call, newPersonIds)
  return report.refused.length === 0
}

/** The people are in by now: a sheet that cannot be written is no reason to say that they aren't. */
async function writeCodes(call: ImportCall, personIds: readonly string[]): Promise<void> {
  try {
    const sheet = await writeCodeSheet(call.store, personIds, call.now, dirname(call.path), call.publicUrl)
    console.log(`${personIds.length} 个激活码已写入 ${sheet}，打印后请删除。`)
    if (call.publicUrl === '') console.log(NO_PICTURE)
  } catch (problem) {
    const reason = (problem as NodeJS.ErrnoException).code
    if (reason === undefined) throw problem
    console.error(`人员已写入，但激活码没有写出（${reason}）。请用 npm run admin -- codes 工号 … 重新发码。`)
  }
}

async function importFolder(call: ImportCall): Promise<ImportReport> {
  const report = emptyReport()
  const files = await readFolder(call.path)
  const run = async <Item>(
    reading: FolderReading<Item>,
    put: (tx: WriteTx, items: Item[]) => Promise<void>,
  ) => {
    for (const problem of reading.problems) addProblem(report, problem)
    if (report.refused.length === 0) await runWork(call, report, (tx) => put(tx, reading.items))
    return report
  }
  if (call.kind === 'lessons')
    return run(await readLessonFolder(files), (tx, items) => putLessons(call, tx, items, report))
  if (call.kind === 'books')
    return run(await readBookFolder(files), (tx, items) => putBooks(call, tx, items, report))
  const declarer = await call.store.read((tx) => tx.account({ staffNo: call.by }))
  if (declarer === undefined) {
    report.refused.push('请用 --by 工号 写明由谁声明这些文件为非密；确认须由第二人在应用里完成。')
    return report
  }
  return run(await readDocumentFolder(files), (tx, items) =>
    putDocuments(call, tx, items, report, declarer.personId),
  )
}

function addProblem(report: ImportReport, { file, line, message, severity }: FolderProblem): void {
  const text = `${file}${line === undefined ? '' : ` 第 ${line} 行`}：${message}`
  ;(severity === 'refuse' ? report.refused : report.notices).push(text)
}

async function kindAt(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (problem) {
    if (['ENOENT', 'ENOTDIR'].includes((problem as NodeJS.ErrnoException).code ?? '')) return undefined
    throw problem
  }
}

export async function readFolder(folder: string): Promise<FolderFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files
      .sort()
      .map(async (path) => ({ path: relative(folder, path), bytes: new Uint8Array(await readFile(path)) })),
  )
}

const MOST_LINES = 200

export function printReport(
  report: ImportReport,
  apply: boolean,
  print: (line: string) => void = console.log,
): void {
  const list = (heading: string, lines: readonly string[]) => {
    if (lines.length === 0) return
    print(`${heading} ${lines.length}`)
    for (const line of lines.slice(0, MOST_LINES)) print(`  ${line}`)
    if (lines.length > MOST_LINES) print(`  …… 另有 ${lines.length - MOST_LINES} 条`)
  }
  list('新增', report.added)
  list('变更', report.changed)
  list('提示', report.notices)
  list('拒收', report.refused)
  print(`不变 ${report.same}`)
  if (report.refused.length > 0) print('有拒收的内容，全部没有写入。请改好后再导入。')
  else if (!apply) print('这是预演，没有写入。确认无误后加 --apply 再运行一次。')
  else print('已全部写入。')
}
