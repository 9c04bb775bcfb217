/**
 * Only non-classified (非密) documents may enter. Guarantee: a file whose name or text bears a classification mark is
 * refused before anything is stored. Marks are told from plain words by how they stand, not by the characters alone:
 * a mark stands alone in its line, carries a star or a term, or follows 密级; 保守秘密 in a sentence is a plain word.
 * Form of the marks: 保守国家秘密法实施条例 and GB/T 9704 (密级 ★ 保密期限, top left of the first page).
 */

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
  new RegExp(`(?<=^.{1,40}\\s)${grade}\\s*[级件]?$`, 'gu'),
  // 【机密】 anywhere; （秘密） at the end of a title
  new RegExp(`【\\s*${grade}\\s*】`, 'gu'),
  new RegExp(`(?<=^.{1,60})[(\\[]\\s*${grade}\\s*[)\\]]$`, 'gu'),
]

const namePattern = /(绝[\s_.·-]*密|机[\s_.·-]*密|秘[\s_.·-]*密)/gu

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

/** Words that make the mark a plain word when they stand directly before it: 商业秘密, 保守国家秘密. */
const plainBefore: Record<string, RegExp> = {
  秘密: /(国家|商业|工作|技术|科技|军事|警务|审判|检察|个人|他人|知悉的?|党的?|党和国家的?|保守|保护|严守|泄露|泄漏|窃取|刺探|收买|侵犯|涉及|接触|属于|知道|公开的?|不是|没有|什么|一个|这个|成功的|幸福的)$/u,
  机密: /(国家|商业|军事|保守|泄露|泄漏|窃取|刺探)$/u,
}
/** With a space or a line end between them only these: “某某工作 秘密” may be a heading and its mark. */
const plainBeforeSpace = /(国家|商业|党的|党和国家的?|保守|严守|泄露|泄漏|窃取|刺探|侵犯)$/u
/** Letters after it that begin another word: 机密性, 手机密码, 拒绝密切…, 神秘密室. */
const plainAfter = /^(性|码|钥|切|集|度|封|闭|布|林|室|而不宣|武器|花园|战线)/u
/** 揭开奥秘 密切…, 手机 密码: a space between two words is not a spaced mark. */
const wordBeforeSpaced = /[奥神隐诡揭便手司飞计算随危契有动时投杜拒谢]$/u

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
      const at = match.index + match[0].indexOf(written)
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

function marksInName(line: string): Finding[] {
  const findings: Finding[] = []
  for (const match of line.matchAll(namePattern)) {
    const lead = line.slice(0, match.index)
    const spaced = match[0].length > 2
    if (isPlainWord(match[0], lead, line.slice(match.index + match[0].length))) continue
    if (spaced && wordBeforeSpaced.test(lead)) continue
    findings.push({ mark: compact(match[0]), level: 'refuse', at: match.index })
  }
  return findings
}

function isPlainWord(written: string, lead: string, rest: string): boolean {
  const spaced = compact(written).length < written.length
  if (plainAfter.test(rest.trimStart())) return true
  if (spaced) return false
  const isApart = /\s$/u.test(lead)
  return (isApart ? plainBeforeSpace : plainBefore[written])?.test(compact(lead)) ?? false
}

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
