/** `index.csv` beside the documents: what a desk keeps in a table instead of in long file names. */
import { frontMatterKeyOf, type MarkdownFile } from '../markdown.ts'
import type { FolderProblem } from '../problems.ts'
import { readTables } from '../roster/read-tables.ts'
import { plainPath, type FolderFile } from './source-file.ts'

export interface DocumentIndex {
  /** Path of the index file; null when there is none. */
  path: string | null
  /** Fields by the path of the document; `line` is the row in the table. */
  rows: ReadonlyMap<string, MarkdownFile['fields']>
  problems: FolderProblem[]
}

const fileWords = ['文件', '文件名', '文件名称', 'file', 'filename', 'path']

/** Reads index.csv of the folder. A missing 文件 column and a row that names no file of the folder are refused. */
export async function readDocumentIndex(files: readonly FolderFile[]): Promise<DocumentIndex> {
  const file = files.find(({ path }) => /^(index|目录)\.csv$/i.test(plainPath(path)))
  if (file === undefined) return { path: null, rows: new Map(), problems: [] }
  const path = plainPath(file.path)
  const problems: FolderProblem[] = []
  const refuse = (message: string, line?: number) =>
    problems.push({ file: path, ...(line === undefined ? {} : { line }), message, severity: 'refuse' })
  const read = await readTables(file.bytes, path)
  if (read.type === 'refused') {
    refuse(read.message)
    return { path, rows: new Map(), problems }
  }
  const table = (read.tables[0]?.rows ?? []).filter(({ cells }) => cells.some((cell) => cell !== ''))
  const [header, ...body] = table
  const fileColumn = header?.cells.findIndex((cell) => fileWords.includes(cell.toLowerCase())) ?? -1
  if (header === undefined || fileColumn < 0) {
    refuse(
      `表头缺少“文件”。找到的列有：${header?.cells.join('、') ?? '（无）'}。请补上这一列，写文件名。`,
      header?.row,
    )
    return { path, rows: new Map(), problems }
  }
  const paths = new Set(files.map((other) => plainPath(other.path)))
  const rows = new Map<string, MarkdownFile['fields']>()
  for (const { row, cells } of body) {
    const name = plainPath(cells[fileColumn] ?? '')
    if (!paths.has(name))
      refuse(`第 ${row} 行的“${name}”不在文件夹里。请核对文件名（要写扩展名），或删去这一行。`, row)
    else if (rows.has(name)) refuse(`第 ${row} 行的“${name}”前面已经写过。请只留一行。`, row)
    else rows.set(name, fieldsOf(header.cells, cells, row))
  }
  return { path, rows, problems }
}

function fieldsOf(
  headings: readonly string[],
  cells: readonly string[],
  line: number,
): MarkdownFile['fields'] {
  const fields: MarkdownFile['fields'] = {}
  for (const [index, heading] of headings.entries()) {
    const key = frontMatterKeyOf(heading)
    const value = cells[index] ?? ''
    if (key !== null && value !== '') fields[key] = { value, line }
  }
  return fields
}
