/**
 * Rows that many phones ask for alike, the org's on a Monday above all, written and compressed once for each revision of their
 * scope and copied into every answer.
 *
 * Guarantee: an entry is what the store gives for this epoch, scope, revision of the scope and place to begin; a write takes a
 * new revision, in whatever process, and the entry is then never looked at again. Who may read the scope is decided before, in
 * the request's own snapshot; nothing here knows a person. Memory is bounded.
 */
import { parseScope } from '../../../shared/sync/parse-scope.ts'
import type { ReadTx, ScopeHead } from '../../store/record-store.ts'
import { toSegment, type Segment } from './gzip-segments.ts'
import { recordToWire } from '../wire.ts'

export interface WireRows {
  /** Joined with commas. */
  text: string
  count: number
  lastRev: number
  /** Nothing of the scope is left after them. */
  complete: boolean
  /** Of `text`, made at first use. */
  segment: (() => Promise<Segment>) | undefined
}

export interface RowsQuestion {
  scope: ScopeHead
  from: number
  /** Rows, and characters, that the page still takes. */
  room: number
  roomChars: number
}

/** A page is closed when its rows reach this size, whatever the limit: old phones parse it in one task. */
export const PAGE_CHARS = 1_500_000
/** More revisions than this to go: only whole pages of the same size are shared. */
const WHOLE_SCOPE_ROWS = 2000
const KEPT_CHARS = 8 * 1024 * 1024
const KEPT_LEVEL = 6

/** Reads rows and writes them for the wire, until one of both is reached. */
export async function readRows(
  tx: ReadTx,
  { scope, from, room, roomChars }: RowsQuestion,
): Promise<WireRows> {
  const found = await tx.recordsAfter(scope.id, from, room)
  const texts: string[] = []
  let chars = 0
  for (const record of found) {
    if (chars >= roomChars) break
    const text = recordToWire(record, scope.name)
    chars += text.length
    texts.push(text)
  }
  const count = texts.length
  const lastRev = found[count - 1]?.rev ?? from
  // Fewer rows than there was room for: the scope is complete, though its last revisions may have been rewritten by later ones.
  const isLast = count === found.length && (found.length < room || lastRev >= scope.rev)
  return { text: texts.join(','), count, lastRev, complete: isLast, segment: undefined }
}

interface OfScope {
  epoch: string
  rev: number
  rows: Map<string, WireRows>
}

export interface SharedRows {
  read(tx: ReadTx, epoch: string, question: RowsQuestion): Promise<WireRows>
}

/** Read by more than one person. */
function isShared(scope: string): boolean {
  const kind = parseScope(scope)?.kind
  return kind === 'org' || kind === 'unit'
}

function withSegment(rows: WireRows): WireRows {
  let made: Promise<Segment> | undefined
  const make = () =>
    toSegment(Buffer.from(rows.text), KEPT_LEVEL).catch((problem: unknown) => {
      // The next one who asks may have more luck; nobody is answered with an old failure.
      made = undefined
      throw problem
    })
  return { ...rows, segment: () => (made ??= make()) }
}

export function createSharedRows(): SharedRows {
  const scopes = new Map<number, OfScope>()
  let chars = 0

  function entriesOf(epoch: string, { id, rev }: ScopeHead): Map<string, WireRows> {
    const known = scopes.get(id)
    if (known?.epoch === epoch && known.rev === rev) return known.rows
    for (const rows of known?.rows.values() ?? []) chars -= rows.text.length
    const fresh: OfScope = { epoch, rev, rows: new Map() }
    scopes.set(id, fresh)
    return fresh.rows
  }

  function keep(entries: Map<string, WireRows>, key: string, rows: WireRows): WireRows {
    const kept = withSegment(rows)
    if (chars + rows.text.length > KEPT_CHARS) {
      scopes.clear()
      chars = 0
      return kept
    }
    entries.set(key, kept)
    chars += rows.text.length
    return kept
  }

  return {
    async read(tx, epoch, question) {
      const { scope, from, room, roomChars } = question
      const isWhole = scope.rev - from <= WHOLE_SCOPE_ROWS
      const isFirst = roomChars === PAGE_CHARS
      if (!isShared(scope.name) || (!isWhole && !isFirst)) return readRows(tx, question)
      const entries = entriesOf(epoch, scope)
      const key = isWhole ? `${from}` : `${from}:${room}`
      let rows = entries.get(key)
      if (rows === undefined) {
        const asked = isWhole ? WHOLE_SCOPE_ROWS : room
        rows = keep(entries, key, await readRows(tx, { scope, from, room: asked, roomChars: PAGE_CHARS }))
      }
      const fits = rows.count <= room && (isFirst || (rows.complete && rows.text.length <= roomChars))
      return fits ? rows : readRows(tx, question)
    },
  }
}
