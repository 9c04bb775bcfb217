/**
 * Markdown from outside. Guarantee: the body that leaves here holds no raw HTML: parsed with HTML switched on it has
 * no HTML token. Front matter keys are recognised in Chinese and English; a field that is not known is reported,
 * never dropped silently.
 */
import MarkdownIt from 'markdown-it'

export type FrontMatterKey =
  | 'title'
  | 'column'
  | 'week'
  | 'publishedAt'
  | 'documentNumber'
  | 'issuer'
  | 'deadline'
  | 'audience'
  | 'edition'
  | 'author'
  | 'summary'
  | 'order'
  | 'secrecy'

const keyWords: Record<FrontMatterKey, readonly string[]> = {
  title: ['标题', '题目', '书名', '名称', 'title'],
  column: ['栏目', 'column', 'category'],
  week: ['周次', '周', 'week'],
  publishedAt: ['发布时间', '发布日期', '日期', '成文日期', 'publishedat', 'published', 'date'],
  documentNumber: ['发文字号', '文号', '发文号', 'documentnumber', 'number'],
  issuer: ['发文单位', '发文机关', '来文单位', '来源', 'issuer', 'source'],
  deadline: ['截止', '截止时间', '截止日期', '传阅截止', 'deadline', 'due'],
  audience: ['范围', '发送范围', '传阅范围', '阅读范围', 'audience'],
  edition: ['版次', '版本', 'edition'],
  author: ['作者', '编者', '编写', 'author'],
  summary: ['摘要', '简介', 'summary', 'description'],
  order: ['排序', '顺序', 'order'],
  secrecy: ['密级', 'secrecy', 'classification'],
}
const keyByWord = new Map(
  (Object.keys(keyWords) as FrontMatterKey[]).flatMap((key) =>
    keyWords[key].map((word) => [word, key] as const),
  ),
)

/** The field that a word of the front matter, or a heading of an index table, stands for; null when unknown. */
export function frontMatterKeyOf(word: string): FrontMatterKey | null {
  return keyByWord.get(word.toLowerCase().replace(/[\s_-]/g, '')) ?? null
}

export interface FrontMatterField {
  value: string
  /** Line in the file, from 1. */
  line: number
}

export interface MarkdownFile {
  fields: Partial<Record<FrontMatterKey, FrontMatterField>>
  /** Lines of the front matter that were not understood: an unknown key, a key given twice, or no colon. */
  notUnderstood: { line: number; text: string }[]
  /** The body without front matter, LF line ends, no raw HTML. */
  body: string
  /** Text of the first heading in the body; null without one. */
  firstHeading: string | null
  /** How many HTML tags or comments were taken out or escaped. */
  htmlRemoved: number
}

/** Line ends to LF, no BOM, no trailing blanks at the end, exactly one line feed at the end ('' stays ''). */
export function normaliseMarkdown(text: string): string {
  const plain = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\0/g, '')
  return plain.trim() === '' ? '' : `${plain.trimEnd()}\n`
}

/** Decoded text of a .md file to fields and a clean body. Never fails: what is not front matter is body. */
export function readMarkdown(text: string): MarkdownFile {
  const { fields, notUnderstood, body } = splitFrontMatter(normaliseMarkdown(text))
  const clean = removeHtml(body)
  return {
    fields,
    notUnderstood,
    body: clean.markdown,
    firstHeading: headingsOf(clean.markdown)[0]?.text ?? null,
    htmlRemoved: clean.removed,
  }
}

export interface Heading {
  level: number
  text: string
  /** Line of the heading, from 0, and the line after it: a setext heading takes two. */
  startLine: number
  endLine: number
}

/** Top-level headings of a Markdown body in order; a `#` inside a code block is not one. */
export function headingsOf(markdown: string): Heading[] {
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {})
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open' || token.map === null || token.level > 0) return []
    const inline = tokens[index + 1]?.children ?? []
    const text = inline.map((part) => (part.type === 'image' ? '' : part.content)).join('')
    const [startLine, endLine] = token.map
    return [{ level: Number(token.tag.slice(1)), text: text.replace(/\s+/g, ' ').trim(), startLine, endLine }]
  })
}

function splitFrontMatter(text: string): Pick<MarkdownFile, 'fields' | 'notUnderstood' | 'body'> {
  const lines = text.split('\n')
  const closing = lines.findIndex((line, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(line))
  const given = lines.slice(1, closing)
  const isFrontMatter =
    /^---\s*$/.test(lines[0] ?? '') && closing > 0 && given.some((line) => /^[^\s:：#]+\s*[:：]/.test(line))
  if (!isFrontMatter) return { fields: {}, notUnderstood: [], body: text }
  const fields: MarkdownFile['fields'] = {}
  const notUnderstood: MarkdownFile['notUnderstood'] = []
  for (const [index, line] of given.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, word, value] = /^\s*([^:：]+?)\s*[:：]\s*(.*?)\s*$/.exec(line) ?? []
    const key = word === undefined ? null : frontMatterKeyOf(word)
    if (key === null || fields[key] !== undefined) notUnderstood.push({ line: index + 2, text: line.trim() })
    else if (value) fields[key] = { value: value.replace(/^(["'“])(.*)["'”]$/, '$2'), line: index + 2 }
  }
  const body = lines
    .slice(closing + 1)
    .join('\n')
    .replace(/^\n+/, '')
  return { fields, notUnderstood, body }
}

const tagStart = /<(?=[a-z/!?])/gi
const active = 'script|style|iframe|object|embed|svg|math|template|noscript|textarea|title|form'
const known =
  'a|abbr|b|big|blockquote|br|button|center|code|col|colgroup|dd|del|details|div|dl|dt|em|figure|figcaption|font|h[1-6]|hr|i|img|input|ins|kbd|label|li|link|mark|meta|ol|p|pre|q|s|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video|audio|source'

/**
 * Takes raw HTML out of Markdown: comments and active elements with their content, known tags leaving their text;
 * anything else that looks like a tag is escaped. Code blocks stay as they are. `removed` counts the places.
 */
export function removeHtml(markdown: string): { markdown: string; removed: number } {
  const code = codeLines(markdown)
  let removed = 0
  const cleaned = segments(markdown, code).map(({ text, isCode }) => {
    if (isCode) return text
    const result = cleanSegment(text)
    removed += result.removed
    return result.text
  })
  const joined = cleaned.join('\n')
  if (!hasHtml(joined)) return { markdown: joined, removed }
  // Taking a tag out moved the block structure, so that something else now counts as HTML: escape without exception.
  return { markdown: joined.replace(tagStart, '&lt;'), removed: removed + 1 }
}

function cleanSegment(text: string): { text: string; removed: number } {
  let removed = 0
  const count = (replacement: string) => () => {
    removed += 1
    return replacement
  }
  const cleaned = text
    .replace(/<((?:https?|mailto):[^\s<>]+)>/gi, '$1')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, count(''))
    .replace(new RegExp(`<(${active})\\b[^>]*>[\\s\\S]*?</\\1\\s*>`, 'gi'), count(''))
    .replace(/<br\s*\/?>/gi, count(' '))
    .replace(new RegExp(`</?(?:${known})(?:\\s[^<>]*)?/?>`, 'gi'), count(''))
    .replace(tagStart, count('&lt;'))
  return { text: cleaned, removed }
}

/** The lines (from 0) that a Markdown parser takes as code blocks. */
function codeLines(markdown: string): Set<number> {
  const lines = new Set<number>()
  for (const token of new MarkdownIt({ html: true }).parse(markdown, {})) {
    if ((token.type !== 'fence' && token.type !== 'code_block') || token.map === null) continue
    for (let line = token.map[0]; line < token.map[1]; line += 1) lines.add(line)
  }
  return lines
}

function segments(markdown: string, code: ReadonlySet<number>): { text: string; isCode: boolean }[] {
  const parts: { lines: string[]; isCode: boolean }[] = []
  for (const [index, line] of markdown.split('\n').entries()) {
    const isCode = code.has(index)
    const last = parts.at(-1)
    if (last !== undefined && last.isCode === isCode) last.lines.push(line)
    else parts.push({ lines: [line], isCode })
  }
  return parts.map(({ lines, isCode }) => ({ text: lines.join('\n'), isCode }))
}

function hasHtml(markdown: string): boolean {
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {})
  return tokens.some(
    (token) =>
      token.type === 'html_block' || (token.children ?? []).some((child) => child.type === 'html_inline'),
  )
}
