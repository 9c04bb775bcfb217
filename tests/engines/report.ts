/** What happened, as Markdown tables that can be pasted into docs/engines.md. */
export interface Outcome {
  state: 'passed' | 'failed' | 'not driven'
  /** Why it was not driven, or what went wrong. */
  text: string
}

/** One engine. */
export interface Column {
  engine: string
  /** In the order of the journeys. */
  outcomes: Outcome[]
  /** In the order of the features. */
  features: string[]
}

export function table(
  head: string,
  rows: readonly string[],
  columns: readonly Column[],
  cell: (column: Column, row: number) => string,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line([head, ...columns.map(({ engine }) => engine)]),
    line(['---', ...columns.map(() => '---')]),
    ...rows.map((name, n) => line([name, ...columns.map((column) => cell(column, n))])),
  ].join('\n')
}
