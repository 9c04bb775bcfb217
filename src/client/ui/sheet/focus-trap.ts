/** Keeps the keyboard inside an open dialog and gives the focus back to where it was when the dialog closes. */
import { focusPage, followHeading } from '../page/page-focus.ts'

const focusable =
  'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[tabindex]:not([tabindex="-1"])'

export const focusablesIn = (root: HTMLElement): HTMLElement[] =>
  [...root.querySelectorAll<HTMLElement>(focusable)].filter((element) => element.getClientRects().length > 0)

export interface FocusTrap {
  enter(root: HTMLElement): void
  leave(): void
  /** For keydown of the document: Tab goes round inside the dialog, also from outside of it. */
  onKeydown(event: KeyboardEvent, root: HTMLElement): void
}

export const createFocusTrap = (): FocusTrap => {
  let cameFrom: HTMLElement | null = null
  return {
    enter(root) {
      const active = document.activeElement
      const isPlace = active instanceof HTMLElement && active !== document.body
      if (!root.contains(active)) cameFrom = isPlace ? active : null
      const wished = root.querySelector<HTMLElement>('[autofocus]')
      ;(wished ?? root).focus({ preventScroll: true })
    },
    leave() {
      // Safari gives a tapped button no focus: then the place in the page is the reader's own, and stays.
      if (cameFrom === null) return
      if (cameFrom.isConnected) cameFrom.focus({ preventScroll: true })
      if (document.activeElement !== cameFrom) focusPage()
      cameFrom = null
      // What was asked about often leaves the page a moment after the answer, and the opener with it.
      followHeading()
    },
    onKeydown(event, root) {
      if (event.key !== 'Tab') return
      const inside = focusablesIn(root)
      const first = inside[0]
      const last = inside[inside.length - 1]
      if (!first || !last) return event.preventDefault()
      const active = document.activeElement
      const isOutside = !root.contains(active)
      if (event.shiftKey && (isOutside || active === first || active === root)) {
        event.preventDefault()
        last.focus()
      } else if (!event.shiftKey && (isOutside || active === last)) {
        event.preventDefault()
        first.focus()
      }
    },
  }
}
