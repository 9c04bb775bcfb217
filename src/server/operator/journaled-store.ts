/**
 * A store whose writes tell the journal which accounts they close and which roles they revoke for cause, and the opposite.
 *
 * Guarantees: none of these commits before its line is on the disk, whoever writes it — a push, a command, an import: they all
 * go through `putAccount` and `putRecord`. What a savepoint undid leaves no line; a transaction that fails, or runs again,
 * may leave one too much (journal.ts). Replacing the whole store is not a write of this kind: a restore reads the journal.
 */
import type { Role } from '../../shared/org/role.ts'
import type { Account, RecordStore, StoredRecord, WriteTx } from '../store/record-store.ts'
import type { Journal, JournalLine } from './journal.ts'

export function journaledStore(store: RecordStore, journal: Journal, now: () => number): RecordStore {
  return {
    write: (scopes, body) =>
      store.write(scopes, async (tx) => {
        const lines: JournalLine[] = []
        const result = await body(listeningTx(tx, lines, now))
        for (const line of lines) journal.append(line)
        return result
      }),
    read: (body) => store.read(body),
    readAll: (body) => store.readAll(body),
    replaceAll: (body) => store.replaceAll(body),
    ...(store.scrub === undefined ? {} : { scrub: () => store.scrub!() }),
    close: () => store.close(),
  }
}

function listeningTx(tx: WriteTx, lines: JournalLine[], now: () => number): WriteTx {
  const note = (line: JournalLine | undefined) => {
    if (line !== undefined) lines.push(line)
  }
  return {
    ...tx,
    putAccount: async (account) => {
      const before = await tx.account({ personId: account.personId })
      await tx.putAccount(account)
      note(accountLine(before, account, now()))
    },
    putRecord: async (record, entry) => {
      const before = record.type === 'role' ? await tx.record(record.type, record.id) : undefined
      await tx.putRecord(record, entry)
      if (record.type === 'role') note(roleLine(before, record))
    },
    savepoint: async (body) => {
      const mark = lines.length
      try {
        return await tx.savepoint(body)
      } catch (problem) {
        lines.length = mark
        throw problem
      }
    },
  }
}

function accountLine(before: Account | undefined, account: Account, at: number): JournalLine | undefined {
  const { personId, staffNo, closed } = account
  if ((before?.closed ?? false) === closed) return undefined
  return closed ? { kind: 'close-account', personId, staffNo, at } : { kind: 'reopen-account', personId, at }
}

/** What is erased by rule has a line of its own. */
function roleLine(before: StoredRecord | undefined, record: StoredRecord): JournalLine | undefined {
  if (record.deleted) return undefined
  const { id, author, receivedAt: at } = record
  const fields = JSON.parse(record.fields) as Role
  // The name stays out of the journal: the account has it.
  if (fields.revokedForCause) return { kind: 'revoke-role', id, fields: { ...fields, name: '' }, author, at }
  return isRevoked(before) ? { kind: 'reinstate-role', id, at } : undefined
}

const isRevoked = (record: StoredRecord | undefined): boolean =>
  record !== undefined && !record.deleted && (JSON.parse(record.fields) as Role).revokedForCause
