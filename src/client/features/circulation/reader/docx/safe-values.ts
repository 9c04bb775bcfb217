/**
 * Guarantee: no value of an attribute that leaves here has a sign that means something in a style sheet: the layout is drawn by a
 * library that writes such values into sheets as they are.
 */
const OF_NO_MEANING = /[^\p{L}\p{N}\p{M} ._%-]/gu
/** What ends a string of a style sheet, or its line. */
const OF_MEANING_IN_STRINGS = /["'\\<>{}\p{Cc}]/gu
/** Dots of the symbol fonts, which phones don't have. */
const SYMBOLS = /[\uE000-\uF8FF]/gu

/** Shown as text, and never part of a sheet: the signs of formulas. */
const SHOWN = new Set(['chr', 'begChr', 'endChr'])

export const safeValue = (value: string): string => value.replace(OF_NO_MEANING, '')

export function makeValuesSafe(element: Element): void {
  if (SHOWN.has(element.localName)) return
  for (const attribute of element.attributes) {
    if (/^xmlns(?::|$)/.test(attribute.name)) continue
    const safe =
      element.localName === 'lvlText'
        ? attribute.value.replace(OF_MEANING_IN_STRINGS, '').replace(SYMBOLS, '•')
        : safeValue(attribute.value)
    if (safe !== attribute.value) attribute.value = safe
  }
}
