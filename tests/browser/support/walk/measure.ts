/**
 * What is measured on a screen as it stands. The function runs inside the page: it may use nothing from this file.
 *
 * Each fault says what, where and how much. `isElder` asks for the figures of 长辈版 (shared setting: main text 18 px, the rest
 * 16 px, main targets 60 × 60, the rest 44 × 44); otherwise a target is 24 × 24 (WCAG 2.5.8).
 */
import type { Page } from 'playwright-core'

export interface Seen {
  faults: string[]
  title: string
  /** All words on the screen. */
  text: string
}

/** What one comes to a page for, and presses most. */
const MAIN_TARGETS =
  '.button.main, .foot .button, .tab, .place, .segment, button.state, .step, a.row, button.row, .row > .who'
/** What one comes to read. The rest is second lines, captions and the words of labels. */
const MAIN_TEXT =
  'h1, .prose p, .prose li, .button, .row .title, .control, .segment, .option, button.state, td, .name, .statement, .question'

export const measure = (page: Page, isElder: boolean): Promise<Seen> =>
  page.evaluate(look, { isElder, mainTargets: MAIN_TARGETS, mainText: MAIN_TEXT })

interface Asked {
  isElder: boolean
  mainTargets: string
  mainText: string
}

// oxlint-disable-next-line max-lines-per-function -- sent into the page as one piece
function look({ isElder, mainTargets, mainText }: Asked): Seen {
  const faults = new Set<string>()
  const px = (value: number) => Math.round(value * 10) / 10
  const nameOf = (element: Element) => {
    const words = element.getAttribute('aria-label') ?? element.textContent.trim().replace(/\s+/g, ' ')
    const kind = element.classList.length > 0 ? `.${[...element.classList].join('.')}` : ''
    return `${element.tagName.toLowerCase()}${kind} “${words.slice(0, 24)}”`
  }
  const styles = new Map<Element, CSSStyleDeclaration>()
  const styleOf = (element: Element) => {
    const held = styles.get(element) ?? getComputedStyle(element)
    styles.set(element, held)
    return held
  }
  const rectOf = (element: Element) => element.getBoundingClientRect()
  const ancestors = (element: Element | null): Element[] => {
    const found: Element[] = []
    for (let each = element; each !== null && each !== document.documentElement; each = each.parentElement)
      found.push(each)
    return found
  }
  const isForReaderOnly = (element: Element) =>
    ancestors(element).some((each) => styleOf(each).clipPath === 'inset(50%)')
  const isShown = (element: Element) => {
    const { width, height } = rectOf(element)
    return (
      width > 0 &&
      height > 0 &&
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('[inert], [hidden]') === null &&
      !isForReaderOnly(element)
    )
  }

  // One heading, and nothing wider than the window.
  const inside = '.prose, .document-text'
  const h1s = [...document.querySelectorAll('h1')].filter((h1) => h1.checkVisibility())
  if (h1s.length !== 1) faults.add(`headings: ${h1s.length} h1 (${h1s.map(nameOf).join(', ')})`)
  for (const title of document.querySelectorAll('.nav > .title'))
    if (title.textContent.trim() === '' && isShown(title)) faults.add('headings: a bar without a title')
  for (const h1 of document.querySelectorAll(`:is(${inside}) h1`))
    faults.add(`headings: h1 in a text, ${nameOf(h1)}`)
  const page = document.scrollingElement!
  if (page.scrollWidth > innerWidth) {
    const widest = [...document.querySelectorAll('body *')].filter(
      (e) => rectOf(e).right > innerWidth + 1 && !e.closest('.scroll') && isShown(e),
    )
    faults.add(`too wide: ${page.scrollWidth - innerWidth} px, ${widest.slice(0, 3).map(nameOf).join(' | ')}`)
  }

  // Text: not cut, large enough, its lines apart.
  const cuts = (value: string) => value === 'hidden' || value === 'clip'
  const isEndedOnPurpose = (box: Element) => {
    const { textOverflow, webkitLineClamp } = styleOf(box)
    if (textOverflow !== 'ellipsis' && (webkitLineClamp === 'none' || webkitLineClamp === '')) return false
    return box.closest('a[href], button, [title], summary, .nav') !== null
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode() !== null) {
    const node = walker.currentNode
    const parent = node.parentElement!
    if (
      (node.textContent ?? '').trim() === '' ||
      parent.closest('script, style, svg, option, select') !== null
    )
      continue
    if (!isShown(parent)) continue
    // The dot before a part hangs out of sight where the part begins a line.
    if (parent.matches('.part > .dot')) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const rects = [...range.getClientRects()].filter(({ width }) => width > 0)
    for (const box of ancestors(parent)) {
      const { overflowX, overflowY, position } = styleOf(box)
      if (/auto|scroll/.test(overflowX + overflowY)) break
      if ((cuts(overflowX) || cuts(overflowY)) && !isEndedOnPurpose(box)) {
        const frame = rectOf(box)
        const wide = cuts(overflowX)
          ? Math.max(0, ...rects.map((r) => Math.max(r.right - frame.right, frame.left - r.left)))
          : 0
        // A line's box is higher than its letters.
        const slack = 2 + Number.parseFloat(styleOf(parent).fontSize) * 0.25
        const high = cuts(overflowY)
          ? Math.max(0, ...rects.map((r) => Math.max(r.bottom - frame.bottom, frame.top - r.top))) - slack
          : 0
        if (wide > 1 || high > 0)
          faults.add(`cut text: ${px(Math.max(wide, high))} px of ${nameOf(parent)} by ${nameOf(box)}`)
      }
      if (position === 'fixed') break
    }
    const style = styleOf(parent)
    const size = Number.parseFloat(style.fontSize)
    const lineHeight = Number.parseFloat(style.lineHeight) / size
    if (lineHeight < 1.295) faults.add(`line height: ${px(lineHeight)} of ${nameOf(parent)}`)
    if (!isElder || parent.closest('.watermark, [aria-hidden="true"]:not(.badge *)') !== null) continue
    const least =
      parent.closest(mainText) === null ||
      parent.closest('.note, .caption, .section-title, .subtitle, .percent, .tag') !== null
        ? 16
        : 18
    if (size < least - 0.01) faults.add(`small text: ${px(size)} px of ${least}, ${nameOf(parent)}`)
  }
  const brush = document.createElement('canvas').getContext('2d')!
  for (const field of document.querySelectorAll<HTMLInputElement>(
    'input:not([type=radio], [type=checkbox], [type=file]), textarea',
  )) {
    if (!isShown(field)) continue
    const style = styleOf(field)
    const words = field.value === '' ? field.placeholder : field.value
    brush.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
    const room =
      field.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight)
    const isLine = field.tagName === 'INPUT'
    if (isLine && field.value === '' && brush.measureText(words).width > room + 1)
      faults.add(
        `cut text: placeholder “${words}” needs ${px(brush.measureText(words).width)} of ${px(room)} px`,
      )
    if (!isLine && field.scrollHeight > field.clientHeight + 1 && cuts(style.overflowY))
      faults.add(`cut text: ${field.scrollHeight - field.clientHeight} px of the text in ${nameOf(field)}`)
    if (isElder && Number.parseFloat(style.fontSize) < 18)
      faults.add(`small text: ${style.fontSize} in ${nameOf(field)}`)
  }

  // Targets.
  const TARGETS =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [role=tab], [role=switch], [role=checkbox], [role=radio], [tabindex="0"]'
  // A link inside a sentence is as high as its line (WCAG 2.5.8, inline).
  const isInText = (element: Element) =>
    styleOf(element).display === 'inline' &&
    [...(element.parentElement?.childNodes ?? [])].some(
      (n) => n.nodeType === Node.TEXT_NODE && (n.textContent ?? '').trim() !== '',
    )
  for (const element of document.querySelectorAll(TARGETS)) {
    // A box that scrolls is reached by the keyboard and isn't pressed.
    if (
      element.getAttribute('tabindex') === '0' &&
      !element.matches('a, button, input, [role]:not([role=region], [role=group])')
    )
      continue
    if (element.matches('input[type=file]') && element.closest('label') === null && rectOf(element).width < 2)
      continue
    const target = element.matches('input[type=radio], input[type=checkbox], input[type=file]')
      ? (element.closest('label') ?? element)
      : element
    if (!isShown(target) || isInText(element) || rectOf(target).bottom < -20) continue
    const least = !isElder ? 24 : target.matches(mainTargets) ? 60 : 44
    const { width, height } = rectOf(target)
    if (width < least - 0.5 || height < least - 0.5)
      faults.add(`small target: ${px(width)} × ${px(height)} of ${least}, ${nameOf(target)}`)
  }

  // Borders without which a control could not be seen (WCAG 1.4.11).
  const rgb = (value: string) => (value.match(/[\d.]+/g) ?? []).map(Number)
  const light = (value: string) => {
    const [r, g, b] = rgb(value).map((n) =>
      n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  }
  const contrast = (one: string, other: string) => {
    const [less, more] = [light(one), light(other)].sort((a, b) => a - b)
    return (more! + 0.05) / (less! + 0.05)
  }
  const isSeeThrough = (value: string) => value === 'transparent' || rgb(value)[3] === 0
  const groundOf = (element: Element | null): string =>
    ancestors(element)
      .map((e) => styleOf(e).backgroundColor)
      .find((c) => !isSeeThrough(c)) ?? styleOf(document.body).backgroundColor
  const CONTROLS = '.control, .search, .step:not(.button), button.state, .option, .segments > .on, .track'
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (!isShown(control) || control.matches(':disabled, [readonly], [aria-disabled=true]')) continue
    const style = styleOf(control)
    const around = groundOf(control.parentElement)
    const edge =
      style.borderTopWidth !== '0px' && !isSeeThrough(style.borderTopColor)
        ? contrast(style.borderTopColor, around)
        : 1
    const ground = isSeeThrough(style.backgroundColor) ? 1 : contrast(style.backgroundColor, around)
    if (Math.max(edge, ground) < 3)
      faults.add(`faint control: ${px(Math.max(edge, ground))} of 3, ${nameOf(control)}`)
  }
  return { faults: [...faults], title: document.title, text: document.body.innerText }
}
