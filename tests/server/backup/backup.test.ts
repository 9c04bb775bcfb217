/** Backups of an endpoint that goes on serving: one snapshot, whole files, and never a file that only looks like a backup. */
import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupTables, checkBackup } from '../../../src/server/backup/read-backup.ts'
import { BackupTrouble } from '../../../src/server/backup/trouble.ts'
import { writeBackup, type BackupJob } from '../../../src/server/backup/write-backup.ts'
import { verifyTables } from '../../../src/server/operator/verify/verify-tables.ts'
import type { TableReader, TableRow } from '../../../src/server/store/record-store.ts'
import { TABLE_NAMES } from '../../../src/server/store/sql/whole-store.ts'
import { connect, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { CHEAP, PASSPHRASE } from '../../support/restoring.ts'
import { mutationOf, pullAll, push } from '../../support/wire.ts'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(() => endpoint.close())

const place = (name = 'a.backup') => join(endpoint.folder, name)
const backUp = (over: Partial<BackupJob> = {}) => {
  const { store, blobs, clock } = endpoint
  const job = { store, blobs, path: place(), passphrase: PASSPHRASE, now: clock.now() }
  return writeBackup({ ...job, overwrite: false, cost: CHEAP, ...over })
}
const file = (path = place()) => ({ path, passphrase: PASSPHRASE })
const tablesOf = async (tables: TableReader) => {
  const all: Record<string, TableRow[]> = {}
  for (const table of TABLE_NAMES) {
    all[table] = []
    for await (const row of tables.rows(table)) all[table].push({ ...row })
  }
  return all
}
const text = (words: string) => new TextEncoder().encode(words)
const leftOvers = () => readdirSync(endpoint.folder).filter((name) => name.includes('.part'))

describe('a backup', () => {
  it('holds every row of every table as it stands, and every file', async () => {
    const sha256 = await endpoint.putFile(text('附件'), 'text/plain', 'org')
    const empty = await endpoint.putFile(new Uint8Array(), 'text/plain', 'org')
    const big = await endpoint.putFile(new Uint8Array(700_000).fill(9), 'application/pdf', 'org')
    const written = await backUp()
    expect(await tablesOf(backupTables(file()))).toEqual(await endpoint.store.readAll(tablesOf))
    const checked = await checkBackup(file())
    expect([checked.files, checked.fileBytes, checked.missing]).toEqual([3, 700_006, []])
    expect(written).toMatchObject({ files: 3, removed: 0, path: place(), epoch: checked.epoch })
    expect(new Set([sha256, empty, big]).size).toBe(3)
    // Names, contents and password hashes are nowhere in clear, and others on the machine cannot read it.
    const bytes = readFileSync(place())
    for (const word of ['陈静', '1001', 'argon2id', '附件', 'window-hall.sqlite'])
      expect(bytes.includes(Buffer.from(word))).toBe(false)
    expect(statSync(place()).mode & 0o777).toBe(0o600)
    expect(written.sizeBytes).toBe(bytes.length)
  })

  it('is one snapshot while pushes and pulls go on: no row beyond its scope, a ledger that holds', async () => {
    const phone = await connect(endpoint, '1003')
    const counts = { n: 0, during: 0 }
    const pushOne = async () => {
      const id = randomUUID()
      counts.n += 1
      const fields = { personId: phone.personId, text: `第 ${counts.n} 条` }
      const { outcomes } = await push(phone, [mutationOf(counts.n, { type: 'opinion', id, fields })])
      expect(outcomes[0]?.status).toBe('accepted')
    }
    for (let at = 0; at < 5; at++) await pushOne()
    const serve = { going: true }
    const serving = (async () => {
      while (serve.going) {
        await pushOne()
        await pullAll(phone)
        counts.during += 1
        // Requests come from outside: between two of them the loop turns.
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    try {
      for (let at = 0; at < 4; at++) await backUp({ path: place(`${at}.backup`) })
    } finally {
      serve.going = false
      await serving
    }
    expect(counts.during).toBeGreaterThan(3)
    for (let at = 0; at < 4; at++) {
      const tables = backupTables(file(place(`${at}.backup`)))
      expect(await verifyTables(tables, endpoint.clock.now())).toMatchObject({ ok: true })
      const { scopes, records, devices, outcomes } = await tablesOf(tables)
      const heads = new Map(scopes!.map((scope) => [scope.id, scope.rev as number]))
      for (const row of records!) expect(row.rev).toBeLessThanOrEqual(heads.get(row.scope_id)!)
      // Record, outcome and the device's counter went in together.
      const device = devices!.find((row) => row.id === phone.deviceId)
      expect(outcomes!.filter((row) => row.device_id === phone.deviceId)).toHaveLength(
        device!.last_mutation as number,
      )
      expect(records!.filter((row) => row.type === 'opinion')).toHaveLength(device!.last_mutation as number)
    }
  })

  it('is no less for a file that is removed meanwhile, and tells it', async () => {
    const gone = await endpoint.putFile(text('很快移除'), 'text/plain', 'org')
    await endpoint.putFile(text('留下'), 'text/plain', 'org')
    const written = await backUp({
      afterRows: async () => {
        await endpoint.blobs.remove(gone)
        await endpoint.store.write([], async (tx) => {
          await tx.putBlob({ sha256: gone, sizeBytes: 12, mime: 'text/plain', complete: false })
        })
      },
    })
    expect([written.removed, written.missing, written.files]).toEqual([1, [], 1])
    expect(await checkBackup(file())).toMatchObject({ files: 1, missing: [] })
  })

  it('names the files that are missing or no longer what their names say, and leaves them out', async () => {
    // Files of a folder, which a disk can spoil.
    await endpoint.close()
    endpoint = await setupEndpoint({ database: 'sqlite' })
    const lost = await endpoint.putFile(text('丢了'), 'text/plain', 'org')
    const damaged = await endpoint.putFile(new Uint8Array(600_000), 'text/plain', 'org')
    await endpoint.blobs.remove(lost)
    writeFileSync(
      join(endpoint.folder, 'blobs', damaged.slice(0, 2), damaged),
      new Uint8Array(600_000).fill(1),
    )
    const written = await backUp()
    expect([written.missing.toSorted(), written.files]).toEqual([[lost, damaged].sort(), 0])
    expect((await checkBackup(file())).missing.toSorted()).toEqual([lost, damaged].sort())
  })
})

describe('the file on the disk', () => {
  it('is not put over another one without being told to, and the earlier one stays whole until the new one is', async () => {
    await backUp()
    const before = readFileSync(place())
    await expect(backUp()).rejects.toThrow(/--overwrite/)
    const fails = { overwrite: true, afterRows: () => Promise.reject(new TypeError('cut')) }
    await expect(backUp(fails)).rejects.toThrow(TypeError)
    expect(readFileSync(place()).equals(before)).toBe(true)
    expect(leftOvers()).toEqual([])
    await backUp({ overwrite: true })
    expect(readFileSync(place()).equals(before)).toBe(false)
    await checkBackup(file())
  })

  it('is not made in a folder that is not there, or that takes none, and nothing is left behind', async () => {
    await expect(backUp({ path: place('no/such/a.backup') })).rejects.toThrow(/没有这个文件或文件夹/)
    await expect(backUp({ path: endpoint.folder })).rejects.toThrow(/文件夹/)
    mkdirSync(place('closed'))
    chmodSync(place('closed'), 0o500)
    // Root may write everywhere: then it is written, and whole.
    const outcome = await backUp({ path: place('closed/a.backup') }).catch((problem: unknown) => problem)
    if (process.getuid?.() === 0) await checkBackup(file(place('closed/a.backup')))
    else expect(outcome).toBeInstanceOf(BackupTrouble)
    expect(leftOvers()).toEqual([])
  })

  it('was read back before it got its name: two at once under one name leave one that is whole', async () => {
    const both = await Promise.allSettled([backUp({ overwrite: true }), backUp({ overwrite: true })])
    expect(both.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled'])
    await checkBackup(file())
    expect([existsSync(place()), leftOvers()]).toEqual([true, []])
  })
})

it('reads the same from the same bytes: a file is named by what is in it', async () => {
  await backUp()
  const digest = () => createHash('sha256').update(readFileSync(place())).digest('hex')
  const before = digest()
  await checkBackup(file())
  await tablesOf(backupTables(file()))
  expect(digest()).toBe(before)
})
