/**
 * A part of a Word file with what the layout can show, and nothing else: what would be left out silently is unwrapped, text of boxes
 * stands after the paragraph that holds them, and what cannot be shown is taken out and counted.
 */
import { allNamed, childOf, isNamed } from '../ofd/inside/xml.ts'
import { MARKS, markPageNumbers } from './page-numbers.ts'
import { makeValuesSafe } from './safe-values.ts'

const WRAPPERS = new Set(
  'sdt sdtContent smartTag customXml ins moveTo hyperlink fldSimple dir bdo'.split(' '),
)
const NEVER = new Set('del moveFrom sdtPr sdtEndPr altChunk numPicBullet lvlPicBulletId'.split(' '))
const DRAWINGS = new Set(['AlternateContent', 'drawing', 'pict', 'object'])

const isInside = (element: Element, root: Element): boolean => root.contains(element)

function nearestParagraph(element: Element): Element | null {
  let at = element.parentElement
  while (at !== null && !isNamed(at, 'p')) at = at.parentElement
  return at
}

/** A picture stays. @returns whether something is not shown */
function takeOut(drawing: Element): boolean {
  const isPicture = isNamed(drawing, 'drawing') && allNamed(drawing, 'pic').length === 1
  const [box] = allNamed(drawing, 'txbxContent')
  if (isPicture && box === undefined) return false
  const paragraph = nearestParagraph(drawing)
  const texts = allNamed(drawing, 'txbxContent')
  // The same box is written twice, for new and for old programs.
  const first = childOf(drawing, 'Choice')
  const own = texts.filter(
    (text) => first === undefined || !texts.some((t) => first.contains(t)) || first.contains(text),
  )
  paragraph?.after(...own.flatMap((text) => [...text.children]))
  drawing.remove()
  return own.length === 0
}

/** @returns how many drawings are not shown */
export function makePlain(part: Element): number {
  for (const text of allNamed(part, 't')) {
    const words = text.textContent ?? ''
    if (words.match(MARKS)) text.textContent = words.replace(MARKS, '')
  }
  markPageNumbers(part)
  let unshown = 0
  for (const element of part.querySelectorAll('*')) {
    if (!isInside(element, part)) continue
    const { localName } = element
    if (NEVER.has(localName)) element.remove()
    else if (DRAWINGS.has(localName)) unshown += takeOut(element) ? 1 : 0
    else if (WRAPPERS.has(localName)) element.replaceWith(...element.childNodes)
  }
  makeValuesSafe(part)
  for (const element of part.getElementsByTagName('*')) makeValuesSafe(element)
  return unshown
}
