import { perApp } from '../feedback/per-app.ts'

/**
 * The sheets that are open, the newest on top.
 * Guaranteed: all that lies behind the top one, the page and other sheets, is out of reach of finger, keyboard and screen
 * reader (TalkBack passes by aria-modal), and within reach again when `close` returns.
 */
export interface OpenSheets {
  open(sheet: HTMLElement): void
  close(sheet: HTMLElement): void
  isTop(sheet: HTMLElement): boolean
}

const setBehind = (element: HTMLElement, isBehind: boolean): void => {
  element.toggleAttribute('inert', isBehind)
  if ('inert' in HTMLElement.prototype) return
  // Before Chrome 102 and Safari 15.5.
  if (isBehind) element.setAttribute('aria-hidden', 'true')
  else element.removeAttribute('aria-hidden')
}

export const createOpenSheets = (): OpenSheets => {
  let sheets: readonly HTMLElement[] = []
  const arrange = (): void => {
    const page = document.querySelector<HTMLElement>('#app')
    if (page) setBehind(page, sheets.length > 0)
    for (const sheet of sheets) setBehind(sheet, sheet !== sheets.at(-1))
  }
  const without = (sheet: HTMLElement) => sheets.filter((other) => other !== sheet)
  return {
    open(sheet) {
      sheets = [...without(sheet), sheet]
      arrange()
    },
    close(sheet) {
      sheets = without(sheet)
      arrange()
    },
    isTop: (sheet) => sheets.at(-1) === sheet,
  }
}

export const useOpenSheets = perApp(createOpenSheets)
