/** Keeps the keyboard inside an open dialog and gives the focus back to where it was when the dialog closes. */
const focusable =
  'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[tabindex]:not([tabindex="-1"])'

export const focusablesIn = (root: HTMLElement): HTMLElement[] =>
  [...root.querySelectorAll<HTMLElement>(focusable)].filter((element) => element.getClientRects().length > 0)

export interface FocusTrap {
  enter(root: HTMLElement): void
  leave(): void
  /** For keydown of the dialog: Tab goes round inside it. */
  onKeydown(event: KeyboardEvent, root: HTMLElement): void
}

export const createFocusTrap = (): FocusTrap => {
  let cameFrom: HTMLElement | null = null
  return {
    enter(root) {
      const active = document.activeElement
      if (!root.contains(active)) cameFrom = active instanceof HTMLElement ? active : null
      const wished = root.querySelector<HTMLElement>('[autofocus]')
      ;(wished ?? root).focus({ preventScroll: true })
    },
    leave() {
      if (cameFrom?.isConnected) cameFrom.focus({ preventScroll: true })
      cameFrom = null
    },
    onKeydown(event, root) {
      if (event.key !== 'Tab') return
      const inside = focusablesIn(root)
      const first = inside[0]
      const last = inside[inside.length - 1]
      if (!first || !last) return event.preventDefault()
      const active = document.activeElement
      if (event.shiftKey && (active === first || active === root)) {
        event.preventDefault()
        last.focus()
      } else if (!event.shiftKey && active === last) {
        event.preventDefault()
        first.focus()
      }
    },
  }
}
