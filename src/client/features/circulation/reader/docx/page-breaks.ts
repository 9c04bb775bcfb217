/**
 * Pages begin where the writer broke them and where Word last did. What Word noted inside a paragraph counts for the next one:
 * a paragraph cut in two would be numbered twice.
 */
import { allNamed, attributeNamed, childOf, childrenOf, isNamed, textIn } from '../package/xml.ts'

const isPageBreak = (br: Element): boolean => [...br.attributes].some(({ value }) => value === 'page')
const breaksAfter = (paragraph: Element | null): boolean =>
  paragraph !== null && isNamed(paragraph, 'p') && allNamed(paragraph, 'br').some(isPageBreak)

function make(beside: Element, name: string): Element {
  return beside.ownerDocument.createElementNS(
    beside.namespaceURI,
    beside.prefix ? `${beside.prefix}:${name}` : name,
  )
}

function beginPageAt(paragraph: Element | null): void {
  if (paragraph === null || !isNamed(paragraph, 'p')) return
  if (breaksAfter(paragraph.previousElementSibling) || breaksAfter(paragraph)) return
  let properties = childOf(paragraph, 'pPr')
  if (properties === undefined) paragraph.prepend((properties = make(paragraph, 'pPr')))
  if (childOf(properties, 'pageBreakBefore') === undefined)
    properties.append(make(paragraph, 'pageBreakBefore'))
}

/** For what begins with a table, which knows no break before itself. */
function endPageWith(paragraph: Element): void {
  if (!isNamed(paragraph, 'p') || breaksAfter(paragraph)) return
  const [run, br] = [make(paragraph, 'r'), make(paragraph, 'br')]
  br.setAttribute(paragraph.prefix ? `${paragraph.prefix}:type` : 'type', 'page')
  run.append(br)
  paragraph.append(run)
}

/** Whether it stands before the first word of its paragraph. */
function isAtStart(mark: Element, paragraph: Element): boolean {
  const first = allNamed(paragraph, 't').find((text) => textIn(text) !== '')
  return first === undefined || (mark.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
}

export function breakPages(body: Element): void {
  for (const paragraph of childrenOf(body, 'p')) {
    const [mark] = allNamed(paragraph, 'lastRenderedPageBreak')
    if (mark !== undefined) beginPageAt(isAtStart(mark, paragraph) ? paragraph : paragraph.nextElementSibling)
  }
  for (const mark of allNamed(body, 'lastRenderedPageBreak')) mark.remove()
  const sections = allNamed(body, 'sectPr')
  sections.slice(1).forEach((section, at) => {
    const type = childOf(section, 'type')
    const isContinuous = type !== undefined && (attributeNamed(type, 'val') ?? '') === 'continuous'
    const paragraph = sections[at]!.parentElement?.parentElement
    if (isContinuous || paragraph == null || paragraph.nextElementSibling === null) return
    if (isNamed(paragraph.nextElementSibling, 'p')) beginPageAt(paragraph.nextElementSibling)
    else endPageWith(paragraph)
  })
}
