/**
 * HTML as mammoth writes it, to Markdown without any HTML: what Markdown can't say is said in plain text. The text
 * of the document is escaped, so that a document that shows `<script>` stays a document that shows it.
 */
import TurndownService from 'turndown'

/** What the rules use of a DOM node; the endpoint is compiled without the browser's types. */
interface HtmlNode {
  nodeName: string
  textContent: string | null
  childNodes: ArrayLike<HtmlNode>
  parentNode: HtmlNode | null
  getAttribute?: (name: string) => string | null
}

const attribute = (node: HtmlNode, name: string) => node.getAttribute?.(name) ?? ''

/** A function from HTML to Markdown, ending with one line feed ('' for an empty document). */
export function createMarkdownWriter(): (html: string) => string {
  const service = new TurndownService({
    headingStyle: 'atx',
    bulletListMarker: '-',
    codeBlockStyle: 'fenced',
    emDelimiter: '*',
    br: '\\',
  })
  const escapeMarkdown = service.escape.bind(service)
  service.escape = (text) =>
    escapeMarkdown(text)
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replace(/</g, '&lt;')
  service.remove(['script', 'style', 'noscript', 'iframe', 'object'] as never)
  addInlineRules(service)
  addTableRule(service)
  return (html) => {
    const markdown = service
      .turndown(html)
      .replace(/<(?=[a-z/!?])/gi, '&lt;')
      .replace(/[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
    return markdown === '' ? '' : `${markdown}\n`
  }
}

function addInlineRules(service: TurndownService): void {
  // A title broken over two lines in the document is one heading.
  service.addRule('heading', {
    filter: (node) => /^H[1-6]$/.test((node as unknown as HtmlNode).nodeName),
    replacement: (content, node) => {
      const level = Number((node as unknown as HtmlNode).nodeName.slice(1))
      const text = content.replace(/\\?\n+/g, ' ').trim()
      return text === '' ? '' : `\n\n${'#'.repeat(level)} ${text}\n\n`
    },
  })
  service.addRule('strike', {
    filter: ['s', 'del'] as never,
    replacement: (content) => (content.trim() === '' ? '' : `~~${content}~~`),
  })
  service.addRule('checkbox', {
    filter: ['input'] as never,
    replacement: (_content, node) => (attribute(node as unknown as HtmlNode, 'checked') === '' ? '☐' : '☑'),
  })
  service.addRule('link', {
    filter: ['a'] as never,
    replacement: (content, node) => {
      const href = attribute(node as unknown as HtmlNode, 'href')
      if (href.startsWith('#')) return content.trim() === '↑' ? '' : content
      const target = safeHref(href)
      return target === null || content.trim() === '' ? content : `[${content}](${target})`
    },
  })
  service.addRule('image', {
    filter: ['img'] as never,
    replacement: (_content, node) => {
      const source = attribute(node as unknown as HtmlNode, 'src')
      const alt = attribute(node as unknown as HtmlNode, 'alt')
        .replace(/\s+/g, ' ')
        .trim()
      return /^blob:\d+$/.test(source) ? `![${service.escape(alt)}](${source})` : ''
    },
  })
}

/** Only links that lead to a page or a mailbox; brackets and angle brackets are encoded. */
function safeHref(href: string): string | null {
  if (!URL.canParse(href)) return null
  const url = new URL(href)
  if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) return null
  return url.href.replace(/[()<>\s]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function addTableRule(service: TurndownService): void {
  service.addRule('table', {
    filter: ['table'] as never,
    replacement: (_content, node) => `\n\n${tableToPipes(node as unknown as HtmlNode, service)}\n\n`,
  })
}

/** The first row is the heading row, as GFM demands. A merged cell keeps its text in the first place, the rest is blank. */
function tableToPipes(table: HtmlNode, service: TurndownService): string {
  const grid: string[][] = []
  for (const [rowIndex, row] of rowsOf(table).entries()) {
    grid[rowIndex] ??= []
    let column = 0
    for (const cell of cellsOf(row)) {
      while (grid[rowIndex]?.[column] !== undefined) column += 1
      const width = spanOf(cell, 'colspan')
      fill(grid, rowIndex, column, { height: spanOf(cell, 'rowspan'), width, text: cellText(cell, service) })
      column += width
    }
  }
  const width = Math.max(0, ...grid.map((row) => row.length))
  if (width === 0) return ''
  const lines = grid.map(
    (row) => `| ${Array.from({ length: width }, (_, index) => row[index] ?? '').join(' | ')} |`,
  )
  return [lines[0], `|${' --- |'.repeat(width)}`, ...lines.slice(1)].join('\n')
}

function fill(
  grid: string[][],
  row: number,
  column: number,
  cell: { height: number; width: number; text: string },
): void {
  for (let down = 0; down < cell.height; down += 1) {
    const target = (grid[row + down] ??= [])
    for (let right = 0; right < cell.width; right += 1)
      target[column + right] = down + right === 0 ? cell.text : ''
  }
}

function rowsOf(table: HtmlNode): HtmlNode[] {
  return Array.from(table.childNodes).flatMap((child) => {
    if (child.nodeName === 'TR') return [child]
    return ['THEAD', 'TBODY', 'TFOOT'].includes(child.nodeName) ? rowsOf(child) : []
  })
}

function cellsOf(row: HtmlNode): HtmlNode[] {
  return Array.from(row.childNodes).filter((child) => child.nodeName === 'TD' || child.nodeName === 'TH')
}

/** Spans are bounded: a document may claim any number. */
function spanOf(cell: HtmlNode, name: string): number {
  const span = Number.parseInt(attribute(cell, name), 10)
  return Number.isInteger(span) ? Math.min(100, Math.max(1, span)) : 1
}

/** Text of a cell in one line; images in cells keep their place, other formatting is given up. */
function cellText(cell: HtmlNode, service: TurndownService): string {
  const parts: string[] = []
  const visit = (node: HtmlNode) => {
    if (node.nodeName === '#text') parts.push(service.escape(node.textContent ?? ''))
    else if (node.nodeName === 'IMG' && /^blob:\d+$/.test(attribute(node, 'src')))
      parts.push(`![](${attribute(node, 'src')})`)
    else for (const child of Array.from(node.childNodes)) visit(child)
    if (['P', 'BR', 'LI', 'TD', 'TH', 'TR'].includes(node.nodeName)) parts.push(' ')
  }
  visit(cell)
  return parts.join('').replace(/\s+/g, ' ').trim().replace(/\|/g, '\\|')
}
