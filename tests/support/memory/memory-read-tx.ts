/** ReadTx over tables in memory: the questions of sql-read.ts, asked of maps. */
import type { ReadTx, RecordQuery, RecordRef, ScopeHead } from '../../../src/server/store/record-store.ts'
import {
  rowToEntry,
  rowToRecord,
  type EntryRow,
  type RecordRow,
} from '../../../src/server/store/sql/record-rows.ts'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import {
  COVERED_FACTS,
  coverageRow,
  sumsOf,
} from '../../../src/shared/circulation/coverage/coverage-figures.ts'
import type { Meeting } from '../../../src/shared/meetings/meeting.ts'
import type { Minutes } from '../../../src/shared/meetings/minutes/minutes.ts'
import type { RollMark } from '../../../src/shared/meetings/roll-mark.ts'
import { attendedMeetings } from '../../../src/shared/meetings/year/attended.ts'
import { rowToDevice } from '../../../src/server/store/sql/read.ts'
import type { Tables } from '../../../src/server/store/sql/tables.ts'
import type { MemoryTables } from './memory-record-store.ts'

export type ScopeRow = ScopeHead

const now = <T>(work: () => T): Promise<T> => Promise.resolve(work())

export function createMemoryReadTx(tables: MemoryTables): ReadTx {
  return {
    ...readSettings(tables),
    ...readScopes(tables),
    ...readRecords(tables),
    ...readLedger(tables),
    ...readAccounts(tables),
    ...readCoverage(tables),
    ...readMeetingsOfYear(tables),
  }
}

function readSettings(tables: MemoryTables) {
  const setting = (key: string) => now(() => tables.get<Tables['settings']>('settings', key)?.value)
  return {
    setting,
    epoch: async () => (await setting('epoch')) ?? '',
    throttle: (key: string) =>
      now(() => {
        const row = tables.get<Tables['throttles']>('throttles', key)
        return row === undefined ? undefined : { failures: row.failures, until: row.until }
      }),
    commandOutcome: (id: string) =>
      now(() => {
        const row = tables.get<Tables['command_outcomes']>('command_outcomes', id)
        return row === undefined ? undefined : { hash: row.hash, outcome: row.outcome }
      }),
  }
}

function readScopes(tables: MemoryTables) {
  const where = (holds: (row: ScopeRow) => boolean) =>
    now((): ScopeHead[] =>
      tables
        .all<ScopeRow>('scopes')
        .filter(holds)
        .map((row) => ({ ...row })),
    )
  return {
    scopeHeads: (names: readonly string[]) => {
      const wanted = new Set(names)
      return where((row) => wanted.has(row.name))
    },
    scopeHeadsById: (ids: readonly number[]) => {
      const wanted = new Set(ids)
      return where((row) => wanted.has(row.id))
    },
    scopesWithPrefix: (prefix: string) => where((row) => row.name.startsWith(prefix)),
  }
}

function readRecords(tables: MemoryTables) {
  const nameOf = () => new Map(tables.all<ScopeRow>('scopes').map(({ id, name }) => [id, name]))
  const inOrder = (a: RecordRow, b: RecordRow) => a.scope_id - b.scope_id || a.rev - b.rev
  return {
    record: (type: string, id: string) =>
      now(() => {
        const row = tables.get<RecordRow>('records', type, id)
        return row === undefined
          ? undefined
          : { ...rowToRecord(row), scope: nameOf().get(row.scope_id) ?? '' }
      }),
    records: (query: RecordQuery) =>
      now(() => {
        const names = nameOf()
        const persons = query.persons === undefined ? undefined : new Set(query.persons)
        const holds = (row: RecordRow) =>
          query.types.includes(row.type) &&
          (query.includeDeleted === true || row.deleted === 0) &&
          (query.person === undefined || row.person === query.person) &&
          (persons === undefined || (row.person !== null && persons.has(row.person))) &&
          (query.subject === undefined || row.subject === query.subject) &&
          (query.subjects === undefined || query.subjects.includes(row.subject ?? '\n')) &&
          (query.scopes === undefined || query.scopes.includes(names.get(row.scope_id) ?? ''))
        return tables
          .all<RecordRow>('records')
          .filter(holds)
          .sort(inOrder)
          .map((row) => ({ ...rowToRecord(row), scope: names.get(row.scope_id) ?? '' }))
      }),
    recordsAfter: (scopeId: number, rev: number, limit: number) =>
      now(() =>
        tables
          .all<RecordRow>('records')
          .filter((row) => row.scope_id === scopeId && row.rev > rev)
          .sort((a, b) => a.rev - b.rev)
          .slice(0, limit)
          .map(rowToRecord),
      ),
  }
}

function readLedger(tables: MemoryTables) {
  const entries = () => tables.all<EntryRow>('ledger')
  return {
    chainAt: (scopeId: number, rev: number) =>
      now(() => {
        const upTo = entries().filter((entry) => entry.scope_id === scopeId && entry.rev <= rev)
        return upTo.sort((a, b) => b.rev - a.rev)[0]?.chain ?? null
      }),
    ledgerEntryAfter: (scope: string, rev: number, { type, id }: RecordRef) =>
      now(() => {
        const head = tables.all<ScopeRow>('scopes').find(({ name }) => name === scope)
        const later = entries().filter(
          (one) => one.scope_id === head?.id && one.rev > rev && one.type === type && one.id === id,
        )
        const first = later.sort((a, b) => a.rev - b.rev)[0]
        return first === undefined ? undefined : rowToEntry(first, scope)
      }),
    ledgerScopeOf: ({ type, id }: RecordRef) =>
      now(() => {
        const entry = entries().find((one) => one.type === type && one.id === id)
        return entry === undefined ? undefined : tables.get<ScopeRow>('scopes', entry.scope_id)?.name
      }),
    erasedAmong: (refs: readonly RecordRef[]) =>
      now(() => {
        const erased = refs.filter(({ type, id }) => tables.get('erasures', type, id) !== undefined)
        return new Set(erased.map(({ type, id }) => `${type}:${id}`))
      }),
  }
}

const accountOf = (row: Tables['accounts']) => ({
  personId: row.person_id,
  staffNo: row.staff_no,
  name: row.name,
  passwordHash: row.password_hash,
  closed: row.closed === 1,
})

function readAccounts(tables: MemoryTables) {
  return {
    device: (id: string) =>
      now(() => {
        const row = tables.get<Tables['devices']>('devices', id)
        return row === undefined ? undefined : rowToDevice(row)
      }),
    devicesOf: (personId: string) =>
      now(() =>
        tables
          .all<Tables['devices']>('devices')
          .filter((row) => row.person_id === personId)
          .sort((a, b) => a.created_at - b.created_at)
          .map(rowToDevice),
      ),
    outcome: (deviceId: string, n: number) =>
      now(() => {
        const row = tables.get<Tables['outcomes']>('outcomes', deviceId, n)
        return row === undefined ? undefined : { n: row.n, hash: row.hash, outcome: row.outcome }
      }),
    account: (by: { staffNo: string } | { personId: string }) =>
      now(() => {
        const rows = tables.all<Tables['accounts']>('accounts')
        const row = rows.find((a) =>
          'staffNo' in by ? a.staff_no === by.staffNo : a.person_id === by.personId,
        )
        return row === undefined ? undefined : accountOf(row)
      }),
    accounts: () =>
      now(() =>
        tables
          .all<Tables['accounts']>('accounts')
          .sort((a, b) => (a.staff_no < b.staff_no ? -1 : 1))
          .map(accountOf),
      ),
    session: (tokenHash: string) =>
      now(() => {
        const row = tables.get<Tables['sessions']>('sessions', tokenHash)
        if (row === undefined) return undefined
        const { person_id, device_id, created_at, expires_at } = row
        return {
          tokenHash,
          personId: person_id,
          deviceId: device_id,
          createdAt: created_at,
          expiresAt: expires_at,
        }
      }),
    activationCode: (codeHash: string) =>
      now(() => {
        const row = tables.get<Tables['activation_codes']>('activation_codes', codeHash)
        if (row === undefined) return undefined
        return { codeHash, staffNo: row.staff_no, expiresAt: row.expires_at, usedAt: row.used_at }
      }),
    blob: (sha256: string) =>
      now(() => {
        const row = tables.get<Tables['blobs']>('blobs', sha256)
        if (row === undefined) return undefined
        return { sha256, sizeBytes: row.size_bytes, mime: row.mime, complete: row.complete === 1 }
      }),
    blobScopes: (sha256: string) =>
      now(() => {
        const names = new Map(tables.all<ScopeRow>('scopes').map(({ id, name }) => [id, name]))
        return tables
          .all<Tables['blob_scopes']>('blob_scopes')
          .filter((row) => row.sha256 === sha256)
          .map((row) => names.get(row.scope_id) ?? '')
      }),
  }
}

/** Counted from the records each time it is asked. */
function readCoverage(tables: MemoryTables) {
  const rows = () => {
    const alive = tables.all<RecordRow>('records').filter(({ deleted }) => deleted === 0)
    const facts = alive.filter(({ type }) => (COVERED_FACTS as readonly string[]).includes(type))
    return alive
      .filter(({ type }) => type === 'circulation')
      .map(({ id, fields }) => {
        const own = facts.filter(({ subject }) => subject?.startsWith(`${id}:`))
        const light = own.map((f) => ({ ...f, receivedAt: f.received_at }))
        return coverageRow(id, JSON.parse(fields) as Circulation, light)
      })
  }
  return {
    coverageOfDocuments: (documentIds: readonly string[]) =>
      now(() => rows().filter((row) => documentIds.includes(row.document_id))),
    coverageByDocument: (today: string, unitId?: string) =>
      now(() => {
        const of = rows().filter((row) => unitId === undefined || row.unit_id === unitId)
        return [...Map.groupBy(of, (row) => row.document_id).values()].map((some) => sumsOf(some, today))
      }),
  }
}

function readMeetingsOfYear(tables: MemoryTables) {
  return {
    meetingsOfYear: (year: number) =>
      now(() => {
        const alive = tables.all<RecordRow>('records').filter(({ deleted }) => deleted === 0)
        const of = <Fields>(wanted: string) =>
          alive
            .filter(({ type }) => type === wanted)
            .map(({ id, fields }) => ({ id, fields: JSON.parse(fields) as Fields, text: fields }))
        const meetings = of<Meeting>('meeting').filter(({ fields }) => fields.date.startsWith(`${year}-`))
        const [marks, minutes] = [of<RollMark>('roll-mark'), of<Minutes>('minutes')]
        const attended = attendedMeetings({ meetings, marks, minutes })
        return meetings
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .map(({ id, text }) => ({ id, fields: text, attended: attended.has(id) }))
      }),
  }
}
