/**
 * A part of a Word file with what the layout can show, and nothing else: what would be left out silently is unwrapped, text of boxes
 * stands after the paragraph that holds them, and what cannot be shown is taken out and counted.
 */
import { allNamed, attribute, attributeNamed, childOf, isNamed } from '../package/xml.ts'
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

const EMU_PER_POINT = 12_700
const POINTS: Record<string, number> = { pt: 1, px: 0.75, in: 72, cm: 28.35, mm: 2.835 }
/** Of a picture that does not say how large it is. */
const USUAL_POINTS = 160

/** As the layout reads pictures, of one that is written as programs did before 2007. undefined for what is none */
function newPictureOf(old: Element): Element | undefined {
  const [data] = allNamed(old, 'imagedata')
  const id = data === undefined ? undefined : attributeNamed(data, 'id')
  if (id === undefined || allNamed(old, 'txbxContent').length > 0) return undefined
  const style = attribute(data?.parentElement ?? undefined, 'style') ?? ''
  const emu = (side: string): string => {
    const [, figure, unit = ''] = new RegExp(`(?:^|;)\\s*${side}:\\s*([\\d.]+)(\\w+)`).exec(style) ?? []
    const points = Number(figure) * (POINTS[unit] ?? Number.NaN)
    return String(Math.round((Number.isFinite(points) ? points : USUAL_POINTS) * EMU_PER_POINT))
  }
  const make = (name: string, given: Record<string, string>, ...inside: Element[]): Element => {
    const element = old.ownerDocument.createElementNS(old.namespaceURI, name)
    for (const [key, value] of Object.entries(given)) element.setAttribute(key, value)
    element.append(...inside)
    return element
  }
  const picture = make('pic', {}, make('blipFill', {}, make('blip', { embed: id })), make('spPr', {}))
  const size = make('extent', { cx: emu('width'), cy: emu('height') })
  const graphic = make('graphic', {}, make('graphicData', {}, picture))
  return make('drawing', {}, make('inline', {}, size, graphic))
}

/** A picture stays. @returns whether something is not shown */
function takeOut(drawing: Element): boolean {
  const isPicture = isNamed(drawing, 'drawing') && allNamed(drawing, 'pic').length === 1
  const [box] = allNamed(drawing, 'txbxContent')
  if (isPicture && box === undefined) return false
  const picture = newPictureOf(drawing)
  if (picture !== undefined) {
    drawing.replaceWith(picture)
    return false
  }
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

/** @returns how many drawings and inserted documents are not shown */
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
    // A whole document that was put in: nothing of it is in the text either.
    if (localName === 'altChunk') unshown += 1
    if (NEVER.has(localName)) element.remove()
    else if (DRAWINGS.has(localName)) unshown += takeOut(element) ? 1 : 0
    else if (WRAPPERS.has(localName)) element.replaceWith(...element.childNodes)
  }
  // The layout asks each picture for it.
  for (const picture of allNamed(part, 'pic'))
    if (childOf(picture, 'spPr') === undefined)
      picture.append(picture.ownerDocument.createElementNS(picture.namespaceURI, 'spPr'))
  makeValuesSafe(part)
  for (const element of part.getElementsByTagName('*')) makeValuesSafe(element)
  return unshown
}
