/**
 * Cells of a spreadsheet that is written. Guarantee: everything is text, so that no name or opinion is ever taken for a formula. The
 * library that writes it differs between browser and endpoint, so it is theirs to call.
 */
export interface Cell {
  value: string
  type: StringConstructor
  fontWeight?: 'bold'
  fontSize?: number
  align?: 'left' | 'center'
  alignVertical: 'center'
  wrap: boolean
  columnSpan?: number
  height?: number
  borderStyle?: 'thin'
  backgroundColor?: string
}
export type CellRow = (Cell | null)[]

/** More than this in one cell and a spreadsheet program cuts it off or refuses the file. */
const MOST_IN_CELL = 32_000

export const cell = (value: string, part: Partial<Cell> = {}): Cell => ({
  value: value.slice(0, MOST_IN_CELL),
  type: String,
  alignVertical: 'center',
  wrap: true,
  ...part,
})

export const across = (from: Cell, columns: number): CellRow => [
  { ...from, columnSpan: columns },
  ...Array.from({ length: columns - 1 }, () => null),
]

/** The head of a document's table: its name, a line for each fact, and the names of the columns. */
export function headRows(
  what: string,
  facts: readonly (readonly [label: string, value: string])[],
  columns: readonly string[],
): CellRow[] {
  const wide = columns.length
  return [
    across(cell(what, { fontWeight: 'bold', fontSize: 18, align: 'center', height: 32 }), wide),
    ...facts.map(([label, value]): CellRow => [
      ...across(cell(label, { fontWeight: 'bold' }), 2),
      ...across(cell(value), wide - 2),
    ]),
    columns.map((label) =>
      cell(label, { fontWeight: 'bold', borderStyle: 'thin', backgroundColor: '#f3efe8' }),
    ),
  ]
}
