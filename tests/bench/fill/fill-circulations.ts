/**
 * Three years of circulation in a full bureau: 54 branches, 640 members, 500 documents a year. Every second document goes to
 * all branches, the others to nine of them (a section's business). Those of the last four weeks are on their way, signed by more
 * the older they are; of the older ones one branch in a hundred misses somebody; what is older than a year is closed.
 *
 * Rows are put into the tables as they would lie there; the ledger stays empty, because no question of the office reads it.
 */
import { DatabaseSync } from 'node:sqlite'
import type { PersonRow } from '../../../src/server/commands/people/person-row.ts'
import { circulationId } from '../../../src/shared/circulation/circulation.ts'
import { civilDate, DAY_MS } from '../../../src/shared/civil-time.ts'
import { branchId, personIdOf } from '../../support/endpoint.ts'

export const BRANCHES = 54
export const MEMBERS = 640
const DOCUMENTS_A_YEAR = 500
const UNDER_WAY_MS = 28 * DAY_MS
const FEW_BRANCHES = 9
export const OFFICE = '9001'

export function bureauPeople(): PersonRow[] {
  const row = (staffNo: string, branch: string, roles: PersonRow['roles'] = []): PersonRow => ({
    staffNo,
    name: `示例${staffNo}`,
    committee: null,
    branch,
    group: null,
    section: null,
    postingUnit: null,
    partyStatus: 'full',
    roles,
    handOrder: null,
  })
  const members = Array.from({ length: MEMBERS }, (_, n) => row(String(10_000 + n), branchName(n % BRANCHES)))
  return [
    ...members,
    { ...row(OFFICE, branchName(0), [{ role: 'office', title: '党建科' }]), partyStatus: 'none' },
  ]
}
const branchName = (n: number) => `第${n + 1}支部`

/** What the figures must be, by document: counted while the rows are made. */
export interface Expected {
  toSign: number
  signed: number
  missing: number
}
export interface Filled {
  documents: Map<string, Expected>
  circulations: number
  signOffs: number
}

/** Always the same for the same numbers, from 0 up to 1. */
const chance = (...seed: number[]) => {
  const x = Math.sin(seed.reduce((sum, part, at) => sum + part * (12.9898 + at * 78.233), 1)) * 43_758.545
  return x - Math.floor(x)
}

/** A hand as a phone writes it: three strokes, some forty points each. */
const STROKES = [0, 1, 2].map((s) => Array.from({ length: 80 }, (_, n) => (s * 331 + n * 17) % 999))

/** @param path of a SQLite store that is closed and has these people */
export function fillCirculations(path: string, years: number, now: number): Filled {
  const db = new DatabaseSync(path)
  db.exec('pragma synchronous = off; pragma journal_mode = wal')
  const insert = db.prepare(`insert into records
    (type, id, scope_id, rev, schema_version, deleted, fields, author, observed_at, received_at, person, subject)
    values (?, ?, ?, ?, 1, 0, ?, 'bench', ?, ?, ?, ?)`)
  const heads = new Map<string, { id: number; rev: number }>()
  for (const { id, name, rev } of db.prepare('select id, name, rev from scopes').all() as never[])
    heads.set(name, { id, rev })
  const makeScope = db.prepare('insert into scopes (name, rev) values (?, 0) returning id')
  const next = (scope: string) => {
    const head = heads.get(scope) ?? { id: (makeScope.get(scope) as { id: number }).id, rev: 0 }
    heads.set(scope, head)
    head.rev++
    return [head.id, head.rev] as const
  }
  const filled: Filled = { documents: new Map(), circulations: 0, signOffs: 0 }
  const people = Array.from({ length: BRANCHES }, (_, b) =>
    Array.from({ length: MEMBERS }, (__, n) => n)
      .filter((n) => n % BRANCHES === b)
      .map((n) => ({ personId: personIdOf(String(10_000 + n)), name: `示例${10_000 + n}` })),
  )
  const documents = DOCUMENTS_A_YEAR * years
  db.exec('begin')
  for (let d = 0; d < documents; d++) {
    const age = Math.floor(((documents - d) / DOCUMENTS_A_YEAR) * 365 * DAY_MS)
    const dispatchedAt = now - age
    const documentId = `document-${d}`
    const sha256 = (d % 16).toString(16).repeat(64)
    const expected: Expected = { toSign: 0, signed: 0, missing: 0 }
    filled.documents.set(documentId, expected)
    const branches = d % 2 === 0 ? BRANCHES : FEW_BRANCHES
    for (let n = 0; n < branches; n++) {
      const b = (d * 7 + n) % BRANCHES
      const unitId = branchId(branchName(b))
      const id = circulationId(documentId, unitId)
      const isClosed = age > 365 * DAY_MS
      const revision = {
        revision: 1,
        file: { sha256, name: '关于做好窗口工作的通知.pdf', mime: 'application/pdf', sizeBytes: 180_000 },
        pages: 4,
        readingSha256: null,
        at: dispatchedAt,
        note: '',
      }
      const fields = {
        unitId,
        documentId,
        documentNo: `云政服党〔${civilDate(dispatchedAt).slice(0, 4)}〕${d}号`,
        title: `关于做好第 ${d} 项窗口工作的通知`,
        issuer: '党建科',
        receivedOn: null,
        urgency: d % 10 === 0 ? '加急' : '平件',
        instructions: '请各支部组织党员阅签。',
        revisions: [revision],
        recipients: people[b]!,
        dispatchedAt,
        dispatchedBy: 'office',
        deadline: civilDate(dispatchedAt + 5 * DAY_MS),
        state: isClosed ? 'closed' : 'open',
      }
      insert.run(
        'circulation',
        id,
        ...next(`unit:${unitId}`),
        JSON.stringify(fields),
        dispatchedAt,
        dispatchedAt,
        null,
        null,
      )
      filled.circulations++
      const share = age < UNDER_WAY_MS ? age / UNDER_WAY_MS : 1
      const isShort = age >= UNDER_WAY_MS && chance(d, b) < 0.01
      for (const [at, { personId }] of people[b]!.entries()) {
        expected.toSign++
        const hasSigned = share < 1 ? chance(d, b, at) < share : !(isShort && at === 0)
        if (!hasSigned) {
          if (!isClosed) expected.missing++
          continue
        }
        const signOff = {
          unitId,
          circulationId: id,
          documentId,
          documentNo: fields.documentNo,
          personId,
          signedBy: personId,
          revision: 1,
          sha256,
          mode: 'in-person',
          signature: { kind: 'drawn', width: 1000, height: 500, strokes: STROKES },
          opinion: '',
          changeId: null,
          signedAt: dispatchedAt + at,
          keyId: null,
          deviceSignature: null,
          supersedes: [],
        }
        const scope = next(`file:${unitId}:${personId}`)
        const subject = `${id}:1:${personId}`
        insert.run(
          'sign-off',
          `s-${d}-${b}-${at}`,
          ...scope,
          JSON.stringify(signOff),
          dispatchedAt,
          dispatchedAt,
          personId,
          subject,
        )
        expected.signed++
        filled.signOffs++
      }
    }
    if (d % 50 === 49) db.exec('commit; begin')
  }
  const raise = db.prepare('update scopes set rev = ? where id = ?')
  for (const { id, rev } of heads.values()) raise.run(rev, id)
  // The store makes the figures anew when it is opened next, as after an update from a version that had none.
  db.exec(`delete from settings where key = 'coverage-formula'; commit; pragma wal_checkpoint(truncate)`)
  db.close()
  return filled
}
