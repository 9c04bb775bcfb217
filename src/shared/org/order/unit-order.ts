/**
 * The order of units that a reader expects: 第一支部, 第二支部, 第十支部. By their sound 二 would stand before 一.
 * Two names that sound alike keep one order on every device.
 */
const NUMERALS = '一二三四五六七八九'

/** 十二 to 12, up to 九十九; more has no bureau. */
const figureOf = (numeral: string): string => {
  const [tens, ones] = numeral.includes('十') ? numeral.split('十') : ['', numeral]
  const tenfold = numeral.includes('十') ? (tens ? NUMERALS.indexOf(tens) + 1 : 1) : 0
  return String(tenfold * 10 + (ones ? NUMERALS.indexOf(ones) + 1 : 0))
}

const inFigures = (name: string): string =>
  name.replace(/第[一二三四五六七八九十]{1,3}/gu, (found) => found[0] + figureOf(found.slice(1)))

export const compareUnitNames = (a: string, b: string): number =>
  inFigures(a).localeCompare(inFigures(b), 'zh', { numeric: true }) || (a < b ? -1 : Number(a > b))
