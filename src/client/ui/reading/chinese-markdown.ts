/**
 * What CommonMark gets wrong in Chinese, where words are not parted by blanks:
 * - a line that was broken in the source must not become a blank between two characters;
 * - `**“感谢”**的样子` is bold, although a quotation mark stands inside and a character follows at once;
 * - 缺席 1 人: a figure stays beside the word that it counts.
 */
import type { MarkdownIt, RendererRule } from 'markdown-it'

const chinese = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026]/u

export const isChinese = (character: string): boolean => chinese.test(character)

export const softBreak: RendererRule = (tokens, index) => {
  const before = tokens[index - 1]?.content.at(-1) ?? ''
  const after = tokens[index + 1]?.content.at(0) ?? ''
  return isChinese(before) || isChinese(after) ? '' : '\n'
}

const afterFigure = /(\d) (?=[人名个项分天日月年次件份页条元])/gu

export const keepFigures = (words: string): string => words.replace(afterFigure, '$1\u00a0')

/** Delimiters beside a Chinese character open before anything that is not a blank, and close after it. */
export const withChineseEmphasis = (markdown: MarkdownIt): MarkdownIt => {
  const Base = markdown.inline.State
  markdown.inline.State = class extends Base {
    override scanDelims(start: number, canSplitWord: boolean) {
      const scanned = super.scanDelims(start, canSplitWord)
      const before = this.src.charAt(start - 1)
      const after = this.src.charAt(start + scanned.length)
      if (!isChinese(before) && !isChinese(after)) return scanned
      return {
        ...scanned,
        can_open: after !== '' && !/\s/u.test(after),
        can_close: before !== '' && !/\s/u.test(before),
      }
    }
  }
  return markdown
}
