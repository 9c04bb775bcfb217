/** Cells of a table that somebody filled in, and how they are named there. */

/** What stands in a cell, in one form of each sign and without what is around it. */
export const cellText = (cell: unknown): string =>
  cell === null || cell === undefined ? '' : String(cell).normalize('NFKC').trim()

/** 0 → A, 26 → AA, as the spreadsheet names its columns. */
export function columnName(at: number): string {
  const last = String.fromCharCode(65 + (at % 26))
  return at < 26 ? last : `${columnName(Math.floor(at / 26) - 1)}${last}`
}
