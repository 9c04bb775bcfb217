/**
 * Where the focus goes when the place that had it leaves the document. The browser drops it on the body: a screen reader falls
 * silent and Tab begins at the top.
 *
 * Guaranteed: for a moment, or until the person presses something, a focus that is lost goes to the page's heading, also to one
 * that comes late or takes the place of another. A place that takes the focus itself keeps it.
 */
const FOLLOW_MS = 3000

const pageHeading = () => document.querySelector<HTMLElement>('#main h1, .shell h1')

const focusOn = (place: HTMLElement): void => {
  place.tabIndex = -1
  place.focus({ preventScroll: true })
}

/** To the heading, or to the page itself while it has none. */
export function focusPage(): void {
  const place = pageHeading() ?? document.querySelector<HTMLElement>('#main')
  if (place !== null) focusOn(place)
}

/** One for the document, as the focus is one. */
let stopFollowing = (): void => undefined

/** @param left where the focus stands and needn't stay, such as the link that led to this page */
export function followHeading(left: Element | null = null): void {
  stopFollowing()
  const look = (): void => {
    const active = document.activeElement
    if (active !== null && active !== document.body && active !== left) return
    const heading = pageHeading()
    if (heading !== null) focusOn(heading)
  }
  const observer = new MutationObserver(look)
  const stop = (): void => {
    observer.disconnect()
    clearTimeout(timer)
    document.removeEventListener('keydown', stop, true)
    document.removeEventListener('pointerdown', stop, true)
  }
  const timer = setTimeout(stop, FOLLOW_MS)
  stopFollowing = stop
  document.addEventListener('keydown', stop, true)
  document.addEventListener('pointerdown', stop, true)
  observer.observe(document.body, { childList: true, subtree: true })
  look()
}
