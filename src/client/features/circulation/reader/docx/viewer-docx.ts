/**
 * The layout of a cleaned Word file, by docx-preview. Large; load it on use. Named viewer-…: chunks of that name are kept out of the
 * precache.
 *
 * Guaranteed: what is drawn is made in a document that loads nothing, of the elements and attributes that are named here, and goes
 * through the sanitizer; its styles ask for nothing.
 */
import { parseAsync, renderDocument } from 'docx-preview'
import DOMPurify from 'dompurify'
import type { CleanDocx } from './clean-docx.ts'
import { writePageNumbers } from './page-numbers.ts'
import { damagedDocx } from './unreadable-docx.ts'

const TAGS =
  'div span p section article header footer table colgroup col tr td ol li sup sub br wbr img'.split(' ')
const MATH =
  'math mrow mfrac mtd mtr mtable munder mover munderover msup msub msubsup mn ms mo msqrt mroot'.split(' ')
const ATTRIBUTES = ['class', 'style', 'lang', 'colspan', 'rowspan', 'data-picture']
const MATH_ML = 'http://www.w3.org/1998/Math/MathML'
/** Whatever fetches, and whatever holds other rules. */
const ASKS = /[@<]|(?:url|image|image-set|cross-fade|src|element)\s*\(|\\(?!9|a0)/i

interface Part {
  ns?: string
  tagName: string
  className?: string
  style?: Record<string, string> | string
  children?: (Part | Node | string)[]
  lang?: string
  colSpan?: number
}

export interface Layout {
  css: string
  /** Pages, side under side; pictures carry their number and nothing else. */
  pages: DocumentFragment
  unshown: number
}

/** Elements as the library asks for them; one that is not named becomes a plain one, and its addresses are left out. */
function maker(inert: Document): (part: Part | Node | string) => Node {
  const make = (part: Part | Node | string): Node => {
    if (typeof part === 'string') return inert.createTextNode(part)
    if (part instanceof Node) return part
    const { tagName, children = [] } = part
    if (tagName === '#comment') return inert.createComment('')
    const isMath = part.ns === MATH_ML && MATH.includes(tagName)
    const name = TAGS.includes(tagName) || tagName === 'style' ? tagName : 'span'
    const element = isMath ? inert.createElementNS(MATH_ML, tagName) : inert.createElement(name)
    if (part.className) element.setAttribute('class', part.className)
    if (part.lang) element.setAttribute('lang', part.lang)
    if (part.colSpan) element.setAttribute('colspan', String(Math.min(63, part.colSpan)))
    if (typeof part.style === 'object' && 'style' in element)
      Object.assign(element.style as object, part.style)
    for (const child of children ?? []) if (child != null) element.append(make(child))
    return element
  }
  return make
}

/** Of a picture that is not there the library says so in an address, too. */
function numberOf(address: string): string {
  const [, bytes = ''] = address.split(';base64,')
  try {
    return atob(bytes)
  } catch {
    return ''
  }
}

/** @throws UnreadableDocx */
export async function layOut({ zip, pictures, unshown }: CleanDocx): Promise<Layout> {
  const inert = document.implementation.createHTMLDocument('')
  let nodes: Node[]
  try {
    const options = {
      h: maker(inert) as never,
      ignoreFonts: true,
      ignoreLastRenderedPageBreak: false,
      renderAltChunks: false,
      renderComments: false,
      useBase64URL: true,
    }
    nodes = await renderDocument(await parseAsync(zip, options), options)
  } catch (error) {
    throw damagedDocx(error)
  }
  const styles = nodes.filter((node) => node.nodeName === 'STYLE').map((node) => node.textContent ?? '')
  const whole = inert.createElement('div')
  whole.append(...nodes.filter((node) => node.nodeType === Node.ELEMENT_NODE && node.nodeName !== 'STYLE'))
  for (const image of whole.querySelectorAll('img')) {
    const number = numberOf(image.getAttribute('src') ?? '')
    image.removeAttribute('src')
    if (/^\d+$/.test(number) && pictures[Number(number)] !== undefined) image.dataset['picture'] = number
  }
  writePageNumbers([...whole.querySelectorAll('section')])
  const pages = DOMPurify.sanitize(whole, {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: [...TAGS, ...MATH],
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  })
  for (const element of pages.querySelectorAll('[style]'))
    if (ASKS.test(element.getAttribute('style') ?? '')) element.removeAttribute('style')
  return { css: styles.filter((css) => !ASKS.test(css)).join('\n'), pages, unshown }
}
