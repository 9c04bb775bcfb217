/**
 * Only non-classified (非密) documents may enter. Guarantee: a file whose name or text bears a classification mark is
 * refused before anything is stored. Marks are told from plain words by how they stand, not by the characters alone:
 * a mark stands alone in its line, carries a star or a term, or follows 密级; 保守秘密 in a sentence is a plain word.
 * Form of the marks: 保守国家秘密法实施条例 and GB/T 9704 (密级 ★ 保密期限, top left of the first page).
 */

import { isPlainWord, refusedMarksIn } from './secrecy-marks.ts'

export interface SecrecyMark {
  /** The mark without inner spaces: 绝密, 机密, 秘密, or the warning words. */
  mark: string
  level: 'refuse' | 'warn'
  /** The line where it was found, shortened to about 40 characters. */
  excerpt: string
  /** Line in the text, from 1. */
  line: number
}

const grade = '(绝\\s*密|机\\s*密|秘\\s*密)'
const term = '(?:\\d{1,3}|[一二三五十两]{1,3})\\s*(?:年|个月|月|天|日)|长期'
const urgency = '(?:特\\s*急|加\\s*急|平\\s*急|特\\s*提|急\\s*件)'
const open = '[(\\[{【〔《<"“]'
const close = '[)\\]}】〕》>"”]'

const textPatterns: readonly RegExp[] = [
  // 秘密★  机密★1年  机密☆长期
  new RegExp(`${grade}\\s*(?:级)?\\s*[★☆⭐✩✭✮⋆✰]`, 'gu'),
  // 秘密*1年
  new RegExp(`${grade}\\s*\\*\\s*(?:${term})`, 'gu'),
  // 密级:秘密   保密级别 机密   定密:绝密
  new RegExp(
    `(?:密\\s*级|密\\s*等|(?:保密|涉密|秘密)\\s*(?:级别|等级)|定\\s*密)\\s*[:|]?\\s*${open}?\\s*${grade}`,
    'gu',
  ),
  // alone in a line, with copy number, urgency or term around it
  new RegExp(
    `^\\s*(?:(?:no\\.?|№)?\\s*\\d{1,8}\\s*)?(?:${urgency}\\s*[·.|]?\\s*)?${open}?\\s*${grade}\\s*[级件]?\\s*\\*?\\s*(?:${term})?\\s*${close}?\\s*(?:[·.|]?\\s*${urgency})?\\s*$`,
    'gu',
  ),
  // 机密 关于…   at the start of a line, followed by a space or a term
  new RegExp(`^\\s*${open}?${grade}${close}?\\s*(?:${term})?(?=\\s)(?!\\s*密)`, 'gu'),
  // …文件 机密   the last word of a short line
  new RegExp(`^.{1,40}\\s${grade}\\s*[级件]?$`, 'dgu'),
  // 【机密】 anywhere; （秘密） at the end of a title
  new RegExp(`【\\s*${grade}\\s*】`, 'gu'),
  new RegExp(`^.{1,60}[(\\[]\\s*${grade}\\s*[)\\]]$`, 'dgu'),
]

const warnPatterns: readonly RegExp[] = [
  '内部资料',
  '内部文件',
  '内部材料',
  '内部使用',
  '不予公开',
  '注意保存',
  '注意保密',
  '不得外传',
].map((words) => new RegExp([...words].join('\\s*'), 'gu'))

/**
 * The secrecy marks in a text, or with `where: 'name'` in a file name or title. A name is refused for any of
 * 绝密/机密/秘密 that is not part of a plain word; a text only where the characters stand as a mark.
 * One finding for each mark and level, the first place of it; an empty list means that nothing was found.
 */
export function findSecrecyMarks(text: string, where: 'text' | 'name' = 'text'): SecrecyMark[] {
  const found = new Map<string, SecrecyMark>()
  let before = ''
  for (const [index, raw] of text.split(/\r\n|[\n\r\f\v\u2028\u2029]/u).entries()) {
    const line = plainLine(raw)
    if (line === '') continue
    const refusals = where === 'name' ? marksInName(line) : marksInLine(line, before)
    for (const finding of [...refusals, ...warningsIn(line)]) {
      const key = `${finding.level} ${finding.mark}`
      if (!found.has(key))
        found.set(key, { ...finding, excerpt: excerptOf(line, finding.at), line: index + 1 })
    }
    before = line
  }
  return [...found.values()].map(({ mark, level, excerpt, line }) => ({ mark, level, excerpt, line }))
}

interface Finding {
  mark: string
  level: 'refuse' | 'warn'
  at: number
}

/** Full-width to half-width, no invisible characters, no Markdown emphasis, escapes, heading or table signs. */
function plainLine(raw: string): string {
  return raw
    .normalize('NFKC')
    .replace(/[\p{Cf}\uFE0F]/gu, '')
    .replace(/&(?:nbsp|emsp|ensp|#160);/g, ' ')
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/\*\*|__|~~|`/g, '')
    .replace(/(^|\s)[*_](?=\S)(.*?\S)[*_](?=\s|$)/gu, '$1$2')
    .replace(/^\s*(?:#{1,6}\s|>\s?|[-+*]\s)+/u, '')
    .replace(/\|/g, ' ')
    .trim()
}

function marksInLine(line: string, before: string): Finding[] {
  const findings: Finding[] = []
  for (const pattern of textPatterns) {
    for (const match of line.matchAll(pattern)) {
      const written = match[1] ?? ''
      // Words before the mark may hold it too.
      const at = match.indices?.[1]?.[0] ?? match.index + match[0].indexOf(written)
      const starred = /[★☆⭐✩✭✮⋆✰]/u.test(match[0])
      const lead = line.slice(0, at).trim() === '' ? `${before} ` : line.slice(0, at)
      if (starred || !isPlainWord(written, lead, line.slice(at + written.length))) {
        findings.push({ mark: compact(written), level: 'refuse', at })
      }
    }
  }
  return isListOfGrades(line) ? findings.map((finding) => ({ ...finding, level: 'warn' })) : findings
}

/** 密级：绝密 □ 机密 □ 秘密 □ — a form or a rule that names all the grades; a person looks at it. */
function isListOfGrades(line: string): boolean {
  const grades = new Set([...line.matchAll(new RegExp(grade, 'gu'))].map((match) => compact(match[0])))
  return grades.size > 1 && !/[★☆]/u.test(line)
}

const marksInName = (line: string): Finding[] =>
  [...refusedMarksIn(line)].map((found) => ({ ...found, level: 'refuse' }))

function warningsIn(line: string): Finding[] {
  return warnPatterns.flatMap((pattern) =>
    [...line.matchAll(pattern)].map((match) => ({
      mark: compact(match[0]),
      level: 'warn' as const,
      at: match.index,
    })),
  )
}

const compact = (text: string) => text.replace(/[\s_.·-]+/gu, '')

function excerptOf(line: string, at: number): string {
  const start = Math.max(0, at - 15)
  const part = line.slice(start, start + 40)
  return `${start > 0 ? '…' : ''}${part}${start + 40 < line.length ? '…' : ''}`
}
