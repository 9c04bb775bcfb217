/** Fields of page numbers: the file has the number that Word saw last, the same on each page; the layout has its own. */
import { allNamed, attributeNamed, childOf, childrenOf, isNamed, textIn } from '../package/xml.ts'

/** Of the private use area, and taken out of what the file says itself. */
export const PAGE_HERE = '\uE001'
export const PAGES_IN_ALL = '\uE002'
export const MARKS = /[\uE001\uE002]/g

function markOf(instruction: string): string | undefined {
  const [name] = instruction.trim().toUpperCase().split(/\s+/)
  if (name === 'PAGE') return PAGE_HERE
  return name === 'NUMPAGES' || name === 'SECTIONPAGES' ? PAGES_IN_ALL : undefined
}

function runWith(mark: string, like: Element): Element {
  const run = like.cloneNode(false) as Element
  const look = childOf(like, 'rPr')
  if (look !== undefined) run.append(look.cloneNode(true))
  const name = like.prefix ? `${like.prefix}:t` : 't'
  const text = like.ownerDocument.createElementNS(like.namespaceURI, name)
  text.textContent = mark
  run.append(text)
  return run
}

/** Where a field ends, its mark stands; what the file kept as its result goes. */
export function markPageNumbers(part: Element): void {
  for (const field of allNamed(part, 'fldSimple')) {
    const mark = markOf(attributeNamed(field, 'instr') ?? '')
    const [first, ...rest] = mark === undefined ? [] : allNamed(field, 't')
    if (first !== undefined) first.textContent = mark!
    for (const text of rest) text.remove()
  }
  let instruction = ''
  let isResult = false
  for (const run of allNamed(part, 'r')) {
    for (const child of childrenOf(run)) {
      const mark = markOf(instruction)
      if (isNamed(child, 'instrText')) instruction += textIn(child)
      if (isNamed(child, 't') && isResult && mark !== undefined) child.remove()
      if (!isNamed(child, 'fldChar')) continue
      const kind = attributeNamed(child, 'fldCharType')
      isResult = kind === 'separate'
      if (kind === 'begin') instruction = ''
      if (kind === 'end' && mark !== undefined) run.after(runWith(mark, run))
      if (kind === 'end') instruction = ''
    }
  }
}

/** @param pages in their order */
export function writePageNumbers(pages: readonly Element[]): void {
  pages.forEach((page, at) => {
    const walker = page.ownerDocument.createTreeWalker(page, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      if (node.nodeValue?.match(MARKS))
        node.nodeValue = node.nodeValue
          .replaceAll(PAGE_HERE, String(at + 1))
          .replaceAll(PAGES_IN_ALL, String(pages.length))
  })
}
