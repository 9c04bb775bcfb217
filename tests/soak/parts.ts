/** What the soak consists of, and how a part tells how far it is. */
export const PARTS = {
  core: { title: 'Histories on the pure sync core', unit: 'histories' },
  'full-sqlite': { title: 'Histories through the whole stack, SQLite', unit: 'histories' },
  'full-postgres': { title: 'Histories through the whole stack, PostgreSQL', unit: 'histories' },
  'crash-sqlite': { title: 'Endpoint SIGKILLed under load, SQLite', unit: 'kills' },
  'crash-postgres': { title: 'Endpoint and database SIGKILLed under load, PostgreSQL', unit: 'kills' },
} as const
export type PartName = keyof typeof PARTS

export const isPartName = (text: string): text is PartName => Object.hasOwn(PARTS, text)

export interface Job {
  part: PartName
  seconds: number
  seed: number
}

export interface Progress {
  /** Histories or kills so far. */
  runs: number
  /** What else is worth a word in the table. */
  counts: Record<string, number>
  /** With the seed that repeats it. */
  failure?: { seed: number; text: string }
}

const MARK = 'soak-progress '
export const progressToLine = (progress: Progress): string => `${MARK}${JSON.stringify(progress)}\n`
export const lineToProgress = (line: string): Progress | undefined =>
  line.startsWith(MARK) ? (JSON.parse(line.slice(MARK.length)) as Progress) : undefined
