/** The agenda as items; in the record it is one text, a line for each, numbered as on paper. */
const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const

/** 1 → 一, 10 → 十, 21 → 二十一. Up to 99. */
export function numeral(n: number): string {
  const tens = Math.floor(n / 10)
  const ten = tens === 0 ? '' : `${tens > 1 ? NUMERALS[tens] : ''}十`
  return `${ten}${NUMERALS[n % 10]}`
}

/** 一、, （二）, 3. and 4、 at the beginning of a line. */
const NUMBERED =
  /^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[、.．])\s*/u

/** Without their numbers; an empty agenda is one empty item. */
export function agendaItems(text: string): string[] {
  const items = text
    .split('\n')
    .map((line) => line.replace(NUMBERED, '').trim())
    .filter((line) => line !== '')
  return items.length === 0 ? [''] : items
}

/** A single item stands without a number. */
export function agendaText(items: readonly string[]): string {
  const kept = items.map((item) => item.replaceAll(/\s*\n\s*/gu, ' ').trim()).filter((item) => item !== '')
  return kept.length <= 1 ? (kept[0] ?? '') : kept.map((item, at) => `${numeral(at + 1)}、${item}`).join('\n')
}
