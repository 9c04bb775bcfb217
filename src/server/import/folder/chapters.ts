/** How a pocket book falls into chapters: one file each in natural order, or one file split at its headings. */
import { headingsOf } from '../markdown.ts'
import { chineseNumber } from './civil-time.ts'

export interface ChapterText {
  title: string
  markdown: string
}

export interface SplitBook {
  /** The only level-1 heading above level-2 chapters is the title of the book; null otherwise. */
  title: string | null
  chapters: ChapterText[]
}

/**
 * Splits one text at its level-1 headings, or at level 2 when there is at most one level-1 heading. Text before the
 * first chapter becomes 前言. Without headings the whole text is one chapter named `fallbackTitle`.
 */
export function splitIntoChapters(markdown: string, fallbackTitle: string): SplitBook {
  const headings = headingsOf(markdown)
  const first = headings.filter(({ level }) => level === 1)
  const second = headings.filter(({ level }) => level === 2)
  const hasTitle = first.length === 1 && second.length > 0
  const cuts = first.length > 1 || second.length === 0 ? first : second
  const lines = markdown.split('\n')
  const text = (from: number, to: number) => lines.slice(from, to).join('\n').trim()
  const title = hasTitle ? (first[0]?.text ?? null) : null
  const chapters = cuts.map(({ text: name, endLine }, index) => ({
    title: name === '' ? `${fallbackTitle} ${index + 1}` : name,
    markdown: withEnd(text(endLine, cuts[index + 1]?.startLine ?? lines.length)),
  }))
  const titleHeading = hasTitle ? first[0] : undefined
  const before = lines.slice(0, cuts[0]?.startLine ?? lines.length)
  if (titleHeading !== undefined && titleHeading.endLine <= before.length) {
    before.fill('', titleHeading.startLine, titleHeading.endLine)
  }
  const preface = before.join('\n').trim()
  if (preface !== '')
    chapters.unshift({ title: cuts.length === 0 ? fallbackTitle : '前言', markdown: withEnd(preface) })
  return { title, chapters }
}

/** The text without its first heading when that heading opens the text and only repeats the title. */
export function withoutTitleHeading(markdown: string, title: string): string {
  const [heading] = headingsOf(markdown)
  const lines = markdown.split('\n')
  if (
    heading === undefined ||
    heading.text !== title ||
    lines.slice(0, heading.startLine).some((line) => line.trim() !== '')
  )
    return markdown
  return withEnd(lines.slice(heading.endLine).join('\n').trim())
}

const withEnd = (text: string) => (text === '' ? '' : `${text}\n`)

const collator = new Intl.Collator('zh-CN', { numeric: true })

/** 前言 first, then by number (2 before 10, 第二章 before 第十章), 附录 and 后记 last. */
export function compareNaturally(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareParts(left[index] ?? '', right[index] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareParts(a: string, b: string): number {
  return placeOf(a) - placeOf(b) || collator.compare(withDigits(a), withDigits(b))
}

function placeOf(name: string): number {
  if (/^(序|前言|卷首|导语|导读|引言|编者)/.test(name)) return -1
  return /^(附录|附则|附件|后记|结语|跋)/.test(name) ? 1 : 0
}

function withDigits(name: string): string {
  return name.replace(/[〇零一二三四五六七八九十百]+/g, (written) =>
    String(chineseNumber(written) ?? written),
  )
}

/** “03 第三章 纪律.md” → “第三章 纪律”: neither extension nor the number that only orders the files. */
export function titleFromPath(path: string): string {
  const name = (path.split('/').at(-1) ?? path).replace(/\.[^.]+$/, '')
  return name.replace(/^\d{1,4}(?:[\s._、-]+|(?=[^\d\s年月日号]))(?=\S)/, '').trim() || name
}
