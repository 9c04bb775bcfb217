/** Text and controls that a fixed bar covers and that no scrolling brings out from under it. */
import type { Page } from 'playwright-core'

export const hiddenUnderBars = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const bars = [...document.querySelectorAll<HTMLElement>('.nav, .foot, .tabs, .strip')].filter((bar) => {
      const { position } = getComputedStyle(bar)
      return (position === 'sticky' || position === 'fixed') && bar.getClientRects().length > 0
    })
    const main = document.querySelector('#main')
    if (main === null) return []
    const pieces = [...main.querySelectorAll<HTMLElement>('*')].filter(
      (e) =>
        !bars.some((bar) => bar.contains(e) || e.contains(bar)) &&
        [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && (n.textContent ?? '').trim() !== '') &&
        e.checkVisibility() &&
        e.closest('.visually-hidden, [aria-hidden="true"]') === null,
    )
    const before = scrollY
    const found: string[] = []
    const lookAt = (piece: HTMLElement | undefined, end: 'first' | 'last') => {
      if (piece === undefined) return
      scrollTo({ top: end === 'first' ? 0 : document.documentElement.scrollHeight, behavior: 'instant' })
      const own = piece.getBoundingClientRect()
      for (const bar of bars) {
        const { top, bottom, left, right } = bar.getBoundingClientRect()
        const deep = Math.min(own.bottom, bottom) - Math.max(own.top, top)
        const isBeside = own.right <= left || own.left >= right
        if (deep > 1 && !isBeside)
          found.push(
            `under a bar: ${Math.round(deep)} px of the ${end} text “${piece.textContent.trim().slice(0, 24)}”`,
          )
      }
    }
    const byTop = pieces.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    lookAt(byTop[0], 'first')
    lookAt(
      pieces.toSorted((a, b) => b.getBoundingClientRect().bottom - a.getBoundingClientRect().bottom)[0],
      'last',
    )
    scrollTo({ top: before, behavior: 'instant' })
    return found
  })
