/**
 * A picture of 今日: a frame (bar, tabs) and a page in it.
 *
 * Guaranteed: nothing in it can be reached by key, found by id or followed by the browser; nothing of delivery, of the moment, or that
 * the app adds a little after its first screen, is in it. A page that was seen and the same one drawn ahead are the same text.
 */

/** What speaks of the moment, or comes after the first screen and is the app's rather than the day's. */
const NOT_OF_THE_DAY = '[role=status], [role=alert], [role=dialog], .skip, .card-of-app, .notice'
/** Whose words are of the moment, and whose place is needed. */
const DELIVERY = '[aria-label="送达状态"], .rail-line'
const PAGE = '.page-in'

function removeComments(from: Element): void {
  const walker = document.createTreeWalker(from, NodeFilter.SHOW_COMMENT)
  const comments: Node[] = []
  while (walker.nextNode() !== null) comments.push(walker.currentNode)
  for (const comment of comments) comment.parentNode!.removeChild(comment)
}

/** A copy of what stands, still. */
function stillOf(whole: Element): Element {
  const picture = whole.cloneNode(true) as Element
  const places = whole.querySelectorAll<HTMLElement>(DELIVERY)
  for (const [n, part] of picture.querySelectorAll<HTMLElement>(DELIVERY).entries()) {
    // In a picture it is empty already, and keeps the place that it had.
    if (part.childNodes.length > 0) part.style.height = `${places[n]!.offsetHeight}px`
    part.replaceChildren()
  }
  for (const part of picture.querySelectorAll(NOT_OF_THE_DAY)) part.remove()
  for (const part of picture.querySelectorAll('[id]')) part.removeAttribute('id')
  for (const part of picture.querySelectorAll('a, button, [tabindex]')) {
    const to = part.getAttribute('href')
    if (to !== null) part.setAttribute('data-to', to)
    part.removeAttribute('href')
    if (part.tagName === 'BUTTON') part.setAttribute('tabindex', '-1')
    else part.removeAttribute('tabindex')
  }
  removeComments(picture)
  return picture
}

export interface Parts {
  /** With an empty place for the page. */
  frame: Element
  /** HTML. */
  page: string
}

/** Of the whole app, or of a picture. Undefined where no page stands in a frame. */
export function partsOf(whole: Element): Parts | undefined {
  const frame = stillOf(whole)
  const place = frame.querySelector(PAGE)
  if (place === null || place.childNodes.length === 0) return undefined
  const page = place.innerHTML
  place.replaceChildren()
  return { frame, page }
}

/** The HTML of a page alone, as it stands in no frame. */
export const pageOf = (root: Element): string => stillOf(root).innerHTML

/** @returns the HTML of a page in this frame */
export function picturesOf(frame: Element): (page: string) => string {
  const whole = frame.cloneNode(true) as Element
  // The only comment there: a picture has none.
  whole.querySelector(PAGE)!.replaceChildren(document.createComment('page'))
  const [before, after] = whole.innerHTML.split('<!--page-->')
  return (page) => `${before}${page}${after}`
}
