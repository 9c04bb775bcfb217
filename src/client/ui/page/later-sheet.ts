/**
 * The sheet of the pages that opening the app does not show (vite.config.ts lays it apart; index.html keeps its link unused). It
 * is there before any of those pages is drawn, and after the first sheet, whose rules it may refine. Developing there is none.
 */
const KEPT = '#later-sheet'

let coming: Promise<void> | undefined

function fetchSheet(kept: HTMLTemplateElement): Promise<void> {
  const link = kept.content.querySelector('link')!.cloneNode() as HTMLLinkElement
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => {
      kept.remove()
      resolve()
    })
    link.addEventListener('error', () => {
      link.remove()
      // As the browser says of a part that cannot be had; see sentence-of.ts.
      reject(new TypeError(`Unable to preload CSS for ${link.getAttribute('href')}`))
    })
    document.body.append(link)
  })
}

/** Asked again where it could not be had. @throws TypeError where it cannot be had now */
export function laterSheet(): Promise<void> {
  const kept = document.querySelector<HTMLTemplateElement>(KEPT)
  if (kept === null) return Promise.resolve()
  coming ??= fetchSheet(kept).finally(() => {
    coming = undefined
  })
  return coming
}
