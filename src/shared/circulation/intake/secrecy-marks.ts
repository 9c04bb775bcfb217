/**
 * Only non-classified (非密) documents may enter. This is the rule for names: of a file, a title, a 发文字号. Desk and
 * import share it, so that nobody learns two rules.
 *
 * Guarantee: a name that bears 绝密, 机密 or 秘密 as a mark is told with level `refuse`; 内部资料 and its like with `warn`.
 * A name is judged strictly: any of the three words counts unless it is part of a plain word (保守秘密, 机密性, 手机密码).
 * Form of the marks: 保守国家秘密法实施条例 and GB/T 9704 (密级 ★ 保密期限).
 */
export interface NameMark {
  /** Without inner spaces: 绝密, 机密, 秘密, or the warning words. */
  mark: string
  level: 'refuse' | 'warn'
}

const GRADE = /(?:绝[\s_.·-]*密|机[\s_.·-]*密|秘[\s_.·-]*密)/gu
const STAR = /^[\s_.·-]*级?[\s_.·-]*[★☆⭐✩✭✮⋆✰*]/u
const WARNINGS =
  /内\s*部\s*(?:资\s*料|文\s*件|材\s*料|使\s*用)|不\s*予\s*公\s*开|注\s*意\s*保\s*(?:存|密)|不\s*得\s*外\s*传/u

/** Words that make the mark a plain word when they stand directly before it: 商业秘密. 绝密 is never one. */
const PLAIN_BEFORE: Readonly<Record<string, RegExp>> = {
  秘密: /(国家|商业|工作|技术|科技|军事|警务|审判|检察|企业|公司|个人|他人|单位|核心|重要|知悉的?|党的?|党和国家的?|保守|保护|严守|泄露|泄漏|窃取|刺探|收买|侵犯|涉及|接触|属于|知道|公开的?|不是|没有|什么|一个|这个|成功的|幸福的)$/u,
  机密: /(国家|商业|军事|保守|泄露|泄漏|窃取|刺探)$/u,
}
/** With a space between them only these: “某某工作 秘密” may be a title and its mark. */
const PLAIN_BEFORE_SPACE = /(国家|商业|党的|党和国家的?|保守|严守|泄露|泄漏|窃取|刺探|侵犯)$/u
/** Letters after it that begin another word: 机密性, 手机密码, 拒绝密切…, 神秘密室. */
const PLAIN_AFTER = /^(性|码|钥|切|集|度|封|闭|布|林|室|而不宣|武器|花园|战线)/u
/** 揭开奥秘 密切…, 手机 密码: a space between two words is not a spaced mark. */
const WORD_BEFORE_SPACED = /[奥神隐诡揭便手司飞计算随危契有动时投杜拒谢]$/u

const compact = (text: string): string => text.replace(/[\s_.·-]+/gu, '')

/** Full-width to half-width, without invisible characters, which hide a mark from a simple search. */
const plainName = (raw: string): string =>
  raw
    .normalize('NFKC')
    .replace(/[\p{Cf}\uFE0F]/gu, '')
    .trim()

/** @param before what stands before it, with its spaces */
export function isPlainWord(written: string, before: string, after: string): boolean {
  const grade = compact(written)
  if (PLAIN_AFTER.test(after.trimStart())) return true
  if (grade.length < written.length) return false
  const plain = /\s$/u.test(before) ? PLAIN_BEFORE_SPACE : PLAIN_BEFORE[grade]
  return plain?.test(compact(before)) ?? false
}

function isMark(written: string, before: string, after: string): boolean {
  if (STAR.test(after)) return true
  const isSpaced = compact(written).length < written.length
  return !isPlainWord(written, before, after) && !(isSpaced && WORD_BEFORE_SPACED.test(before))
}

/** The marks in a name that was made plain: half-width, without invisible characters. `at` counts from its beginning. */
export function* refusedMarksIn(name: string): Generator<{ mark: string; at: number }> {
  for (const match of name.matchAll(GRADE)) {
    const before = name.slice(0, match.index)
    const after = name.slice(match.index + match[0].length)
    if (isMark(match[0], before, after)) yield { mark: compact(match[0]), at: match.index }
  }
}

/** The gravest mark in a file name, title or 发文字号; null when there is none. */
export function secrecyMarkIn(nameOrTitle: string): NameMark | null {
  const name = plainName(nameOrTitle)
  for (const { mark } of refusedMarksIn(name)) return { mark, level: 'refuse' }
  const warning = WARNINGS.exec(name)
  return warning === null ? null : { mark: compact(warning[0]), level: 'warn' }
}
