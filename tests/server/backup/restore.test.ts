/** Restoring: into an empty store, over a newer one, from one database to the other; and what a restore must not bring back. */
import { createHash } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aboutLine, lineOf } from '../../../src/server/backup/contents.ts'
import { seal, SENTENCES } from '../../../src/server/backup/envelope.ts'
import { readReplaced } from '../../../src/server/backup/replaced-store.ts'
import { endDevice } from '../../../src/server/commands/end-device.ts'
import { putRecord } from '../../../src/server/commands/put-record.ts'
import { restoreCommand } from '../../../src/server/operator/restore/restore.ts'
import { verifyTables } from '../../../src/server/operator/verify/verify-tables.ts'
import type { TableReader, TableRow } from '../../../src/server/store/record-store.ts'
import type { TableName } from '../../../src/server/store/sql/tables.ts'
import { TABLE_NAMES } from '../../../src/server/store/sql/whole-store.ts'
import { backupMomentOf } from '../../../src/shared/sync/epoch.ts'
import { branchId, connect, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { backUp, CHEAP, contextOf, erase, PASSPHRASE, restore } from '../../support/restoring.ts'
import { layGround, samples, uid } from '../../support/samples.ts'
import { mutationOf, pullAll, push } from '../../support/wire.ts'

vi.setConfig({ testTimeout: 60_000 })

const opened: TestEndpoint[] = []
const another = async (options: Parameters<typeof setupEndpoint>[0] = {}) => {
  const endpoint = await setupEndpoint(options)
  opened.push(endpoint)
  return endpoint
}
let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await another()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  for (const one of opened.splice(0)) await one.close()
})

type Tables = Record<TableName, TableRow[]>
const read = async (tables: TableReader) => {
  const all = {} as Tables
  for (const table of TABLE_NAMES) {
    all[table] = []
    for await (const row of tables.rows(table)) all[table].push({ ...row })
    // Each database sorts text in its own way.
    all[table].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  return all
}
const tablesOf = (one: TestEndpoint) => one.store.readAll(read)
const verify = (one: TestEndpoint) => one.store.readAll((tables) => verifyTables(tables, one.clock.now()))
const digestOf = async (one: TestEndpoint) =>
  createHash('sha256')
    .update(JSON.stringify(await tablesOf(one)))
    .digest('hex')
const opinionOf = (personId: string, text = '灯坏了') => ({ personId, text })
const opinionAt = (id: string, one = endpoint) => one.store.read((tx) => tx.record('opinion', id))

/** One record of every type, through the front door, and what comes with it. */
async function fillWithEverything() {
  for (const { type, id, fields, by } of samples(ground)) {
    const phone = await connect(endpoint, by)
    const { outcomes } = await push(phone, [mutationOf(1, { type, id, fields })])
    if (outcomes[0]?.status === undefined) throw new Error(`${type} was not answered`)
  }
}

describe('a restored store', () => {
  it('holds the same records, ledger, accounts and files, under an epoch of its own that names the backup’s moment', async () => {
    await fillWithEverything()
    const before = await tablesOf(endpoint)
    const path = await backUp(endpoint)
    const moment = endpoint.clock.now()
    const target = await another()
    await restore(target, path)
    const after = await tablesOf(target)
    for (const table of [
      'records',
      'accounts',
      'devices',
      'outcomes',
      'blobs',
      'blob_scopes',
      'command_outcomes',
      'erasures',
    ] as const)
      expect(after[table], table).toEqual(before[table])
    expect(after.records.length).toBeGreaterThan(40)
    // The ledger goes on where it stood: all entries of before, and one for each scope that has some.
    const entries = new Set(after.ledger.map((row) => JSON.stringify(row)))
    expect(before.ledger.every((row) => entries.has(JSON.stringify(row)))).toBe(true)
    expect(
      new Set(
        after.ledger
          .slice()
          .filter((row) => row.kind === 'restore')
          .map((row) => row.scope_id),
      ).size,
    ).toBe(new Set(after.ledger.map((row) => row.scope_id)).size)
    expect(await verify(target)).toMatchObject({ ok: true })
    const bytes = await target.blobs.read(ground.sha256)
    expect(new TextDecoder().decode(bytes)).toContain('示例文件')
    const [oldEpoch, newEpoch] = [
      await endpoint.store.read((tx) => tx.epoch()),
      await target.store.read((tx) => tx.epoch()),
    ]
    expect(newEpoch).not.toBe(oldEpoch)
    expect([backupMomentOf(newEpoch), backupMomentOf(oldEpoch)]).toEqual([moment, undefined])
    const keyOf = (one: TestEndpoint) => one.store.read((tx) => tx.setting('cursor-key'))
    expect(await keyOf(target)).not.toBe(await keyOf(endpoint))
  })

  it('answers no session, no cursor and no number of before', async () => {
    const phone = await connect(endpoint, '1003')
    await push(phone, [mutationOf(1, { type: 'opinion', id: uid(1), fields: opinionOf(phone.personId) })])
    const { cursor } = await pullAll(phone)
    const path = await backUp(endpoint)
    await push(phone, [mutationOf(2, { type: 'opinion', id: uid(2), fields: opinionOf(phone.personId) })])
    const epoch = await endpoint.store.read((tx) => tx.epoch())
    await restore(endpoint, path)
    expect((await phone.send('/api/session')).status).toBe(401)
    const again = await connect(endpoint, '1003')
    const third = mutationOf(3, { type: 'opinion', id: uid(3), fields: opinionOf(phone.personId) })
    // Under the old device, with the old epoch: nothing is taken.
    const old = { ...again, deviceId: phone.deviceId }
    expect((await push(old, [third], { epoch })).body.error?.code).toBe('epoch-changed')
    expect(await opinionAt(uid(3))).toBeUndefined()
    // Without one the numbers tell: the second was lost, so the third leaves a gap.
    expect((await push(old, [third])).body.error?.code).toBe('mutation-gap')
    const other = mutationOf(1, { type: 'opinion', id: uid(4), fields: opinionOf(phone.personId) })
    expect((await push(old, [other])).body.error?.code).toBe('device-forked')
    const page = await pullAll(old, cursor)
    expect(page.pages[0]?.scopes.reset.length).toBeGreaterThan(0)
    expect(page.pages[0]?.epoch).not.toBe(epoch)
  })

  it('takes the same fact under another clock for the same, and nothing else', async () => {
    const phone = await connect(endpoint, '1003')
    const fact = { type: 'opinion', id: uid(1), fields: opinionOf(phone.personId) }
    const statusOf = async (n: number, over: object) =>
      (await push(phone, [mutationOf(n, { ...fact, ...over })])).outcomes[0]
    expect(await statusOf(1, {})).toMatchObject({ status: 'accepted' })
    const stored = await opinionAt(uid(1))
    expect(await statusOf(2, { hlc: '000000001-0000-again' })).toMatchObject({ status: 'accepted' })
    const changed = { fields: opinionOf(phone.personId, '别的话') }
    expect(await statusOf(3, changed)).toMatchObject({ status: 'rejected', code: 'id-conflict' })
    expect(await opinionAt(uid(1))).toEqual(stored)
  })
})

describe('what a restore does not bring back', () => {
  it('unused activation codes: neither those of the backup nor those of after it; used ones stay used', async () => {
    const code = (codeHash: string, usedAt: number | null) => ({
      codeHash,
      staffNo: '1003',
      expiresAt: 9e12,
      usedAt,
    })
    await endpoint.store.write([], async (tx) => {
      await tx.putActivationCode(code('open', null))
      await tx.putActivationCode(code('used', 5))
    })
    const path = await backUp(endpoint)
    await endpoint.store.write([], (tx) => tx.putActivationCode(code('later', null)))
    await restore(endpoint, path)
    const left = await endpoint.store.read((tx) =>
      Promise.all(['open', 'used', 'later'].map((h) => tx.activationCode(h))),
    )
    expect(left.map((one) => one?.usedAt)).toEqual([undefined, 5, undefined])
  })

  it('erased records with their files, stopped devices, closed accounts, roles that were revoked for cause', async () => {
    const bytes = new TextEncoder().encode('只有这次会议有的附件')
    const sha256 = await endpoint.putFile(bytes, 'text/plain', `unit:${branchId('第一支部')}`)
    const meeting = await endpoint.store.read((tx) => tx.record('meeting', uid(4)))
    const attachments = [{ sha256, name: '附件.txt', mime: 'text/plain', sizeBytes: bytes.length }]
    await endpoint.put('meeting', uid(5555), { ...(JSON.parse(meeting!.fields) as object), attachments })
    const phone = await connect(endpoint, '1003')
    const [role] = await endpoint.store.read((tx) =>
      tx.records({ types: ['role'], person: personIdOf('1001') }),
    )
    const path = await backUp(endpoint)

    await erase(endpoint, 'meeting', uid(5555))
    await endpoint.blobs.remove(sha256)
    await endpoint.store.write([], async (tx) => {
      await endDevice(tx, (await tx.device(phone.deviceId))!, { by: 'test', now: endpoint.clock.now() })
      await tx.putAccount({ ...(await tx.account({ staffNo: '1004' }))!, closed: true })
      const fields = { ...(JSON.parse(role!.fields) as object), to: '2026-11-22', revokedForCause: true }
      await putRecord(tx, { type: 'role', id: role!.id, fields, author: 'test', now: endpoint.clock.now() })
    })
    const done = await restore(endpoint, path)
    expect(done).toMatchObject({ replayed: 2, closedAgain: 1, revokedAgain: 1 })
    const after = await endpoint.store.read(async (tx) => ({
      meeting: await tx.record('meeting', uid(5555)),
      device: await tx.device(phone.deviceId),
      account: await tx.account({ staffNo: '1004' }),
      role: await tx.record('role', role!.id),
      blob: await tx.blob(sha256),
    }))
    expect(after.meeting).toMatchObject({ deleted: true, fields: '{}' })
    expect(after.device?.revokedAt).not.toBeNull()
    expect(after.account?.closed).toBe(true)
    expect(JSON.parse(after.role!.fields)).toMatchObject({ revokedForCause: true })
    expect([await endpoint.blobs.sizeBytes(sha256), after.blob?.complete ?? false]).toEqual([
      undefined,
      false,
    ])
    expect(await verify(endpoint)).toMatchObject({ ok: true })
  })

  it('is in the ledger: each scope names the epoch and the head that it goes back from', async () => {
    const path = await backUp(endpoint)
    const phone = await connect(endpoint, '1003')
    await push(phone, [mutationOf(1, { type: 'opinion', id: uid(1), fields: opinionOf(phone.personId) })])
    const { epoch, heads } = await readReplaced(endpoint.store)
    await restore(endpoint, path)
    const { ledger, scopes } = await tablesOf(endpoint)
    const nameOf = new Map(scopes.map((row) => [row.id, String(row.name)]))
    const told = new Map(
      ledger.filter((row) => row.kind === 'restore').map((row) => [nameOf.get(row.scope_id), row.id]),
    )
    expect(heads.size).toBeGreaterThan(3)
    for (const [scope, head] of heads) expect(told.get(scope)).toBe(`${epoch}.${head}`)
  })
})

describe('a file that cannot be restored', () => {
  const forged = async (lines: Buffer[]) => {
    const path = join(endpoint.folder, 'forged.backup')
    const parts: Buffer[] = []
    const content = (async function* () {
      yield gzipSync(Buffer.concat(lines))
    })()
    for await (const part of seal(PASSPHRASE, content, CHEAP)) parts.push(part)
    writeFileSync(path, Buffer.concat(parts))
    return path
  }
  const about = { createdAt: 1, epoch: 'e', schema: 2 }

  it.each([
    ['cut', SENTENCES.cut, (path: string) => truncateSync(path, readFileSync(path).length - 30)],
    [
      'altered at its end',
      SENTENCES.damaged,
      (path: string) => {
        const bytes = readFileSync(path)
        bytes[bytes.length - 20]! ^= 1
        writeFileSync(path, bytes)
      },
    ],
    ['another kind of file', SENTENCES.foreign, (path: string) => writeFileSync(path, 'SQLite format 3\0…')],
  ])('because it is %s says so in one sentence and touches nothing', async (_what, sentence, spoil) => {
    await endpoint.putFile(
      new Uint8Array(400_000).map((_, at) => (at * at) % 251),
      'application/pdf',
      'org',
    )
    const path = await backUp(endpoint)
    const target = await another()
    const before = await digestOf(target)
    spoil(path)
    await expect(restore(target, path)).rejects.toThrow(sentence)
    expect(await digestOf(target)).toBe(before)
  })

  it('says that it is of a newer program, of an older one, or not complete', async () => {
    const newerTable = [aboutLine(about), lineOf({ table: 'badges', row: { id: 1 } })]
    const newerSchema = [
      aboutLine({ ...about, schema: 99 }),
      lineOf({ rows: {} }),
      lineOf({ end: { files: 0, missing: [] } }),
    ]
    const older = [
      aboutLine({ ...about, schema: 1 }),
      lineOf({ rows: {} }),
      lineOf({ end: { files: 0, missing: [] } }),
    ]
    const short = [
      aboutLine(about),
      lineOf({ rows: { settings: 2 } }),
      lineOf({ end: { files: 0, missing: [] } }),
    ]
    const before = await digestOf(endpoint)
    for (const [lines, sentence] of [
      [newerTable, SENTENCES.newer],
      [newerSchema, SENTENCES.newer],
      [older, '更旧的版本'],
      [short, SENTENCES.damaged],
      [[aboutLine(about)], SENTENCES.damaged],
    ] as const)
      await expect(restore(endpoint, await forged([...lines]))).rejects.toThrow(sentence)
    expect(await digestOf(endpoint)).toBe(before)
  })

  it('leaves everything as it was when it fails in the middle of the rows', async () => {
    const path = await backUp(endpoint)
    const target = await another()
    const before = await digestOf(target)
    const beforeCommit = () => Promise.reject(new TypeError('the power is gone'))
    await expect(restore(target, path, { beforeCommit })).rejects.toThrow(TypeError)
    expect(await digestOf(target)).toBe(before)
    await restore(target, path)
    expect(await verify(target)).toMatchObject({ ok: true })
  })
})

describe('the command', () => {
  const said: string[] = []
  beforeEach(() => {
    said.length = 0
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
    vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line))
    vi.stubEnv('BACKUP_KEY', PASSPHRASE)
  })

  it('asks before it replaces anything, and takes --replace for the answer', async () => {
    const path = await backUp(endpoint)
    const before = await digestOf(endpoint)
    expect(await restoreCommand.run(contextOf(endpoint, [path]))).toBe(false)
    expect(said.join()).toContain('--replace')
    expect(await digestOf(endpoint)).toBe(before)
    expect(await restoreCommand.run(contextOf(endpoint, [path], { flags: new Set(['replace']) }))).toBe(true)
    expect(said.join()).toContain('已恢复到 2026-11-23 08:00 的备份')
  })

  it('refuses without a passphrase, with a short one, without a file, and while somebody is in the way', async () => {
    const path = await backUp(endpoint)
    const flags = new Set(['replace'])
    const before = await digestOf(endpoint)
    expect(await restoreCommand.run(contextOf(endpoint, [], { flags }))).toBe(false)
    vi.stubEnv('BACKUP_KEY', 'short')
    expect(await restoreCommand.run(contextOf(endpoint, [path], { flags }))).toBe(false)
    vi.stubEnv('BACKUP_KEY', 'quite another one')
    expect(await restoreCommand.run(contextOf(endpoint, [path], { flags }))).toBe(false)
    expect(said.map((line) => line.slice(0, 8))).toEqual([
      '请给出一个备份文',
      '备份口令太短：至',
      '口令不对，或文件',
    ])
    vi.stubEnv('BACKUP_KEY', PASSPHRASE)
    const claimAlone = () => Promise.reject(new RangeError('somebody'))
    await expect(restoreCommand.run(contextOf(endpoint, [path], { flags, claimAlone }))).rejects.toThrow(
      RangeError,
    )
    expect(await digestOf(endpoint)).toBe(before)
  })
})

it('goes from SQLite to PostgreSQL and back: every row the same, the ledger holds, and writing goes on', async () => {
  await fillWithEverything()
  const mostly = (tables: Tables) => ({
    ...tables,
    settings: [],
    sessions: [],
    throttles: [],
    ledger: [],
    scopes: [],
  })
  const toPostgres = await another({ database: 'postgres' })
  await restore(toPostgres, await backUp(endpoint))
  const [first, second] = [await tablesOf(endpoint), await tablesOf(toPostgres)]
  expect(mostly(second)).toEqual(mostly(first))
  expect(await verify(toPostgres)).toMatchObject({ ok: true })
  expect(Buffer.from((await toPostgres.blobs.read(ground.sha256))!).toString()).toContain('示例文件')
  // Ids of a test are counted: those that came with the backup are taken.
  for (let at = 0; at < 1000; at++) toPostgres.newId()
  const phone = await connect(toPostgres, '1003')
  const { outcomes } = await push(phone, [
    mutationOf(1, { type: 'opinion', id: uid(1), fields: opinionOf(phone.personId) }),
    mutationOf(2, {
      type: 'note',
      id: uid(2),
      scope: `private:${phone.personId}`,
      fields: { personId: phone.personId, bookId: uid(2), chapterId: uid(2), paragraph: 1, text: '记' },
    }),
  ])
  expect(outcomes.map((o) => o.status)).toEqual(['accepted', 'accepted'])
  const toFile = await another({ database: 'sqlite' })
  await restore(toFile, await backUp(toPostgres))
  const [third, fourth] = [await tablesOf(toPostgres), await tablesOf(toFile)]
  expect(mostly(fourth)).toEqual(mostly(third))
  expect(await verify(toFile)).toMatchObject({ ok: true })
  expect((await opinionAt(uid(1), toFile))?.fields).toBe((await opinionAt(uid(1), toPostgres))?.fields)
})
