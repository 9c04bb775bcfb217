/**
 * What must not be undone by restoring an older backup: erasures by rule, devices that were stopped, accounts that were closed,
 * roles that were revoked for cause. Here their lines and what follows from several of them; where they are kept:
 * journal-file.ts; who writes them: journaled-store.ts for accounts and roles, and who erases or stops a device by himself,
 * because only he knows which files went with it, or by whom; who carries them out again: replay-journal.ts.
 */
import * as v from 'valibot'
import { role } from '../../shared/org/role.ts'
import { Id, Millis, ScopeName, Sha256, TypeName } from '../../shared/sync/protocol/primitives.ts'

/** A line with anything else would stop the restore that carries it out. */
const Plain = v.pipe(
  v.string(),
  v.maxLength(200),
  v.check((text) => !text.includes('\u0000'), 'no NUL'),
)
/** Only what ends a role: a line must never give one. */
const Revoked = v.pipe(
  role.schema,
  v.check((fields) => fields.revokedForCause && fields.to !== null, 'revoked, and since when'),
  v.check((fields) => !Object.values(fields).some((value) => String(value).includes('\u0000')), 'no NUL'),
)

export const JournalLine = v.variant('kind', [
  v.object({
    kind: v.literal('erase'),
    type: TypeName,
    id: Id,
    scope: ScopeName,
    reason: Plain,
    author: Plain,
    /** SHA-256 of files whose bytes went with it: a restore doesn't bring them back either. */
    freedFiles: v.array(Sha256),
    at: Millis,
  }),
  v.object({ kind: v.literal('end-device'), deviceId: Id, personId: Id, by: Plain, at: Millis }),
  v.object({
    kind: v.literal('close-account'),
    personId: Id,
    staffNo: v.pipe(Plain, v.maxLength(40)),
    at: Millis,
  }),
  v.object({ kind: v.literal('reopen-account'), personId: Id, at: Millis }),
  /** With its fields, for a backup that does not know the role. */
  v.object({ kind: v.literal('revoke-role'), id: Id, fields: Revoked, author: Plain, at: Millis }),
  v.object({ kind: v.literal('reinstate-role'), id: Id, at: Millis }),
])
export type JournalLine = v.InferOutput<typeof JournalLine>

export interface Journal {
  /** Returns when the line is on the disk. @throws when it cannot be written: then nothing may be done either */
  append(line: JournalLine): void
}

/** Where nothing is ever restored: tests, and a store in memory. */
export const noJournal: Journal = { append: () => undefined }

/** What a line is about; undefined for what cannot be taken back. */
function aboutOf(line: JournalLine): string | undefined {
  if (line.kind === 'close-account' || line.kind === 'reopen-account') return `account:${line.personId}`
  if (line.kind === 'revoke-role' || line.kind === 'reinstate-role') return `role:${line.id}`
  return undefined
}

const lastWordsOf = (lines: readonly JournalLine[]): Map<string | undefined, JournalLine> =>
  new Map(lines.map((line) => [aboutOf(line), line]))

/** Closing and revoking can be taken back: of each account and role the last line, of everything else all. */
export function lastWords(lines: readonly JournalLine[]): JournalLine[] {
  const last = lastWordsOf(lines)
  return lines.filter((line) => aboutOf(line) === undefined || last.get(aboutOf(line)) === line)
}

/** Several machines' lines as one: by time, and each machine's in its own order, whatever its clock did. */
export function mergeJournals(journals: readonly (readonly JournalLine[])[]): JournalLine[] {
  const rests = journals.map((lines) => [...lines])
  const merged: JournalLine[] = []
  for (;;) {
    const waiting = rests.filter((rest) => rest.length > 0)
    if (waiting.length === 0) return merged
    const next = waiting.reduce((a, b) => (b[0]!.at < a[0]!.at ? b : a))
    merged.push(next.shift()!)
  }
}

/** The journal with what a store that is about to be replaced says besides: the next restore may not have that store. */
export function withReplaced(
  journal: readonly JournalLine[],
  replaced: readonly JournalLine[],
): JournalLine[] {
  const last = lastWordsOf(journal)
  const nameOf = (line: JournalLine): string =>
    line.kind === 'erase' ? `${line.type}/${line.id}` : line.kind === 'end-device' ? line.deviceId : ''
  const known = new Set(journal.map((line) => `${line.kind} ${nameOf(line)}`))
  const isKnown = (line: JournalLine): boolean => {
    const about = aboutOf(line)
    return about === undefined
      ? known.has(`${line.kind} ${nameOf(line)}`)
      : last.get(about)?.kind === line.kind
  }
  return [...journal, ...replaced.filter((line) => !isKnown(line))]
}
