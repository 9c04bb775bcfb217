/**
 * The disk with the store is lost; an older backup and the journal beside it are all there is. Nobody whose account was closed
 * or whose role was revoked for cause since the backup is let in again, and nothing of theirs counts.
 */
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../../src/server/app.ts'
import { createFileJournal, journalPath, readJournal } from '../../../src/server/journal/journal-file.ts'
import { journaledStore } from '../../../src/server/journal/journaled-store.ts'
import { restoreCommand } from '../../../src/server/operator/restore/restore.ts'
import { verifyTables } from '../../../src/server/operator/verify/verify-tables.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import {
  branchId,
  connect,
  MONDAY,
  PASSWORD,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { backUp, contextOf, PASSPHRASE, restore } from '../../support/restoring.ts'
import { layGround, uid } from '../../support/samples.ts'
import { mutationOf, push } from '../../support/wire.ts'

const first = branchId('第一支部')
const member = personIdOf('1003')

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = serving(await setupEndpoint({ database: 'sqlite' }))
  await layGround(endpoint)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  expect(endpoint.problems).toEqual([])
  await endpoint.store.close()
  rmSync(endpoint.folder, { recursive: true, force: true })
})

/** As `npm start` puts it together: with the journal beside the store. */
function serving(on: TestEndpoint): TestEndpoint {
  const journal = createFileJournal(journalPath(on.folder))
  const { store, blobs, clock, newId } = on
  const app = createApp({
    store,
    blobs,
    journal,
    now: clock.now,
    newId,
    logProblem: (p) => on.problems.push(p),
  })
  return { ...on, app }
}

/** The database file and what lies beside it are gone; an empty store stands in its place. */
async function loseTheStore(): Promise<void> {
  await endpoint.store.close()
  for (const end of ['', '-wal', '-shm']) rmSync(join(endpoint.folder, `store.sqlite${end}`), { force: true })
  const store = await openSqliteStore(join(endpoint.folder, 'store.sqlite'))
  endpoint = serving({ ...endpoint, store })
}

const lines = () => readJournal(journalPath(endpoint.folder)).lines
const later = () => endpoint.clock.advance(60_000)
/** The store as the endpoint and the operator's commands write to it. */
const journaled = () =>
  journaledStore(endpoint.store, createFileJournal(journalPath(endpoint.folder)), endpoint.clock.now)
const setClosed = (staffNo: string, closed: boolean) =>
  journaled().write([], async (tx) => tx.putAccount({ ...(await tx.account({ staffNo }))!, closed }))
const roleOf = async (staffNo: string) => {
  const [role] = await endpoint.store.read((tx) =>
    tx.records({ types: ['role'], person: personIdOf(staffNo) }),
  )
  return { id: role!.id, rev: role!.rev, fields: JSON.parse(role!.fields) as JsonObject }
}
const roleAt = async (id: string) => {
  const role = await endpoint.store.read((tx) => tx.record('role', id))
  return role === undefined ? undefined : (JSON.parse(role.fields) as JsonObject)
}
const signIn = (staffNo: string) =>
  endpoint.app.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ staffNo, password: PASSWORD }),
  })

const putRole = async (by: Connection, n: number, id: string, fields: JsonObject, baseRev: number) =>
  (await push(by, [mutationOf(n, { type: 'role', id, fields, baseRev })])).outcomes[0]
const REVOKED = { to: '2026-11-23', revokedForCause: true }
/** Pushed by an administrator, as any screen would. */
async function revoke(staffNo: string): Promise<string> {
  const { id, rev, fields } = await roleOf(staffNo)
  const administrator = await connect(endpoint, '0001')
  const outcome = await putRole(administrator, 1, id, { ...fields, ...REVOKED }, rev)
  expect(outcome).toMatchObject({ status: 'accepted' })
  return id
}
/** A mark that the officer made yesterday, when the role still held. */
async function markOf(staffNo: string) {
  const phone = await connect(endpoint, staffNo)
  const fields = {
    unitId: first,
    meetingId: uid(4),
    sittingId: uid(40),
    personId: member,
    name: '王芳',
    state: 'present',
    method: 'tap',
    markedBy: phone.personId,
  }
  const mark = { type: 'roll-mark', id: uid(300), fields, observedAt: endpoint.clock.now() - DAY_MS }
  const { outcomes } = await push(phone, [mutationOf(1, mark)])
  return [outcomes[0]?.status, outcomes[0]?.code]
}

describe('over a store that is lost, the journal', () => {
  it('refuses the facts of an officer who was revoked for cause after the backup', async () => {
    const path = await backUp(endpoint)
    later()
    const id = await revoke('1001')
    await loseTheStore()
    const restored = await restore(endpoint, path)
    expect(await markOf('1001')).toEqual(['rejected', 'forbidden'])
    expect(restored).toMatchObject({ revokedAgain: 1, closedAgain: 0, replayed: 0 })
    // Nobody else is touched, and the role is the one that it was but for its end.
    expect(await markOf('1007')).toEqual(['accepted', undefined])
    expect(await roleAt(id)).toMatchObject({ ...REVOKED, name: '陈静', title: '支部书记' })
    const verdict = await endpoint.store.readAll((tables) => verifyTables(tables, endpoint.clock.now()))
    expect(verdict).toMatchObject({ ok: true })
  })

  it('refuses the sign-in of an account that was closed after the backup', async () => {
    const path = await backUp(endpoint)
    later()
    await setClosed('1004', true)
    expect((await signIn('1004')).status).toBe(401)
    await loseTheStore()
    const restored = await restore(endpoint, path)
    expect([(await signIn('1004')).status, (await signIn('1003')).status]).toEqual([401, 200])
    expect(restored).toMatchObject({ closedAgain: 1, revokedAgain: 0, replayed: 0 })
  })

  it('remembers a role that was given and revoked after the backup: the same role offered again does not bring it back', async () => {
    const path = await backUp(endpoint)
    later()
    const given = {
      personId: personIdOf('1004'),
      unitId: first,
      name: '赵磊',
      role: 'branch-officer',
      title: '宣传委员',
      from: '2026-11-01',
      to: null,
      revokedForCause: false,
    }
    const administrator = await connect(endpoint, '0001')
    expect(await putRole(administrator, 1, uid(104), given, 0)).toMatchObject({ status: 'accepted' })
    const { rev } = (await endpoint.store.read((tx) => tx.record('role', uid(104))))!
    expect(await putRole(administrator, 2, uid(104), { ...given, ...REVOKED }, rev)).toMatchObject({
      status: 'accepted',
    })
    await loseTheStore()
    expect(await restore(endpoint, path)).toMatchObject({ revokedAgain: 1 })
    // From a phone of an administrator who had not heard of the revocation.
    const again = await connect(endpoint, '0001')
    expect(await putRole(again, 1, uid(104), given, 0)).toMatchObject({
      status: 'rejected',
      code: 'stale-base',
    })
    expect(await roleAt(uid(104))).toMatchObject({ ...REVOKED, name: '赵磊' })
    expect(await markOf('1004')).toEqual(['rejected', 'forbidden'])
  })

  it('remembers an account that was opened and closed after the backup: a roster does not open it', async () => {
    const path = await backUp(endpoint)
    later()
    const account = { personId: uid(90), staffNo: '3001', name: '钱进', passwordHash: null, closed: false }
    await journaled().write([], (tx) => tx.putAccount(account))
    await setClosed('3001', true)
    await loseTheStore()
    expect(await restore(endpoint, path)).toMatchObject({ closedAgain: 1 })
    const administrator = await connect(endpoint, '0001')
    const row = { staffNo: '3001', name: '钱进', branch: '第一支部', partyStatus: 'full', roles: [] }
    const nowhere = { committee: null, group: null, section: null, postingUnit: null, handOrder: null }
    const people = [{ ...row, ...nowhere }]
    const put = await administrator.post('/api/commands/put-people', { id: 'command-1', people })
    expect([put.status, await put.text()]).toEqual([200, expect.stringContaining('3001 钱进')])
    const standing = await endpoint.store.read((tx) => tx.account({ staffNo: '3001' }))
    expect(standing).toMatchObject({ personId: uid(90), name: '钱进', closed: true })
  })

  it('does not close or revoke what was opened or given back by the time of the backup', async () => {
    const id = await revoke('1001')
    await setClosed('1004', true)
    later()
    const { rev, fields } = await roleOf('1001')
    const administrator = await connect(endpoint, '0001')
    const back = { ...fields, to: null, revokedForCause: false }
    expect(await putRole(administrator, 1, id, back, rev)).toMatchObject({ status: 'accepted' })
    await setClosed('1004', false)
    later()
    const path = await backUp(endpoint)
    await loseTheStore()
    expect(await restore(endpoint, path)).toMatchObject({ closedAgain: 0, revokedAgain: 0 })
    expect(await markOf('1001')).toEqual(['accepted', undefined])
    expect((await signIn('1004')).status).toBe(200)
    expect(lines().map((line) => line.kind)).toEqual([
      'revoke-role',
      'close-account',
      'reinstate-role',
      'reopen-account',
    ])
  })

  it('carries each out once, however often it is replayed, and not against an erasure', async () => {
    const path = await backUp(endpoint)
    later()
    const id = await revoke('1001')
    await setClosed('1004', true)
    const twice = [...lines(), ...lines()]
    const erased = { type: 'role', id, scope: `unit:${first}`, reason: '本人要求', author: 'operator' }
    const erase = { kind: 'erase' as const, ...erased, freedFiles: [], at: MONDAY }
    await loseTheStore()
    expect(await restore(endpoint, path, { journal: twice })).toMatchObject({
      closedAgain: 1,
      revokedAgain: 1,
    })
    const second = await backUp(endpoint)
    await loseTheStore()
    expect(await restore(endpoint, second)).toMatchObject({ closedAgain: 0, revokedAgain: 0 })
    await loseTheStore()
    const over = await restore(endpoint, path, { journal: [erase, ...twice] })
    expect(over).toMatchObject({ replayed: 1, closedAgain: 1, revokedAgain: 0 })
    expect(await roleAt(id)).toEqual({})
  })

  it('of several machines is one, in the order in which it happened, and the operator is told', async () => {
    const path = await backUp(endpoint)
    later()
    const id = await revoke('1001')
    // On another machine it had been given back an hour before, after an earlier revocation.
    const other = join(endpoint.folder, 'other.ndjson')
    createFileJournal(other).append({ kind: 'reinstate-role', id, at: MONDAY - 3_600_000 })
    await loseTheStore()
    const said: string[] = []
    vi.stubEnv('BACKUP_KEY', PASSPHRASE)
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
    const context = contextOf(endpoint, [path], { options: { journal: other } })
    expect(await restoreCommand.run(context)).toBe(true)
    expect(said).toContain('  备份之后的这些已再次执行：撤销职务 1 项。')
    expect(await roleAt(id)).toMatchObject(REVOKED)
  })

  it('of one machine is taken in its own order, whatever its clock did', async () => {
    const path = await backUp(endpoint)
    later()
    await revoke('1001')
    const [revoked] = lines()
    if (revoked?.kind !== 'revoke-role') throw new Error('revoked first')
    // Given back under a clock that was an hour ahead, then revoked again under the right one.
    const journal = createFileJournal(journalPath(endpoint.folder))
    journal.append({ kind: 'reinstate-role', id: revoked.id, at: revoked.at + 3_600_000 })
    journal.append({ ...revoked, at: revoked.at + 60_000 })
    await loseTheStore()
    vi.stubEnv('BACKUP_KEY', PASSPHRASE)
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    expect(await restoreCommand.run(contextOf(endpoint, [path]))).toBe(true)
    expect(await roleAt(revoked.id)).toMatchObject(REVOKED)
  })

  it('carries out a later end of a role that the backup has as revoked', async () => {
    const id = await revoke('1001')
    const path = await backUp(endpoint)
    later()
    const { rev, fields } = await roleOf('1001')
    const administrator = await connect(endpoint, '0001')
    const sooner = { ...fields, to: '2026-11-01' }
    expect(await putRole(administrator, 1, id, sooner, rev)).toMatchObject({ status: 'accepted' })
    await loseTheStore()
    expect(await restore(endpoint, path)).toMatchObject({ revokedAgain: 1 })
    expect(await roleAt(id)).toMatchObject({ to: '2026-11-01', revokedForCause: true })
  })

  it('gives nobody a role, and stops no restore, whatever somebody has written into it', async () => {
    const path = await backUp(endpoint)
    later()
    const id = await revoke('1001')
    const [good] = lines()
    if (good?.kind !== 'revoke-role') throw new Error('revoked first')
    const given = { ...good.fields, personId: member, role: 'administrator', unitId: 'root' }
    const hostile = [
      { ...good, id: uid(900), fields: { ...given, revokedForCause: false } },
      { ...good, id: uid(901), fields: { ...given, to: null } },
      { ...good, fields: { ...good.fields, to: null, revokedForCause: false } },
      { ...good, id: uid(902), fields: { ...good.fields, title: 'a\u0000b' } },
      { kind: 'close-account', personId: uid(903), staffNo: 'a\u0000b', at: good.at },
      {
        kind: 'erase',
        type: 'opinion',
        id: uid(904),
        scope: 'org',
        reason: 'a\u0000b',
        author: 'x',
        freedFiles: [],
        at: 1,
      },
    ]
    appendFileSync(journalPath(endpoint.folder), hostile.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await loseTheStore()
    const told: string[] = []
    vi.stubEnv('BACKUP_KEY', PASSPHRASE)
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    vi.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line))
    expect(await restoreCommand.run(contextOf(endpoint, [path]))).toBe(true)
    expect(told.join()).toContain('有 6 行读不出来')
    expect([await roleAt(uid(900)), await roleAt(uid(901)), await roleAt(uid(902))]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(await roleAt(id)).toMatchObject(REVOKED)
  })

  it('learns from the store that a restore replaces: lost the next day, the same backup opens nothing again', async () => {
    const path = await backUp(endpoint)
    later()
    // By hand in the database, past the journal.
    await endpoint.store.write([], async (tx) =>
      tx.putAccount({ ...(await tx.account({ staffNo: '1004' }))!, closed: true }),
    )
    expect(lines()).toEqual([])
    vi.stubEnv('BACKUP_KEY', PASSPHRASE)
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const again = () => restoreCommand.run(contextOf(endpoint, [path], { flags: new Set(['replace']) }))
    expect(await again()).toBe(true)
    expect((await signIn('1004')).status).toBe(401)
    await loseTheStore()
    expect(await again()).toBe(true)
    expect([(await signIn('1004')).status, (await signIn('1003')).status]).toEqual([401, 200])
    expect(lines().filter((line) => line.kind === 'close-account')).toHaveLength(1)
  })
})
