/**
 * Where the focus goes when the control that has it leaves the page or is disabled by its own act: 提交 becomes 完成, 撤销 takes its
 * row away. The browser drops it on the body, and the keyboard begins at the top again.
 *
 * Guaranteed while it runs: it goes to what took the control's place, else to what stands nearest in the same part of the page,
 * else to the page's heading; into a field never, since that would open a phone's keyboard. Of a heading, such as that of bones, it
 * goes to the heading that comes. A page that goes as a whole is the router's business, a sheet that closes its own.
 */
import { focusPage, followHeading } from './page-focus.ts'

const PRESSED = 'a[href], button:not(:disabled)'
/** The parts that are looked through, from the inside out; in a larger one "nearest" would mean anywhere. */
const PARTS = 'li, article, section, fieldset, .foot, .card, .sheet'

const pressedIn = (root: Element): HTMLElement[] =>
  [...root.querySelectorAll<HTMLElement>(PRESSED)].filter((each) => each.closest('[inert]') === null)

interface Place {
  control: HTMLElement
  /** From the inside out, with the control's own place among what can be pressed there. */
  parts: { part: Element; at: number }[]
  page: Element
}

function placeOf(control: HTMLElement): Place | undefined {
  const page = control.closest('.sheet, .shell')
  if (page === null) return undefined
  const parts: Place['parts'] = []
  for (let part = control.parentElement; part !== null && page.contains(part); part = part.parentElement)
    if (part.matches(PARTS) || part === control.parentElement)
      parts.push({ part, at: pressedIn(part).indexOf(control) })
  return { control, parts, page }
}

/** A button at the foot is in sight wherever the page stands, but the browser would scroll to where it lies in the text. */
function focusInSight(place: HTMLElement): void {
  place.focus({ preventScroll: true })
  const { top, bottom } = place.getBoundingClientRect()
  if (top < 0 || bottom > innerHeight) place.scrollIntoView({ block: 'nearest' })
}

/** @returns how to stop */
export function keepFocus(): () => void {
  let place: Place | undefined
  const note = ({ target }: Event): void => {
    place = target instanceof HTMLElement ? placeOf(target) : undefined
  }
  // What is pressed before it counts: rows come and go while one stands on a button.
  const refresh = (): void => {
    if (place?.control.isConnected) place = placeOf(place.control)
  }
  const look = (): void => {
    if (place === undefined) return
    const { control, parts, page } = place
    const active = document.activeElement
    const isGone = !control.isConnected || control.matches(':disabled')
    if (!isGone || (active !== null && active !== document.body && active !== control)) return
    place = undefined
    if (control.matches('h1')) return followHeading()
    if (!page.isConnected || page.closest('[inert]') !== null) return
    for (const { part, at } of parts) {
      if (!part.isConnected) continue
      const left = pressedIn(part)
      const next = left[Math.min(Math.max(at, 0), left.length - 1)]
      if (next !== undefined) return focusInSight(next)
    }
    if (page instanceof HTMLElement && page.matches('.sheet')) page.focus({ preventScroll: true })
    else focusPage()
  }
  const observer = new MutationObserver(look)
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  })
  document.addEventListener('focusin', note)
  document.addEventListener('keydown', refresh, true)
  document.addEventListener('pointerdown', refresh, true)
  return () => {
    observer.disconnect()
    document.removeEventListener('focusin', note)
    document.removeEventListener('keydown', refresh, true)
    document.removeEventListener('pointerdown', refresh, true)
  }
}
