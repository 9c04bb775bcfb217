/** The whole way: a phone on the real endpoint, whose ledger somebody changes behind its back. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readMeta } from '../../../../src/client/storage/meta.ts'
import { branchId, setupEndpoint, type TestEndpoint } from '../../../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../../../support/phone.ts'
import { layGround } from '../../../support/samples.ts'

let endpoint: TestEndpoint
let phone: JourneyPhone
const branch = branchId('第一支部')
beforeEach(async () => {
  endpoint = await setupEndpoint({ database: 'sqlite' })
  await layGround(endpoint)
  phone = await setupPhone(endpoint, '1003')
  await phone.sync()
})
afterEach(async () => {
  await closePhones()
  await endpoint.close()
})

const writeColumn = (name: string) =>
  endpoint.put('column', `column-${Buffer.from(name).toString('hex')}`, { name, order: 1 })
const rewritten = () => readMeta(phone.phone.db, 'rewritten')

it('an honest endpoint is never accused, whatever it is asked', async () => {
  expect(Object.keys((await readMeta(phone.phone.db, 'marks')) ?? {})).toContain('org')
  for (let n = 0; n < 5; n++) {
    await writeColumn(`第${n}`)
    await phone.phone.store.put('opinion', { personId: phone.session.person.id, text: `第${n}` })
    await phone.sync()
    if (n === 2) await phone.reopen()
  }
  expect(await rewritten()).toBeUndefined()
})

it('a chain that was computed anew is noticed with the next move of the scope, and of no other', async () => {
  const sqlite = new DatabaseSync(join(endpoint.folder, 'store.sqlite'))
  sqlite
    .prepare(
      `UPDATE ledger SET chain = lower(hex(randomblob(32))) WHERE scope_id = (SELECT id FROM scopes WHERE name = 'org')`,
    )
    .run()
  sqlite.close()
  await phone.sync()
  expect(await rewritten()).toBeUndefined()
  await writeColumn('之后')
  await phone.sync()
  expect((await rewritten())?.scopes).toEqual(['org'])
  expect(await readMeta(phone.phone.db, 'marks')).toHaveProperty(`unit:${branch}`)
  expect(
    await phone.phone.db.records('column').get(`column-${Buffer.from('之后').toString('hex')}`),
  ).toBeDefined()
})
