/**
 * Markdown to HTML that may be shown.
 *
 * Guaranteed, to whoever reads: raw HTML in the text is shown as the characters that it is, no script, style, form, frame or
 * event handler leaves here, a link leads to http, https, mailto, tel or a place in the page, and no picture is fetched
 * from anywhere: a picture is a file of the phone, named `blob:<sha256>`, and leaves as `data-sha256`; its Markdown title
 * stands under it as the caption.
 * Each top-level block carries its number from 0 as `data-block`, for reading positions.
 * The highest headings of a text are h2, whatever it calls them: the page has its own h1.
 *
 * Heavy: load it through load-markdown.ts.
 */
import DOMPurify from 'dompurify'
import MarkdownParser, { type MarkdownIt } from 'markdown-it'
import { keepFigures, softBreak, withChineseEmphasis } from './chinese-markdown.ts'
import { NOTES_OPEN, withFootnotes } from './footnotes.ts'

export interface RenderedText {
  html: string
  /** How many top-level blocks there are. */
  blocks: number
}

const allowedTags =
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a sup section br hr img small table thead tbody tr th td'.split(
    ' ',
  )
/** Values of these are no addresses; without the list the sanitizer would hold them against `allowedAddress`. */
const plainAttributes = ['id', 'start', 'rel', 'target', 'data-block', 'data-sha256']
const allowedAttributes = ['href', 'title', 'alt', ...plainAttributes]
const allowedAddress = /^(?:https?:|mailto:|tel:|#)/i
const pictureAddress = /^blob:([0-9a-f]{64})$/

const createParser = (): MarkdownIt => {
  const markdown = withFootnotes(
    withChineseEmphasis(new MarkdownParser({ html: false, linkify: false, typographer: false })),
  )
  markdown.renderer.rules['softbreak'] = softBreak
  markdown.renderer.rules['text'] = (tokens, index) =>
    markdown.utils.escapeHtml(keepFigures(tokens[index]?.content ?? ''))
  markdown.renderer.rules['image'] = (tokens, index) => {
    const token = tokens[index]
    const words = markdown.utils.escapeHtml(token?.content ?? '')
    const sha256 = pictureAddress.exec(String(token?.attrGet('src') ?? ''))?.[1]
    if (sha256 === undefined) return `〔图${words && `：${words}`}〕`
    const caption = markdown.utils.escapeHtml(String(token?.attrGet('title') ?? ''))
    return `<img data-sha256="${sha256}" alt="${words}">${caption && `<small>${caption}</small>`}`
  }
  markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
    const token = tokens[index]
    if (token && /^https?:/i.test(String(token.attrGet('href') ?? ''))) {
      token.attrSet('target', '_blank')
      token.attrSet('rel', 'noopener noreferrer')
    }
    return self.renderToken(tokens, index, options)
  }
  return markdown
}

const parser = createParser()

const levelOf = (tag: string): number => Number(/^h([1-6])$/.exec(tag)?.[1] ?? Number.NaN)

/** Parses and numbers the top-level blocks, and puts the headings under the page's. */
const parse = (text: string) => {
  const tokens = parser.parse(text, {})
  const highest = Math.min(...tokens.map(({ tag }) => levelOf(tag)).filter((level) => level > 0))
  for (const token of tokens)
    if (levelOf(token.tag) > 0) token.tag = `h${Math.min(6, levelOf(token.tag) - highest + 2)}`
  let blocks = 0
  for (const token of tokens) {
    if (token.type === NOTES_OPEN) break
    if (token.level !== 0 || token.nesting < 0 || token.type === 'inline') continue
    token.attrSet('data-block', String(blocks))
    blocks += 1
  }
  return { tokens, blocks }
}

/** How many blocks `renderMarkdown` would number. */
export const countBlocks = (text: string): number => parse(text).blocks

export const renderMarkdown = (text: string): RenderedText => {
  const { tokens, blocks } = parse(text)
  const html = DOMPurify.sanitize(parser.renderer.render(tokens, parser.options, {}), {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: allowedAttributes,
    ALLOWED_URI_REGEXP: allowedAddress,
    ADD_URI_SAFE_ATTR: plainAttributes,
    ALLOW_DATA_ATTR: false,
  })
  return { html, blocks }
}
