// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { fitPages } from '../../../../../../src/client/features/circulation/reader/docx/fit-pages.ts'

/** @param standsOut of something in it, to the right (px) */
function pageOf(width: number, standsOut = 0): HTMLElement {
  const page = document.createElement('section')
  page.style.cssText = `width: ${width}px; padding-right: 40px`
  const now = () => Number.parseFloat(page.style.width)
  Object.defineProperties(page, {
    offsetWidth: { get: now },
    clientWidth: { get: now },
    scrollWidth: { get: () => Math.max(now(), width + standsOut) },
  })
  document.body.append(page)
  return page
}
const looks = (pages: readonly HTMLElement[]) =>
  pages.map(({ style }) => [style.width, style.paddingRight, style.getPropertyValue('zoom')])

it('shows each page as wide as the widest', () => {
  const pages = [pageOf(800), pageOf(1200), pageOf(600)]
  fitPages(pages)
  expect(looks(pages)).toEqual([
    ['800px', '40px', '1.5'],
    ['1200px', '40px', ''],
    ['600px', '40px', '2'],
  ])
})

it('holds what is wider than its paper, with lines as long as they were', () => {
  const pages = [pageOf(800, 400), pageOf(800)]
  fitPages(pages)
  expect(looks(pages)).toEqual([
    ['1200px', '440px', ''],
    ['800px', '40px', '1.5'],
  ])
})

it('leaves alone what has no size', () => {
  const pages = [pageOf(0), pageOf(0)]
  fitPages(pages)
  expect(looks(pages).map(([, , zoom]) => zoom)).toEqual(['', ''])
  fitPages([])
})
