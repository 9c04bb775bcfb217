/**
 * Pages of a Word file as a reader of pages shows them: each as wide as the widest, whatever its paper, so that a page on its side
 * does not make the others small; and none cut off where a table is wider than its paper.
 */

/** What stands out to the right, such as a table, is on the page; the lines keep their length. */
function holdWhatStandsOut(page: HTMLElement): void {
  const out = page.scrollWidth - page.clientWidth
  if (out <= 0) return
  const { width, paddingRight } = getComputedStyle(page)
  page.style.width = `${Number.parseFloat(width) + out}px`
  page.style.paddingRight = `${Number.parseFloat(paddingRight) + out}px`
}

/** @param pages on the screen. Browsers that know no `zoom` (Firefox before 126) show them as the file has them. */
export function fitPages(pages: readonly HTMLElement[]): void {
  for (const page of pages) holdWhatStandsOut(page)
  const widths = pages.map((page) => page.offsetWidth)
  const widest = Math.max(0, ...widths)
  for (const [at, page] of pages.entries()) {
    const width = widths[at]!
    if (width > 0 && width < widest) page.style.setProperty('zoom', String(widest / width))
  }
}
