/** What must be true after all the kills. Each check returns sentences about what isn't. */
import { canonicalJson } from '../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { definitionOf, definitions } from '../../src/shared/sync/registry.ts'
import type { RecordStore, StoredRecord } from '../../src/server/store/record-store.ts'
import type { Reader } from './reader.ts'
import { outcomesOf, type Writer } from './writer.ts'

type Row = StoredRecord & { scope: string }

export interface Found {
  rows: Row[]
  /** Revision of each scope, and how many entries its ledger has at each revision. */
  heads: Map<string, { rev: number; entries: Map<number, number> }>
}

/** Everything that the store holds of records, scopes and ledgers. */
export async function lookInto(store: RecordStore): Promise<Found> {
  const rows = await store.read((tx) =>
    tx.records({ types: definitions.map(({ type }) => type), includeDeleted: true }),
  )
  const heads: Found['heads'] = new Map()
  await store.readAll(async (tables) => {
    const names = new Map<number, string>()
    for await (const { id, name, rev } of tables.rows('scopes')) {
      names.set(Number(id), String(name))
      heads.set(String(name), { rev: Number(rev), entries: new Map() })
    }
    for await (const { scope_id: scopeId, rev } of tables.rows('ledger')) {
      const { entries } = heads.get(names.get(Number(scopeId)) ?? '')!
      entries.set(Number(rev), (entries.get(Number(rev)) ?? 0) + 1)
    }
  })
  return { rows, heads }
}

const keyOf = ({ type, id }: { type: string; id: string }) => `${type}:${id}`
const isDone = (status: string) => status === 'accepted' || status === 'merged'
const isFact = (type: string) => definitionOf(type)?.conflict === 'fact'

/** Every number was answered, every fact that was accepted stands once as it was written, and no other fact is there. */
export function factsStandOnce(found: Found, writers: readonly Writer[]): string[] {
  const wrong: string[] = []
  const accepted = new Set<string>()
  const stored = new Map<string, Row[]>()
  for (const row of found.rows) stored.set(keyOf(row), [...(stored.get(keyOf(row)) ?? []), row])
  for (const writer of writers) {
    if (writer.told.size !== writer.written.size)
      wrong.push(`${writer.staffNo}: told ${writer.told.size} outcomes of ${writer.written.size}`)
    for (const { mutation, outcome } of outcomesOf(writer)) {
      if (!isFact(mutation.type)) continue
      const rows = stored.get(keyOf(mutation)) ?? []
      if (!isDone(outcome.status)) {
        if (rows.length > 0) wrong.push(`${keyOf(mutation)} was ${outcome.status}, and stands`)
        const isMeant = mutation.fields.text === '' && outcome.code === 'invalid-fields'
        if (!isMeant) wrong.push(`${keyOf(mutation)} was ${outcome.status}: ${outcome.code}`)
        continue
      }
      accepted.add(keyOf(mutation))
      if (rows.length === 0) wrong.push(`${keyOf(mutation)} was accepted, and is lost`)
      if (rows.length > 1) wrong.push(`${keyOf(mutation)} stands ${rows.length} times`)
      for (const row of rows) {
        const isSame = canonicalJson(JSON.parse(row.fields)) === canonicalJson(mutation.fields)
        if (!isSame || row.deleted || row.author !== writer.connection.personId)
          wrong.push(`${keyOf(mutation)} stands otherwise than it was written: ${row.fields}`)
      }
    }
  }
  for (const row of found.rows)
    if (isFact(row.type) && !accepted.has(keyOf(row)))
      wrong.push(`${keyOf(row)} stands, and was never accepted`)
  return wrong
}

/** Nobody but its author writes a note: its last edit stands. */
export function draftsStandAsEdited(found: Found, writers: readonly Writer[]): string[] {
  const last = new Map<string, JsonObject>()
  for (const writer of writers)
    for (const mutation of writer.written.values())
      if (mutation.type === 'note') last.set(keyOf(mutation), mutation.fields)
  const stored = new Map(found.rows.map((row) => [keyOf(row), row.fields]))
  return [...last].flatMap(([key, fields]) => {
    const stands = stored.get(key)
    const isSame = stands !== undefined && canonicalJson(JSON.parse(stands)) === canonicalJson(fields)
    return isSame ? [] : [`${key}: the last edit ${canonicalJson(fields)} isn't what stands: ${stands}`]
  })
}

/** Accepted edits of content follow each other, each on the one before, and the last of them stands: none was overwritten unseen. */
export function contentIsAChain(found: Found, writers: readonly Writer[]): string[] {
  const edits = new Map<string, { base: number; rev: number; name: unknown }[]>()
  const wrong: string[] = []
  for (const { mutation, outcome } of writers.flatMap(outcomesOf)) {
    if (mutation.type !== 'column') continue
    if (!isDone(outcome.status)) {
      if (outcome.code !== 'stale-base') wrong.push(`${keyOf(mutation)} was refused: ${outcome.code}`)
      continue
    }
    const edit = { base: mutation.baseRev, rev: outcome.record?.rev ?? -1, name: mutation.fields.name }
    edits.set(mutation.id, [...(edits.get(mutation.id) ?? []), edit])
  }
  for (const [id, all] of edits) {
    let rev = 0
    for (const edit of all.toSorted((a, b) => a.rev - b.rev)) {
      if (edit.base !== rev)
        wrong.push(`column ${id}: revision ${edit.rev} was made on ${edit.base}, not on ${rev}`)
      rev = edit.rev
    }
    const row = found.rows.find((each) => each.type === 'column' && each.id === id)
    const name = all.find((edit) => edit.rev === rev)?.name
    if (row?.rev !== rev || (JSON.parse(row.fields) as JsonObject).name !== name)
      wrong.push(
        `column ${id}: revision ${rev} “${String(name)}” was accepted last, revision ${row?.rev} stands`,
      )
  }
  return wrong
}

/** Each accepted mutation moved its scope by one, nothing else did; ledgers have one entry for each revision. */
export function revisionsHaveNoGaps(before: Found, found: Found, writers: readonly Writer[]): string[] {
  const moves = new Map<string, number>()
  for (const { mutation, outcome } of writers.flatMap(outcomesOf))
    if (isDone(outcome.status)) moves.set(mutation.scope, (moves.get(mutation.scope) ?? 0) + 1)
  const wrong: string[] = []
  for (const [scope, { rev, entries }] of found.heads) {
    const moved = rev - (before.heads.get(scope)?.rev ?? 0)
    const expected = moves.get(scope) ?? 0
    if (moved !== expected) wrong.push(`${scope} moved by ${moved}, ${expected} mutations were accepted`)
    const seen = found.rows.filter((row) => row.scope === scope).map((row) => row.rev)
    if (new Set(seen).size !== seen.length) wrong.push(`${scope}: two records have one revision`)
    if (seen.some((each) => each > rev)) wrong.push(`${scope}: a record is ahead of ${rev}`)
    if (scope.startsWith('private:')) continue
    for (let at = 1; at <= rev; at++)
      if (entries.get(at) !== 1)
        wrong.push(`${scope}: ${entries.get(at) ?? 0} ledger entries at revision ${at}`)
  }
  return wrong
}

/** Who paged all through the kills holds what stands, at its revision, and nothing else. */
export function readersSawEverything(found: Found, readers: readonly Reader[]): string[] {
  return readers.flatMap(({ staffNo, rows, scopes }) => {
    const standing = found.rows.filter((row) => scopes.has(row.scope))
    const wrong = standing.flatMap((row) => {
      const seen = rows.get(keyOf(row))
      const isSame =
        seen?.rev === row.rev && canonicalJson(seen.fields) === canonicalJson(JSON.parse(row.fields))
      return isSame
        ? []
        : [`${staffNo} holds ${keyOf(row)} at ${seen?.rev ?? 'nothing'}, it stands at ${row.rev}`]
    })
    if (rows.size !== standing.length)
      wrong.push(`${staffNo} holds ${rows.size} of ${standing.length} records`)
    return wrong
  })
}
