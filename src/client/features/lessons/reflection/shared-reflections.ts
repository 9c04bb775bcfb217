/** What colleagues shared under a lesson, and where one's own text stands against its shared copy. Pure. */
import type { SharedReflection } from '../../../../shared/lessons/shared-reflection.ts'
import { headsOf } from '../../../../shared/sync/heads.ts'

export interface SharedRow {
  id: string
  fields: SharedReflection
  observedAt: number
  pending: 0 | 1
}

/** The newest head of each person, newest first. */
export function standingShares(rows: readonly SharedRow[]): SharedRow[] {
  const candidates = rows.map((row) => ({ id: row.id, supersedes: row.fields.supersedes ?? [], row }))
  const byPerson = new Map<string, SharedRow>()
  for (const { row } of headsOf(candidates)) {
    const known = byPerson.get(row.fields.personId)
    if (known === undefined || row.observedAt > known.observedAt) byPerson.set(row.fields.personId, row)
  }
  return [...byPerson.values()].sort((a, b) => b.observedAt - a.observedAt)
}

/** Ids that a new share of this person supersedes: every head, also two from two phones. */
export function ownHeadIds(rows: readonly SharedRow[], personId: string): string[] {
  const own = rows.filter((row) => row.fields.personId === personId)
  return headsOf(own.map((row) => ({ id: row.id, supersedes: row.fields.supersedes ?? [] }))).map(
    (head) => head.id,
  )
}

export type ShareState = 'empty' | 'private' | 'shared' | 'changed'

export function shareStateOf(text: string, shared: SharedRow | undefined): ShareState {
  if (shared !== undefined) return shared.fields.text === text.trim() ? 'shared' : 'changed'
  return text.trim() === '' ? 'empty' : 'private'
}
