/** The hashes of the ledger: what they bind, and what they leave open. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chainMark,
  chainOf,
  isLedgered,
  restoredFrom,
  restoreHash,
  sealRecord,
  type LedgerEntry,
  type LedgerRecord,
} from '../../../src/shared/sync/ledger.ts'
import { ChainMark } from '../../../src/shared/sync/protocol/pull.ts'
import { parse } from 'valibot'

const record: LedgerRecord = {
  type: 'roll-mark',
  id: 'mark-1',
  scope: 'file:first:member',
  schemaVersion: 1,
  deleted: false,
  fields: '{"state":"present"}',
  author: 'officer',
  observedAt: 1,
  hash: 'h',
  person: 'member',
  subject: 'sitting:member',
}
const entry: LedgerEntry = {
  scope: record.scope,
  rev: 3,
  kind: 'put',
  type: record.type,
  id: record.id,
  recordHash: 'r',
  salt: 's',
  author: record.author,
  at: 2,
  chain: '',
}
const other = (value: string | number | boolean | null) => {
  if (value === null) return ''
  if (typeof value === 'boolean') return !value
  return typeof value === 'number' ? value + 1 : `${value}x`
}

describe('a record hash', () => {
  it('is another one when any part of the record is', () => {
    const { recordHash } = sealRecord(record, 'salt')
    for (const [key, value] of Object.entries(record)) {
      const changed = { ...record, [key]: other(value) } as LedgerRecord
      expect([key, sealRecord(changed, 'salt').recordHash]).not.toEqual([key, recordHash])
    }
    for (const key of ['hash', 'person', 'subject'])
      expect(sealRecord({ ...record, [key]: null }, 'salt').recordHash).not.toBe(recordHash)
    expect(sealRecord({ ...record }, 'salt').recordHash).toBe(recordHash)
  })

  it('is another one with another salt: who has lost the salt cannot try what the content was', () => {
    expect(sealRecord(record, 'a').recordHash).not.toBe(sealRecord(record, 'b').recordHash)
  })

  it('keeps neighbouring parts apart', () => {
    const moved = { ...record, type: 'roll', id: '-markmark-1' }
    expect(sealRecord(moved, 'salt').recordHash).not.toBe(sealRecord(record, 'salt').recordHash)
  })
})

describe('a chain', () => {
  it('is another one when any part of the entry or anything before it is, but for the salt', () => {
    const chain = chainOf('before', entry)
    for (const [key, value] of Object.entries(entry).filter(([name]) => name !== 'chain' && name !== 'salt'))
      expect([key, chainOf('before', { ...entry, [key]: other(value) })]).not.toEqual([key, chain])
    expect(chainOf('another', entry)).not.toBe(chain)
    expect(chainOf(null, entry)).not.toBe(chainOf('', entry))
    // A salt can be taken away, and what stands after it stays provable.
    expect(chainOf('before', { ...entry, salt: null } as LedgerEntry)).toBe(chain)
  })

  it('has for its mark the first 16 bytes in base64url', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const mark = chainMark(Buffer.from(bytes).toString('hex'))
        expect(mark).toBe(Buffer.from(bytes.subarray(0, 16)).toString('base64url'))
        expect(parse(ChainMark, mark)).toBe(mark)
      }),
    )
  })
})

it('takes facts and content outside private scopes, and types that it does not know', () => {
  expect(isLedgered('roll-mark', 'file:first:member')).toBe(true)
  expect(isLedgered('lesson', 'org')).toBe(true)
  expect(isLedgered('of-a-newer-version', 'unit:first')).toBe(true)
  expect(isLedgered('note', 'private:member')).toBe(false)
  expect(isLedgered('score-sheet', 'desk:first')).toBe(false)
  expect(isLedgered('lesson-receipt', 'private:member')).toBe(false)
})

it('names in a restore the epoch and the head that were there before', () => {
  const hashes = [
    restoredFrom('e1', 'h1'),
    restoredFrom('e1', 'h2'),
    restoredFrom('e2', 'h1'),
    restoredFrom('e1', null),
  ]
  expect(new Set(hashes.map(restoreHash)).size).toBe(hashes.length)
})
