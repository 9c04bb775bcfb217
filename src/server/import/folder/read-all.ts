/** What the three kinds of folders have in common: reading all files, and saying what is wrong with one. */
import type { FolderProblem } from '../problems.ts'
import { compareNaturally, titleFromPath } from './chapters.ts'
import { parseCivilTime, type CivilTime } from './civil-time.ts'
import { isLeftover, plainPath, readSourceFile, type FolderFile, type SourceFile } from './source-file.ts'

/** Front matter, else the first heading, else the name of the file. */
export function titleOf(source: SourceFile): string {
  return source.fields.title?.value ?? source.firstHeading ?? titleFromPath(source.path)
}

/** A field as a time; a refusal is added when it is not one, null when it is not given. */
export function timeField(
  source: SourceFile,
  key: 'publishedAt' | 'deadline',
  problems: FolderProblem[],
): CivilTime | null {
  const field = source.fields[key]
  if (field === undefined) return null
  const time = parseCivilTime(field.value)
  if (time === null) {
    refuse(
      problems,
      source.path,
      `“${field.value}”不是日期或时间。请写成“2026-11-16”或“2026-11-16 08:00”。`,
      field.line,
    )
  }
  return time
}

/** Reads every file in natural order; what can't be read is in the problems. */
export async function readAll(files: readonly FolderFile[], accepted: readonly SourceFile['kind'][]) {
  const sources: SourceFile[] = []
  const problems: FolderProblem[] = []
  const ordered = files.map(({ path, bytes }) => ({ path: plainPath(path), bytes }))
  for (const file of ordered.toSorted((a, b) => compareNaturally(a.path, b.path))) {
    if (isLeftover(file.path)) continue
    const read = await readSourceFile(file, accepted)
    if (read.file !== null) sources.push(read.file)
    problems.push(...read.problems)
  }
  return { sources, problems }
}

/** The problems, and one more when the folder held no file at all. */
export function problemsWhenEmpty(
  files: readonly FolderFile[],
  problems: FolderProblem[],
  wanted: string,
): FolderProblem[] {
  if (files.some(({ path }) => !isLeftover(plainPath(path)))) return problems
  return [
    ...problems,
    { file: '', message: `文件夹里没有可导入的文件。请放入 ${wanted} 文件。`, severity: 'refuse' },
  ]
}

export function refuse(problems: FolderProblem[], file: string, message: string, line?: number): void {
  problems.push({ file, ...(line === undefined ? {} : { line }), message, severity: 'refuse' })
}

export function warn(problems: FolderProblem[], file: string, message: string): void {
  problems.push({ file, message, severity: 'warn' })
}

/** Values by key, in the order in which they come. */
export function groupBy<Value, Key>(
  values: readonly Value[],
  keyOf: (value: Value) => Key,
): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}
