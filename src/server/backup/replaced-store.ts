/**
 * What has to be known of the store that a restore replaces, read from it before: where its ledgers stood, and what was erased,
 * stopped, closed or revoked in it, so that none of that is undone. For a store that is lost the journal (journal/journal-lines.ts)
 * holds the latter, as far back as it was kept; where its ledgers stood is lost with it.
 */
import type { Role } from '../../shared/org/role.ts'
import type { JournalLine } from '../journal/journal-lines.ts'
import type { RecordStore, TableReader } from '../store/record-store.ts'

export interface Replaced {
  epoch: string
  records: number
  /** Neither accounts nor records: nothing is lost by replacing it. */
  isEmpty: boolean
  /** The ledger's end of each scope that has one. */
  heads: ReadonlyMap<string, string>
  /** Erasures, stopped devices, closed accounts and roles revoked for cause, as the journal would have them. */
  lines: readonly JournalLine[]
}

export async function readReplaced(store: RecordStore): Promise<Replaced> {
  return store.readAll(async (tables) => {
    let epoch = ''
    for await (const row of tables.rows('settings')) if (row.key === 'epoch') epoch = String(row.value)
    const heads = new Map<string, string>()
    for await (const row of tables.rows('scopes'))
      if (row.chain !== null) heads.set(String(row.name), String(row.chain))
    const { accounts, closed } = await closedAccounts(tables)
    const { records, revoked } = await revokedRoles(tables)
    const lines = [...(await erasures(tables)), ...(await endedDevices(tables)), ...closed, ...revoked]
    return { epoch, records, isEmpty: records + accounts === 0, heads, lines }
  })
}

const OPERATOR = 'operator'

async function erasures(tables: TableReader): Promise<JournalLine[]> {
  const lines: JournalLine[] = []
  for await (const row of tables.rows('erasures'))
    lines.push({
      kind: 'erase',
      type: String(row.type),
      id: String(row.id),
      scope: String(row.scope),
      reason: String(row.reason),
      author: OPERATOR,
      freedFiles: [],
      at: Number(row.at),
    })
  return lines
}

async function endedDevices(tables: TableReader): Promise<JournalLine[]> {
  const lines: JournalLine[] = []
  for await (const row of tables.rows('devices'))
    if (row.revoked_at !== null)
      lines.push({
        kind: 'end-device',
        deviceId: String(row.id),
        personId: String(row.person_id),
        by: OPERATOR,
        at: Number(row.revoked_at),
      })
  return lines
}

async function closedAccounts(tables: TableReader) {
  const closed: JournalLine[] = []
  let accounts = 0
  for await (const row of tables.rows('accounts')) {
    accounts += 1
    if (row.closed !== 1) continue
    const [personId, staffNo] = [String(row.person_id), String(row.staff_no)]
    // When, the table does not say; nothing asks.
    closed.push({ kind: 'close-account', personId, staffNo, at: 0 })
  }
  return { accounts, closed }
}

async function revokedRoles(tables: TableReader) {
  const revoked: JournalLine[] = []
  let records = 0
  for await (const row of tables.rows('records')) {
    records += 1
    if (row.type !== 'role' || row.deleted === 1) continue
    const fields = JSON.parse(String(row.fields)) as Role
    if (!fields.revokedForCause) continue
    const [id, author, at] = [String(row.id), String(row.author), Number(row.received_at)]
    revoked.push({ kind: 'revoke-role', id, fields, author, at })
  }
  return { records, revoked }
}
