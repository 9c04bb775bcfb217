/** Figures as Markdown tables, ready to paste; beneath each table the sentences that make it count. */
export interface Table {
  title: string
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

/** A figure without a check that holds does not count. */
export interface Check {
  sentence: string
  holds: boolean
}

/** What quality.md asks for. */
export interface Budget {
  name: string
  budget: string
  measured: string
  met: boolean
}

export interface Report {
  tables: Table[]
  checks: Check[]
  budgets: Budget[]
  notes?: string[]
}

export function tableToMarkdown({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [`**${title}**`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n')
}

export function reportToMarkdown(heading: string, report: Report): string {
  const checks = report.checks.map((c) => `- ${c.holds ? 'Correct' : '**WRONG**'}: ${c.sentence}`)
  const notes = (report.notes ?? []).map((note) => `- ${note}`)
  return [`## ${heading}`, '', ...report.tables.map(tableToMarkdown), ...checks, ...notes, ''].join('\n')
}

export const budgetsToMarkdown = (budgets: readonly Budget[]): string =>
  tableToMarkdown({
    title: 'Budgets',
    head: ['what', 'budget', 'measured', 'met'],
    rows: budgets.map((b) => [b.name, b.budget, b.measured, b.met ? 'yes' : '**no**']),
  })

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
export const ms = (value: number): string => (value < 10 ? `${value.toFixed(1)} ms` : `${whole(value)} ms`)
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`
export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`
export const percent = (part: number): string => `${Math.round(part * 100)} %`

/** Of a page's main thread. */
export const tasksText = (longTasksMs: readonly number[]): string =>
  longTasksMs.length === 0 ? 'none' : `${longTasksMs.length}, longest ${ms(Math.max(...longTasksMs))}`

export function percentile(values: readonly number[], part: number): number {
  if (values.length === 0) return 0
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)]!
}
export const median = (values: readonly number[]): number => percentile(values, 0.5)
