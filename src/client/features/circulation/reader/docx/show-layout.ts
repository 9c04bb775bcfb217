/**
 * A layout on the screen: in a shadow, so that its styles stay its own. Pictures have their addresses for as long as it is shown.
 */
import { fitPages } from './fit-pages.ts'
import type { Layout } from './viewer-docx.ts'

/** Nothing of the app's look comes in; pages lie one under another, and take no presses: a long one would offer to save a picture. */
const FRAME = `
:host { all: initial; display: block; pointer-events: none; user-select: none; -webkit-user-select: none; }
.docx-wrapper { display: block; width: max-content; padding: 0; background: none; }
.docx-wrapper > section.docx { box-sizing: border-box; min-width: 320px; margin: 0 auto; background: #fff; box-shadow: none; }
.docx-wrapper > section.docx + section.docx { border-top: 8px solid #d8d2c8; }
img { -webkit-touch-callout: none; }
`

/** @returns takes it off the screen again */
export function showLayout(host: HTMLElement, { css, pages }: Layout, pictures: readonly Blob[]): () => void {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const addresses: string[] = []
  for (const image of pages.querySelectorAll('img')) {
    const picture = pictures[Number(image.dataset['picture'] ?? Number.NaN)]
    if (picture === undefined) continue
    const address = URL.createObjectURL(picture)
    addresses.push(address)
    image.decoding = 'async'
    image.src = address
  }
  const sheet = document.createElement('style')
  sheet.textContent = css + FRAME
  shadow.replaceChildren(sheet, pages)
  fitPages([...shadow.querySelectorAll<HTMLElement>('section.docx')])
  return () => {
    shadow.replaceChildren()
    for (const address of addresses) URL.revokeObjectURL(address)
  }
}
