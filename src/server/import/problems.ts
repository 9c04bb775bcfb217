/**
 * What the readers say when a file is not as it should be. Readers never throw for bad input: they answer with a
 * refusal (one file could not be read at all) or with a list of problems (where, what, what to do), so that a dry
 * run can show everything at once.
 */

/** refuse: nothing of the import may be stored; warn: a person should look; notice: worth knowing, needs nothing. */
export type Severity = 'refuse' | 'warn' | 'notice'

/** A file that can't be read. `message` is one Chinese sentence: what is wrong and what to do. */
export interface Refusal {
  type: 'refused'
  message: string
}

export const refused = (message: string): Refusal => ({ type: 'refused', message })

/** A problem in a folder of files. `file` is the path inside the folder, `line` counts from 1. */
export interface FolderProblem {
  file: string
  line?: number
  message: string
  severity: Severity
}

/** A problem in a roster. `row` counts from 1 as the spreadsheet shows it, `column` is its letter; null: the whole sheet. */
export interface RosterProblem {
  row: number | null
  column: string | null
  heading: string | null
  message: string
  severity: Severity
}
