/**
 * Guarantee: files of minutes are those that the recorder sent, they go with the words that name them, and no one else's bytes come
 * into sight by their hash.
 */
import { describe, expect, it } from 'vitest'
import { eraseRecord } from '../../../../src/server/commands/erase-record.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import { fileScope, unitScope } from '../../../../src/shared/sync/scopes.ts'
import { MONDAY } from '../../../support/endpoint.ts'
import { fieldsOf } from '../../attack.ts'
import {
  as,
  chair,
  endpoint,
  fixed,
  ID,
  member,
  offer,
  proposal,
  recorder,
  unitId,
  useMinutesWorld,
} from './minutes-world.ts'

useMinutesWorld()

describe('files of minutes', () => {
  const bytes = new TextEncoder().encode('签到')
  const send = async (staffNo: string, sha256: string, scope: string) =>
    (await as(staffNo)).send(`/api/blobs/${sha256}?scope=${scope}`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: bytes,
    })
  const fileOf = (over: object = {}) => ({
    sha256: sha256Hex(bytes),
    name: '签到表.txt',
    mime: 'text/plain',
    sizeBytes: bytes.length,
    ...over,
  })
  const readBy = async (staffNo: string) =>
    (await (await as(staffNo)).send(`/api/blobs/${fileOf().sha256}`)).status

  it('wait for their bytes, which the recorder sends into their own file and not into the chair’s', async () => {
    const named = proposal({ files: [fileOf()] })
    expect(await offer('1003', 'minutes-proposal', 'p1', named)).toBe('deferred missing-file')
    expect((await send('1003', fileOf().sha256, fileScope(unitId, chair))).status).toBe(403)
    expect((await send('1003', fileOf().sha256, fileScope(unitId, recorder))).status).toBe(201)
    expect(await offer('1003', 'minutes-proposal', 'p1', named)).toBe('accepted')
    const readers = await Promise.all(['1001', '1007', '1003', '1004', '1002', '2001'].map(readBy))
    expect(readers).toEqual([200, 200, 200, 404, 404, 404])
  })

  it('of somebody else’s, whose hash is all that the recorder knows, are not named', async () => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, member))
    expect(await offer('1003', 'minutes-proposal', 'p1', proposal({ files: [fileOf()] }))).toBe(
      'rejected forbidden',
    )
  })

  it.each([
    ['none, as an empty list', []],
    ['twenty-one', Array.from({ length: 21 }, (_, n) => fileOf({ sha256: sha256Hex(`${n}`) }))],
    ['the same twice', [fileOf(), fileOf({ name: '又一份.txt' })]],
    ['one with no name', [fileOf({ name: ' ' })]],
    ['one with no hash', [fileOf({ sha256: 'x' })]],
  ])('%s: refused', async (_, files) => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
    expect(await offer('1003', 'minutes-proposal', 'p1', proposal({ files }))).toBe('rejected invalid-fields')
  })

  it('a correction has none', async () => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
    const change = proposal({ about: 'correction', why: '笔误', files: [fileOf()] })
    expect(await offer('1003', 'minutes-proposal', 'c1', change)).toBe('rejected invalid-fields')
  })

  it.each([
    ['without them, as an app of before', {}],
    ['under another name', { files: [fileOf({ name: '另一份.txt' })] }],
    ['of another size', { files: [fileOf({ sizeBytes: 1 })] }],
    ['with one more', { files: [fileOf(), fileOf({ sha256: sha256Hex('other') })] }],
  ])(
    'are not fixed %s; as they were proposed they are, and the unit’s members read them',
    async (_, over) => {
      await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
      await endpoint.putFile(new TextEncoder().encode('other'), 'text/plain', unitScope(unitId))
      await offer('1003', 'minutes-proposal', 'p1', proposal({ files: [fileOf()] }))
      expect(await offer('1001', 'minutes', ID, fixed(over))).toBe('rejected not-confirmed')
      expect(await fieldsOf(endpoint, 'minutes', ID)).toBeUndefined()
      expect(await readBy('1004')).toBe(404)
      expect(await offer('1001', 'minutes', ID, fixed({ files: [fileOf()] }))).toBe('accepted')
      expect(await readBy('1004')).toBe(200)
      expect(await readBy('2001')).toBe(404)
    },
  )

  it('go with the records that name them, when these are erased by rule: also from where they were sent first', async () => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
    await offer('1003', 'minutes-proposal', 'p1', proposal({ files: [fileOf()] }))
    await offer('1001', 'minutes', ID, fixed({ files: [fileOf()] }))
    const erase = (type: string, id: string) =>
      endpoint.store.write([], (tx) =>
        eraseRecord(tx, { type, id, reason: 'by rule', author: 'test', now: MONDAY }),
      )
    expect(await erase('minutes-proposal', 'p1')).toMatchObject({ change: 'erased', freedFiles: [] })
    expect(await endpoint.store.read((tx) => tx.blobScopes(fileOf().sha256))).toEqual([unitScope(unitId)])
    expect(await erase('minutes', ID)).toMatchObject({ change: 'erased', freedFiles: [fileOf().sha256] })
  })

  it('minutes that were proposed without any are fixed without any', async () => {
    await endpoint.putFile(bytes, 'text/plain', unitScope(unitId))
    await offer('1003', 'minutes-proposal', 'p1', proposal())
    expect(await offer('1001', 'minutes', ID, fixed({ files: [fileOf()] }))).toBe('rejected not-confirmed')
    expect(await offer('1001', 'minutes', ID, fixed())).toBe('accepted')
  })
})
