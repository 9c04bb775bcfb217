/**
 * The heights of a spreadsheet's rows. Guarantee: a text that goes on over several lines has room for all of them, also in a program
 * that doesn't measure the rows of a file that it opens, and in joined cells, which none measures.
 */

interface Measured {
  value: unknown
  wrap?: boolean
  fontSize?: number
  columnSpan?: number
  height?: number
}

/** What a program takes where a file names no size. */
const USUAL_POINTS = 11
/** Of a line beside its letters: Chinese ones stand farther apart than the Latin ones that a program reckons with. */
const LINE = 1.5
/** A program refuses higher rows. */
const MOST_POINTS = 409
const WIDE = /[\u2014\u2018-\u201D\u2026\u2E80-\u9FFF\uAC00-\uD7FF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]/u

/** In figures, which columns are measured by. */
function widthOf(sign: string): number {
  if (sign === ' ') return 0.5
  return WIDE.test(sign) || sign.length > 1 ? 2 : 1
}

/** @param room figures in a line */
function linesOf(text: string, room: number): number {
  // A line that goes on ends before a character that doesn't fit whole, or may not begin the next one.
  const goingOn = Math.max(2, room - 2)
  return text.split('\n').reduce((sum, line) => {
    const width = [...line].reduce((all, sign) => all + widthOf(sign), 0)
    return sum + (width <= room ? 1 : Math.ceil(width / goingOn))
  }, 0)
}

/**
 * Each row as it was, and as high as its highest cell needs; one of a single line is left to the program.
 * @param columns those that are shown; what stands in others is not measured
 */
export function withHeights<C extends Measured>(
  rows: readonly (readonly (C | null)[])[],
  columns: readonly { width: number }[],
): (C | null)[][] {
  const heightOf = (cell: C, at: number): number => {
    if (typeof cell.value !== 'string' || cell.wrap !== true) return 0
    const own = columns.slice(at, at + (cell.columnSpan ?? 1))
    if (own.length === 0) return 0
    const { fontSize = USUAL_POINTS } = cell
    const room = (own.reduce((sum, { width }) => sum + width, 0) * USUAL_POINTS) / fontSize
    const lines = linesOf(cell.value, room)
    return lines === 1 ? 0 : Math.min(MOST_POINTS, Math.ceil(lines * fontSize * LINE) + 3)
  }
  return rows.map((row) => {
    const needed = Math.max(0, ...row.map((cell, at) => (cell === null ? 0 : heightOf(cell, at))))
    return row.map((cell) =>
      cell === null || needed <= (cell.height ?? 0) ? cell : { ...cell, height: needed },
    )
  })
}
