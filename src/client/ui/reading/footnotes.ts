/**
 * Footnotes: `正文[^1]` and `[^1]: 注文` in Markdown. A small figure leads to the note at the end of the text, and the note back to
 * its place. The notes are no part of what is counted for reading positions.
 */
import type { MarkdownIt } from 'markdown-it'
import footnotes from 'markdown-it-footnote'

/** A word joiner: the small figure never begins a line. */
const TIED = '\u2060'

/** The token that opens the notes; what follows it is no text of the page. */
export const NOTES_OPEN = 'footnote_block_open'

const numberOf = (meta: unknown): number => Number((meta as { id: number }).id) + 1
/** The second mention of a note, and so on. */
const mentionOf = (meta: unknown): string => {
  const { subId = 0 } = meta as { subId?: number }
  return subId > 0 ? `-${subId}` : ''
}

/** A note that is mentioned twice leads to two places. */
function backInWords(meta: unknown): string {
  const { subId = 0 } = meta as { subId?: number }
  return subId > 0 ? `回到正文第 ${subId + 1} 处` : '回到正文'
}

export function withFootnotes(markdown: MarkdownIt): MarkdownIt {
  markdown.use(footnotes)
  const { rules } = markdown.renderer
  rules['footnote_ref'] = (tokens, index) => {
    const { meta } = tokens[index]!
    const n = numberOf(meta)
    return `${TIED}<sup id="note-${n}${mentionOf(meta)}-from"><a href="#note-${n}" aria-label="注 ${n}">${n}</a></sup>`
  }
  rules[NOTES_OPEN] = () => '<section aria-label="注释"><ol>'
  rules['footnote_block_close'] = () => '</ol></section>'
  rules['footnote_open'] = (tokens, index) => `<li id="note-${numberOf(tokens[index]!.meta)}">`
  rules['footnote_close'] = () => '</li>'
  rules['footnote_anchor'] = (tokens, index) => {
    const { meta } = tokens[index]!
    return ` <a href="#note-${numberOf(meta)}${mentionOf(meta)}-from" aria-label="${backInWords(meta)}">↩\uFE0E</a>`
  }
  return markdown
}
