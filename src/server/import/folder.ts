/**
 * Folders of lessons, books and documents to items. Guarantee: every file is an item, part of an item, or named in a
 * problem; left out in silence are only files that systems leave behind (hidden files, lock files, thumbnails).
 * When a problem is 'refuse', nothing of the folder may be stored.
 */
import {
  compareNaturally,
  splitIntoChapters,
  titleFromPath,
  withoutTitleHeading,
  type ChapterText,
} from './folder/chapters.ts'
import { deadlineOf, parseWeek, parseYear, type WeekReading } from './folder/civil-time.ts'
import { normaliseDocumentNumber, parseDocumentName } from './folder/document-name.ts'
import { readDocumentIndex, type DocumentIndex } from './folder/document-index.ts'
import { withAttachments } from './folder/attachments.ts'
import { groupBy, problemsWhenEmpty, readAll, refuse, timeField, titleOf, warn } from './folder/read-all.ts'
import { plainPath, type FolderFile, type SourceFile } from './folder/source-file.ts'
import type { FrontMatterKey } from './markdown.ts'
import type { FolderProblem } from './problems.ts'

export type { FolderFile, SourceFile } from './folder/source-file.ts'

export interface FolderReading<Item> {
  items: Item[]
  problems: FolderProblem[]
}

export interface LessonItem {
  source: SourceFile
  title: string
  /** 'YYYY-Www', ISO week. */
  week: string
  column: string
  /** Clean Markdown without the title. */
  markdown: string
  /** UTC milliseconds; null when not given. */
  publishedAt: number | null
  /** As written; null when not given. */
  audience: string | null
  author: string | null
}

export interface BookItem {
  title: string
  edition: string | null
  author: string | null
  summary: string | null
  chapters: (ChapterText & { source: SourceFile })[]
  sources: SourceFile[]
}

export interface DocumentItem {
  source: SourceFile
  /** 附件, in natural order of their names. */
  attachments: SourceFile[]
  title: string
  documentNumber: string | null
  issuer: string | null
  /** 'YYYY-MM-DD'; null when not given. */
  issuedOn: string | null
  /** UTC milliseconds, end of the day in China when only a date is given; null when not given. */
  deadline: number | null
}

/**
 * Lessons from .md and .docx. Week and column come from the front matter, else from the folders
 * (`2026-W47/廉政提醒/标题.md`, `2026/第47周/…`); `year` helps where only 第47周 is written.
 */
export async function readLessonFolder(
  files: readonly FolderFile[],
  options: { year?: number } = {},
): Promise<FolderReading<LessonItem>> {
  const { sources, problems } = await readAll(files, ['md', 'docx'])
  const items = sources.flatMap((source) => lessonOf(source, options.year ?? null, problems))
  const first = new Map<string, LessonItem>()
  for (const item of items) {
    const key = `${item.week} ${item.column} ${item.title}`
    const other = first.get(key)
    if (other === undefined) first.set(key, item)
    else
      refuse(
        problems,
        item.source.path,
        `与“${other.source.path}”是同一周、同一栏目、同一标题。请删去一份，或改标题。`,
      )
  }
  return { items, problems: problemsWhenEmpty(files, problems, '.md、.docx') }
}

function lessonOf(source: SourceFile, year: number | null, problems: FolderProblem[]): LessonItem[] {
  const folders = source.path.split('/').slice(0, -1)
  const folderYear = folders.map(parseYear).findLast((found) => found !== null) ?? year
  const folderWeek =
    folders.map((name) => parseWeek(name, folderYear)).findLast((found) => found !== null) ?? null
  const given = source.fields.week
  const week = given === undefined ? folderWeek : parseWeek(given.value, folderYear)
  const column =
    source.fields.column?.value ??
    folders.findLast((name) => parseYear(name) === null && parseWeek(name, folderYear) === null)
  const publishedAt = timeField(source, 'publishedAt', problems)
  if (week?.type !== 'week') refuse(problems, source.path, weekAdvice(week, given !== undefined), given?.line)
  if (column === undefined) {
    refuse(
      problems,
      source.path,
      '没有栏目。请放进以栏目命名的文件夹（如“廉政提醒”），或在文件开头写“栏目: 廉政提醒”。',
    )
  }
  if (week?.type !== 'week' || column === undefined) return []
  const title = titleOf(source)
  const markdown = withoutTitleHeading(source.markdown ?? '', title)
  const { audience, author } = source.fields
  const texts = { audience: audience?.value ?? null, author: author?.value ?? null }
  return [
    { source, title, week: week.week, column, markdown, publishedAt: publishedAt?.at ?? null, ...texts },
  ]
}

function weekAdvice(week: WeekReading, isGiven: boolean): string {
  if (week?.type === 'no-year')
    return `写了第 ${week.number} 周，但没有年份。请把文件夹命名为“2026-W47”这样的形式，或在文件开头写“周次: 2026-W47”。`
  if (week?.type === 'no-such-week')
    return '写的周次在这一年不存在。请改为 1 至 52（或 53）周，如“2026-W47”。'
  if (isGiven) return '认不出“周次”。请写成“2026-W47”或“2026年第47周”。'
  return '没有周次。请放进以周次命名的文件夹（如“2026-W47”），或在文件开头写“周次: 2026-W47”。'
}

/**
 * Books from .md and .docx: each sub folder is a book (title = its name, chapters = its files in natural order,
 * `book.md` tells title, edition, author and summary); each file beside them is a book split at its headings.
 */
export async function readBookFolder(files: readonly FolderFile[]): Promise<FolderReading<BookItem>> {
  const { sources, problems } = await readAll(files, ['md', 'docx'])
  const groups = groupBy(sources, ({ path }) =>
    path.includes('/') ? (path.split('/')[0] ?? '') : `/${path}`,
  )
  const items: BookItem[] = []
  for (const [name, group] of groups) {
    const about = group.find(
      ({ path }) => /(^|\/)(book|书籍|本书)\.md$/i.test(path) && path.split('/').length === 2,
    )
    const parts = group
      .filter((source) => source !== about)
      .toSorted((a, b) => compareNaturally(a.path, b.path))
    const item = bookOf(name.startsWith('/') ? null : name, about ?? null, parts)
    if (item.chapters.some(({ markdown }) => markdown.trim() !== '')) items.push(item)
    else
      refuse(
        problems,
        group[0]?.path ?? name,
        `《${item.title}》里没有章节文字。请补上章节文件，或删去这本书。`,
      )
  }
  for (const [title, same] of groupBy(items, (item) => item.title)) {
    const [one, two] = same
    if (two !== undefined)
      refuse(
        problems,
        two.sources[0]?.path ?? title,
        `与“${one?.sources[0]?.path ?? ''}”同是《${title}》。请删去一本，或改书名。`,
      )
  }
  return { items, problems: problemsWhenEmpty(files, problems, '.md、.docx') }
}

function bookOf(folder: string | null, about: SourceFile | null, parts: readonly SourceFile[]): BookItem {
  const single = parts.length === 1 ? parts[0] : parts.length === 0 ? (about ?? undefined) : undefined
  const split = single === undefined ? null : splitIntoChapters(single.markdown ?? '', titleOf(single))
  const facts = about ?? (single?.kind === 'md' ? single : null)
  const fields = facts?.fields ?? {}
  const fileTitle = single === undefined ? null : titleFromPath(single.path)
  const title = fields.title?.value ?? folder ?? split?.title ?? fileTitle ?? ''
  const chapters =
    split !== null && single !== undefined
      ? split.chapters.map((chapter) => ({ ...chapter, source: single }))
      : parts.map((source) => chapterOf(source))
  const aboutText =
    about !== null && single !== about ? withoutTitleHeading(about.markdown ?? '', title).trim() : ''
  if (about !== null && aboutText !== '')
    chapters.unshift({ title: '前言', markdown: `${aboutText}\n`, source: about })
  const { edition, author, summary } = fields
  const texts = {
    edition: edition?.value ?? null,
    author: author?.value ?? null,
    summary: summary?.value ?? null,
  }
  return { title, ...texts, chapters, sources: about === null ? [...parts] : [about, ...parts] }
}

function chapterOf(source: SourceFile): ChapterText & { source: SourceFile } {
  const title = titleOf(source)
  return { title, markdown: withoutTitleHeading(source.markdown ?? '', title), source }
}

/**
 * Documents from .pdf, .ofd, .docx, .md and pictures. What lies in a folder named after a document with 附件 at the end belongs to
 * that document (`甲〔2026〕31号 通知.pdf` and `甲〔2026〕31号 通知附件/名单.pdf`). Title and 发文字号 come from the front matter, else from an `index.csv`
 * (columns 文件, 标题, 发文字号, 发文单位, 成文日期, 截止), else from the name of the file.
 */
export async function readDocumentFolder(files: readonly FolderFile[]): Promise<FolderReading<DocumentItem>> {
  const index = await readDocumentIndex(files)
  const rest = files.filter(({ path }) => plainPath(path) !== index.path)
  const { sources, problems } = await readAll(rest, ['pdf', 'ofd', 'docx', 'md', 'png', 'jpeg'])
  const { mains, attachmentsOf } = withAttachments(sources, problems)
  const items = mains.map((source) => ({
    ...documentOf(source, index, problems),
    attachments: attachmentsOf(source),
  }))
  for (const [number, same] of groupBy(items, (item) => item.documentNumber)) {
    const [one, two] = same
    if (number === null || two === undefined) continue
    refuse(
      problems,
      two.source.path,
      `与“${one?.source.path ?? ''}”的发文字号都是“${number}”。请核对，一个字号只能有一份文件。`,
    )
  }
  for (const [, same] of groupBy(items, (item) => item.source.sha256)) {
    const [one, two] = same
    if (two !== undefined)
      warn(problems, two.source.path, `与“${one?.source.path ?? ''}”内容完全相同。请确认是否重复。`)
  }
  return {
    items,
    problems: [...index.problems, ...problemsWhenEmpty(rest, problems, '.pdf、.ofd、.docx、.md、.png、.jpg')],
  }
}

function documentOf(
  source: SourceFile,
  index: DocumentIndex,
  problems: FolderProblem[],
): Omit<DocumentItem, 'attachments'> {
  const named = parseDocumentName(source.path)
  const row = index.rows.get(source.path) ?? {}
  const withIndex: SourceFile = { ...source, fields: { ...row, ...source.fields } }
  const text = (key: FrontMatterKey) => withIndex.fields[key]?.value ?? null
  const number = text('documentNumber')
  const documentNumber = number === null ? named.documentNumber : normaliseDocumentNumber(number)
  if (documentNumber === null)
    warn(
      problems,
      source.path,
      '没有发文字号。如有，请写在文件名开头（如“办公室〔2026〕31号 关于….pdf”）或 index.csv 里。',
    )
  const issued = timeField(withIndex, 'publishedAt', problems)
  const deadline = timeField(withIndex, 'deadline', problems)
  return {
    source,
    title:
      text('title') ??
      named.title ??
      source.propertyTitle ??
      source.firstHeading ??
      titleFromPath(source.path),
    documentNumber,
    issuer: text('issuer'),
    issuedOn: issued?.date ?? null,
    deadline: deadline === null ? null : deadlineOf(deadline),
  }
}
