/**
 * A store whose writes tell the journal which accounts they close and which roles they revoke for cause, and the opposite.
 *
 * Guarantees: none of these commits before its line is on the disk, whoever writes it — a push, a command, an import: they all
 * go through `putAccount` and `putRecord`. What a savepoint undid leaves no line; a transaction that fails, or runs again,
 * may leave one too much (journal-file.ts). What takes a closing or a revocation back is written after the commit: one of those too
 * much would undo what holds. Replacing the whole store is not a write of this kind: a restore reads the journal.
 */
import { ROLE_WORDS, type Role } from '../../shared/org/role.ts'
import type { Account, RecordStore, StoredRecord, WriteTx } from '../store/record-store.ts'
import { lastWords, type Journal, type JournalLine } from './journal-lines.ts'

export function journaledStore(store: RecordStore, journal: Journal, now: () => number): RecordStore {
  return {
    write: async (scopes, body) => {
      let takenBack: JournalLine[] = []
      const result = await store.write(scopes, async (tx) => {
        const noted: JournalLine[] = []
        const done = await body(listeningTx(tx, noted, now))
        const lines = lastWords(noted)
        takenBack = lines.filter(isTakenBack)
        for (const line of lines) if (!isTakenBack(line)) journal.append(line)
        return done
      })
      for (const line of takenBack) journal.append(line)
      return result
    },
    read: (body) => store.read(body),
    readAll: (body) => store.readAll(body),
    replaceAll: (body) => store.replaceAll(body),
    ...(store.scrub === undefined ? {} : { scrub: () => store.scrub!() }),
    close: () => store.close(),
  }
}

const isTakenBack = ({ kind }: JournalLine): boolean => kind === 'reopen-account' || kind === 'reinstate-role'

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
  const { personId, unitId, role, from, to, revokedForCause } = JSON.parse(record.fields) as Role
  // Nobody's words: the account has the name, and the title is the one that every such role has.
  const fields = { personId, unitId, name: '', role, title: ROLE_WORDS[role], from, to, revokedForCause }
  if (revokedForCause) return { kind: 'revoke-role', id, fields, author, at }
  return isRevoked(before) ? { kind: 'reinstate-role', id, at } : undefined
}

const isRevoked = (record: StoredRecord | undefined): boolean =>
  record !== undefined && !record.deleted && (JSON.parse(record.fields) as Role).revokedForCause
