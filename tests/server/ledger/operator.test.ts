/** verify, erase and export as the operator calls them; the journal and its replay; a restore's entries. */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { writeBackup } from '../../../src/server/backup/write-backup.ts'
import { putRecord } from '../../../src/server/commands/put-record.ts'
import { issueCode } from '../../../src/server/commands/accounts.ts'
import { createApp } from '../../../src/server/app.ts'
import type { OperatorCommand } from '../../../src/server/operator/command.ts'
import { eraseCommand } from '../../../src/server/operator/erase.ts'
import { exportCommand } from '../../../src/server/operator/export/export.ts'
import { createFileJournal, journalPath, readJournal } from '../../../src/server/journal/journal-file.ts'
import { journaledStore } from '../../../src/server/journal/journaled-store.ts'
import { replayJournal } from '../../../src/server/journal/replay-journal.ts'
import { verifyCommand } from '../../../src/server/operator/verify/verify.ts'
import type { RecordStore, WriteTx } from '../../../src/server/store/record-store.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { countersignatureId } from '../../../src/shared/circulation/signing/countersignature.ts'
import { restoredFrom } from '../../../src/shared/sync/ledger.ts'
import {
  connect,
  MONDAY,
  PASSWORD,
  personIdOf,
  setupEndpoint,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { mutationOf, push } from '../../support/wire.ts'
import { layGround, samples } from '../../support/samples.ts'
import { connectWithKey, queueOf } from '../attack.ts'
import { ERASED, first, layLedger, member, rollMark, tablesOf, tamper, verifyHeld } from './tables.ts'

let endpoint: TestEndpoint
let said: string[]
beforeEach(async () => {
  said = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line))
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const run = (command: OperatorCommand, words: string[], options: Record<string, string> = {}) =>
  command.run({
    store: endpoint.store,
    blobs: endpoint.blobs,
    words,
    options,
    flags: new Set(),
    dataDir: endpoint.folder,
    now: MONDAY,
  })
const inFolder = (name: string) => join(endpoint.folder, name)
const SCOPE = `file:${first}:${member}`

describe('verify', () => {
  it('says of a live store what it proved, and names the first broken entry', async () => {
    const { officer } = await layLedger(endpoint)
    expect(await run(verifyCommand, [])).toBe(true)
    expect(said[0]).toBe('账本相符。')
    expect(said).toContain('按规定删除：2 条')
    await tamper(endpoint.store, ({ records }) => {
      const row = records.find((r) => r.id === rollMark(1).id)!
      row.fields = String(row.fields).replace('present', 'absent')
    })
    expect(await run(verifyCommand, [])).toBe(false)
    expect(said.at(-1)).toBe(
      `账本不符。第一处：范围 ${SCOPE} 第 2 号（roll-mark ${rollMark(1).id}）：记录的内容与账本不一致。`,
    )
    expect(officer.personId).toBe(personIdOf('1001'))
  })

  it('checks an export alike, of everything or of one scope, without accounts in it', async () => {
    await layLedger(endpoint)
    expect(await run(exportCommand, [inFolder('all.ndjson')])).toBe(true)
    expect(await run(exportCommand, [inFolder('one.ndjson')], { scope: SCOPE })).toBe(true)
    for (const name of ['all.ndjson', 'one.ndjson'])
      expect([name, await run(verifyCommand, [inFolder(name)])]).toEqual([name, true])
    const text = readFileSync(inFolder('all.ndjson'), 'utf8')
    const tables = new Set(text.split('\n').flatMap((line) => (line === '' ? [] : [lineOf(line).table])))
    expect([...tables].filter((table) => table !== undefined).sort()).toEqual([
      'erasures',
      'ledger',
      'records',
      'scopes',
    ])
    const one = readFileSync(inFolder('one.ndjson'), 'utf8').trimEnd().split('\n').map(lineOf)
    // Four marks and the month's result.
    expect(one.filter((line) => line.table === 'records')).toHaveLength(5)
  })

  it('finds in an export what was altered, cut off at its end, or is no line', async () => {
    await layLedger(endpoint)
    await run(exportCommand, [inFolder('all.ndjson')])
    const text = readFileSync(inFolder('all.ndjson'), 'utf8')
    const attack = async (name: string, changed: string) => {
      writeFileSync(inFolder(name), changed)
      expect(await run(verifyCommand, [inFolder(name)])).toBe(false)
      return said.at(-1)
    }
    expect(await attack('altered', text.replace('\\"present\\"', '\\"absent\\"'))).toContain(SCOPE)
    expect(await attack('cut', text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1))).toContain(
      '不完整',
    )
    const lines = text.split('\n')
    expect(await attack('short', lines.filter((_, at) => at !== 5).join('\n'))).toContain('不完整')
    expect(await attack('broken', lines.with(5, '{"table":').join('\n'))).toContain('读不懂')
    expect(await attack('other', 'something else\n')).toContain('不是备份，也不是导出文件')
    expect(await run(verifyCommand, [inFolder('missing')])).toBe(false)
    expect(said.at(-1)).toContain('打不开文件')
  })

  it('checks a backup alike', async () => {
    await layLedger(endpoint)
    const passphrase = 'a passphrase for tests'
    vi.stubEnv('BACKUP_KEY', passphrase)
    const backUp = (name: string) =>
      writeBackup({
        store: endpoint.store,
        blobs: endpoint.blobs,
        path: inFolder(name),
        passphrase,
        now: MONDAY,
        overwrite: false,
        cost: { N: 1024, r: 8, p: 1 },
      })
    await backUp('good')
    expect(await run(verifyCommand, [inFolder('good')])).toBe(true)
    await tamper(endpoint.store, ({ ledger }) => void ledger.splice(3, 1))
    await backUp('bad')
    expect(await run(verifyCommand, [inFolder('bad')])).toBe(false)
    expect(said.at(-1)).toContain('账本不符')
    vi.stubEnv('BACKUP_KEY', 'another passphrase')
    expect(await run(verifyCommand, [inFolder('good')])).toBe(false)
  })

  it('overwrites nothing when it exports, and knows its scopes', async () => {
    writeFileSync(inFolder('there'), 'kept')
    expect(await run(exportCommand, [inFolder('there')])).toBe(false)
    expect(readFileSync(inFolder('there'), 'utf8')).toBe('kept')
    expect(await run(exportCommand, [inFolder('none')], { scope: 'unit:none' })).toBe(false)
    expect(existsSync(inFolder('none'))).toBe(false)
  })
})

const lineOf = (text: string) => JSON.parse(text) as { table?: string }

describe('erase', () => {
  it('wants a type, an id and a reason, and says when there is nothing', async () => {
    for (const [words, options] of [
      [[], {}],
      [['column', 'x'], {}],
      [['column', 'x'], { reason: '  ' }],
      [['column', 'x'], { reason: '字'.repeat(61) }],
      [['no-type', 'x'], { reason: '本人要求' }],
      [['column', 'x'], { reason: '本人要求' }],
    ] as [string[], Record<string, string>][])
      expect(await run(eraseCommand, words, options)).toBe(false)
    expect(said.at(-1)).toBe('没有这条记录：column x')
    expect(readJournal(journalPath(endpoint.folder))).toEqual({ lines: [], unreadable: 0 })
  })

  it('removes the record and files that nothing else names, and writes the journal', async () => {
    const sha256 = await endpoint.putFile(new TextEncoder().encode('# 只此一处'), 'text/markdown', 'org')
    await endpoint.put('book', 'a-book', { title: '书', edition: '一' })
    const chapter = { bookId: 'a-book', order: 1, title: '章', sha256, sizeBytes: 10, paragraphs: 1 }
    for (const id of ['one', 'two']) await endpoint.put('book-chapter', id, chapter)
    expect(await run(eraseCommand, ['book-chapter', 'one'], { reason: '本人要求' })).toBe(true)
    expect(await endpoint.blobs.sizeBytes(sha256)).toBeDefined()
    expect(await run(eraseCommand, ['book-chapter', 'two'], { reason: '本人要求' })).toBe(true)
    expect(await endpoint.blobs.sizeBytes(sha256)).toBeUndefined()
    expect(await run(eraseCommand, ['book-chapter', 'two'], { reason: '本人要求' })).toBe(true)
    expect(said.at(-1)).toBe('这条记录先前已按规定删除。')
    const { lines } = readJournal(journalPath(endpoint.folder))
    expect(lines.map((line) => line.kind === 'erase' && [line.id, line.freedFiles])).toEqual([
      ['one', []],
      ['two', [sha256]],
    ])
    expect(await run(verifyCommand, [])).toBe(true)
  })

  it('leaves nothing of the content in the files of a SQLite store that goes on being served', async () => {
    const served = await setupEndpoint({ database: 'sqlite' })
    const store = await openSqliteStore(join(served.folder, 'store.sqlite'))
    const bytes = (): string =>
      readdirSync(served.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
        .join('')
    try {
      await served.put('column', 'a-column', { name: 'words-to-be-erased' })
      expect(bytes()).toContain('words-to-be-erased')
      const { blobs, folder: dataDir } = served
      const parts = { store, blobs, dataDir, flags: new Set<string>(), now: MONDAY }
      const words = ['column', 'a-column']
      expect(await eraseCommand.run({ ...parts, words, options: { reason: '本人要求' } })).toBe(true)
      expect(bytes()).not.toContain('words-to-be-erased')
      expect((await served.store.read((tx) => tx.record('column', 'a-column')))?.deleted).toBe(true)
    } finally {
      await store.close()
      await served.close()
    }
  })

  it('takes the countersignature of a sign-off along, which could prove what was in it, and so does a replay', async () => {
    const sample = samples(await layGround(endpoint)).find(({ type }) => type === 'sign-off')!
    expect((await (await queueOf(endpoint, sample.by)).offer(sample)).status).toBe('accepted')
    const receipt = () =>
      endpoint.store.read((tx) => tx.record('countersignature', countersignatureId(sample.id)))
    expect((await receipt())?.deleted).toBe(false)
    expect(await run(eraseCommand, ['sign-off', sample.id], { reason: '本人要求' })).toBe(true)
    expect(await receipt()).toMatchObject({ deleted: true, fields: '{}' })
    expect(await run(verifyCommand, [])).toBe(true)
    const { lines } = readJournal(journalPath(endpoint.folder))
    const older = await setupEndpoint()
    await layGround(older)
    await (await queueOf(older, sample.by)).offer(sample)
    await older.store.write([], (tx) => replayJournal(tx, lines, MONDAY))
    const left = await older.store.read((tx) => tx.record('countersignature', countersignatureId(sample.id)))
    expect(left?.deleted).toBe(true)
    await older.close()
  })

  it('erases nothing when the journal cannot be written', async () => {
    await endpoint.put('column', 'a-column', { name: '栏目' })
    const failing = eraseCommand.run({
      store: endpoint.store,
      blobs: endpoint.blobs,
      words: ['column', 'a-column'],
      options: { reason: '本人要求' },
      flags: new Set(),
      dataDir: inFolder('not-there'),
      now: MONDAY,
    })
    await expect(failing).rejects.toThrow(/ENOENT/)
    expect((await endpoint.store.read((tx) => tx.record('column', 'a-column')))?.deleted).toBe(false)
  })
})

describe('the journal', () => {
  const journal = () => createFileJournal(inFolder('journal'))
  const erased = (id: string) => ({
    kind: 'erase' as const,
    type: 'column',
    id,
    scope: 'org',
    reason: '本人要求',
    author: 'operator',
    freedFiles: [],
    at: MONDAY,
  })

  it('keeps its lines in order, and loses none to a line that a crash cut off', () => {
    journal().append(erased('one'))
    appendFileSync(inFolder('journal'), '{"kind":"erase","type":"col')
    journal().append(erased('two'))
    expect(readJournal(inFolder('journal'))).toEqual({ lines: [erased('one'), erased('two')], unreadable: 1 })
    expect(readJournal(inFolder('nothing'))).toEqual({ lines: [], unreadable: 0 })
  })

  it('replayed on an older store erases what is there, refuses what is not yet there, once as twice', async () => {
    await endpoint.put('column', 'one', { name: '栏目' })
    const lines = [erased('one'), erased('one'), erased('later')]
    const replay = () => endpoint.store.write([], (tx) => replayJournal(tx, lines, MONDAY))
    expect([(await replay()).replayed, (await replay()).replayed]).toEqual([2, 0])
    expect((await endpoint.store.read((tx) => tx.record('column', 'one')))?.deleted).toBe(true)
    await expect(endpoint.put('column', 'later', { name: '又来' })).rejects.toMatchObject({ code: 'erased' })
    expect(await verifyHeld(await tablesOf(endpoint.store))).toMatchObject({ ok: true })
  })

  it('is told of a device that is stopped, and stops it again on an older store', async () => {
    const app = createApp({
      store: endpoint.store,
      blobs: endpoint.blobs,
      journal: journal(),
      now: endpoint.clock.now,
    })
    const { connection: phone } = await connectWithKey(endpoint, '1003')
    const before = await endpoint.store.read((tx) => tx.device(phone.deviceId))
    const administrator = await connect(endpoint, '0001')
    const stop = await app.request('/api/commands/revoke-device', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: administrator.cookie },
      body: JSON.stringify({ id: 'command-1', deviceId: phone.deviceId }),
    })
    expect([stop.status, await stop.text()]).toEqual([200, '{"revoked":true}'])
    const { lines } = readJournal(inFolder('journal'))
    expect(lines).toMatchObject([
      { kind: 'end-device', deviceId: phone.deviceId, by: administrator.personId },
    ])
    // As a backup from before would have it.
    const keys = () => endpoint.store.read((tx) => tx.records({ types: ['device-key'], person: member }))
    await endpoint.store.write([], (tx) => tx.putDevice(before!))
    for (const replayed of [1, 0])
      expect(await endpoint.store.write([], (tx) => replayJournal(tx, lines, MONDAY))).toMatchObject({
        replayed,
      })
    expect((await endpoint.store.read((tx) => tx.device(phone.deviceId)))?.revokedAt).toBe(
      endpoint.clock.now(),
    )
    expect(
      (await keys()).filter((key) => key.fields.includes(`"supersedes":["${phone.keyId}"]`)),
    ).toHaveLength(1)
  })
})

describe('a store that writes the journal', () => {
  const journaled = (path = inFolder('journal')) =>
    journaledStore(endpoint.store, createFileJournal(path), endpoint.clock.now)
  const setClosed = async (tx: WriteTx, closed: boolean) =>
    tx.putAccount({ ...(await tx.account({ staffNo: '1004' }))!, closed })
  const isClosed = async () => (await endpoint.store.read((tx) => tx.account({ staffNo: '1004' })))?.closed
  const officerRole = async () => {
    const [role] = await endpoint.store.read((tx) =>
      tx.records({ types: ['role'], person: personIdOf('1001') }),
    )
    return { id: role!.id, rev: role!.rev, fields: JSON.parse(role!.fields) as JsonObject }
  }
  const kinds = () => readJournal(inFolder('journal')).lines.map((line) => line.kind)

  it('has the line before the commit, and commits nothing when the line cannot be written', async () => {
    const nowhere = join(inFolder('not-there'), 'journal')
    await expect(journaled(nowhere).write([], (tx) => setClosed(tx, true))).rejects.toThrow(/ENOENT/)
    expect(await isClosed()).toBe(false)
    const app = createApp({
      store: endpoint.store,
      blobs: endpoint.blobs,
      journal: createFileJournal(nowhere),
      now: endpoint.clock.now,
    })
    const administrator = await connect({ ...endpoint, app }, '0001')
    const { id, rev, fields } = await officerRole()
    const revoked = { ...fields, to: '2026-11-23', revokedForCause: true }
    const mutation = mutationOf(1, { type: 'role', id, fields: revoked, baseRev: rev })
    expect((await push(administrator, [mutation])).status).toBe(500)
    expect((await officerRole()).fields).toEqual(fields)
    // What is no revocation needs no journal.
    const renamed = mutationOf(1, { type: 'role', id, fields: { ...fields, title: '书记' }, baseRev: rev })
    expect((await push(administrator, [renamed])).outcomes[0]).toMatchObject({ status: 'accepted' })
  })

  it('writes what a transaction ends with: nothing of a savepoint that was undone, each turn once', async () => {
    const store = journaled()
    await store.write([], async (tx) => {
      const undone = tx.savepoint(async () => {
        await setClosed(tx, true)
        throw new RangeError('undone')
      })
      await expect(undone).rejects.toThrow('undone')
    })
    expect([kinds(), await isClosed()]).toEqual([[], false])
    await store.write([], (tx) => setClosed(tx, true))
    await store.write([], (tx) => setClosed(tx, true))
    expect([kinds(), await isClosed()]).toEqual([['close-account'], true])
    await store.write([], (tx) => setClosed(tx, false))
    expect(kinds()).toEqual(['close-account', 'reopen-account'])
  })

  it('writes what takes a closing back after the commit only: one that failed would undo what holds', async () => {
    await journaled().write([], (tx) => setClosed(tx, true))
    const failing: RecordStore = {
      ...endpoint.store,
      write: (scopes, body) =>
        endpoint.store.write(scopes, async (tx) => {
          await body(tx)
          throw new RangeError('the disk, at the commit')
        }),
    }
    const over = journaledStore(failing, createFileJournal(inFolder('journal')), endpoint.clock.now)
    await expect(over.write([], (tx) => setClosed(tx, false))).rejects.toThrow('at the commit')
    expect([kinds(), await isClosed()]).toEqual([['close-account'], true])
    // Opened and closed again in one: the last of them counts.
    await journaled().write([], async (tx) => {
      await setClosed(tx, false)
      await setClosed(tx, true)
    })
    expect([kinds().at(-1), await isClosed()]).toEqual(['close-account', true])
  })

  it('keeps nobody’s words of a role that was revoked', async () => {
    const { id, fields } = await officerRole()
    const plain = { ...fields, to: '2026-11-23', revokedForCause: true }
    const revoked = { ...plain, title: '另有原因', unforeseen: '别的话' }
    await journaled().write([], (tx) =>
      putRecord(tx, { type: 'role', id, fields: revoked, author: 'test', now: MONDAY }),
    )
    expect(String(fields.name)).toBe('陈静')
    expect(readFileSync(inFolder('journal'), 'utf8')).not.toMatch(/陈静|另有原因|别的话/)
    expect(readJournal(inFolder('journal'))).toMatchObject({
      lines: [
        {
          kind: 'revoke-role',
          id,
          fields: { ...plain, name: '', title: '支部委员' },
          author: 'test',
          at: MONDAY,
        },
      ],
      unreadable: 0,
    })
  })

  it('is not outrun by a password that is being set while the account is closed', async () => {
    const { code } = await endpoint.store.write([], (tx) => issueCode(tx, personIdOf('1004'), MONDAY))
    let writes = 0
    // Closed as soon as the request has seen the account open.
    const write: RecordStore['write'] = async (scopes, body) => {
      const seen = await endpoint.store.write(scopes, body)
      if (++writes === 1) await endpoint.store.write([], (tx) => setClosed(tx, true))
      return seen
    }
    const store = { ...endpoint.store, write }
    const app = createApp({ store, blobs: endpoint.blobs, now: endpoint.clock.now })
    const answer = await app.request('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ staffNo: '1004', activationCode: code, newPassword: 'another horse 2026' }),
    })
    expect([answer.status, await isClosed()]).toEqual([401, true])
    // And by password: it is checked while the account is closed.
    await endpoint.store.write([], (tx) => setClosed(tx, false))
    writes = 0
    const byPassword = await app.request('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ staffNo: '1004', password: PASSWORD }),
    })
    expect(byPassword.status).toBe(401)
  })
})

it('a restore names the old epoch and head in each ledger, also in one that the backup did not have', async () => {
  await layLedger(endpoint)
  const { ledger, scopes } = await tablesOf(endpoint.store)
  const org = scopes.find((row) => row.name === 'org')!
  const entry = ledger.find((row) => row.kind === 'restore' && row.scope_id === org.id)!
  expect(entry.id).toBe(restoredFrom('old-epoch', 'ab'.repeat(32)))
  const others = ledger.filter((row) => row.kind === 'restore' && row.scope_id !== org.id)
  expect(others.length).toBeGreaterThan(3)
  expect(new Set(others.map((row) => row.id))).toEqual(new Set([restoredFrom('old-epoch', null)]))
  expect(ledger.some((row) => row.id === ERASED.id)).toBe(true)
})

it('what was erased stays away from an import as well', async () => {
  await endpoint.put('column', 'one', { name: '栏目' })
  await run(eraseCommand, ['column', 'one'], { reason: '本人要求' })
  const again = endpoint.store.write([], (tx) =>
    putRecord(tx, { type: 'column', id: 'one', fields: { name: '栏目' }, author: 'import', now: MONDAY }),
  )
  await expect(again).rejects.toThrow('这条记录已按规定删除。（column one）')
})
