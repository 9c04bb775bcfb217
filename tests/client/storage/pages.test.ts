import { IDBFactory, IDBIndex, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPhoneDatabase, type PhoneDb } from '../../../src/client/storage/db.ts'
import { readMeta } from '../../../src/client/storage/meta.ts'
import { applyPage, pageToken } from '../../../src/client/storage/pages/pages.ts'
import { scopesHeld } from '../../../src/client/storage/pages/reload.ts'
import { readmitQuarantined } from '../../../src/client/storage/pages/quarantine.ts'
import { createRecordStore, type RecordStore } from '../../../src/client/storage/record-store.ts'
import { pruneOld } from '../../../src/client/storage/upkeep/retention.ts'
import { phoneHoldings } from '../../../src/client/storage/upkeep/holdings.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import type { PullAnswer, WireRecord } from '../../../src/shared/sync/protocol/pull.ts'
import { definitions } from '../../../src/shared/sync/registry.ts'
import {
  meetingFields,
  meetingScope,
  noteFields,
  opinionFields,
  unitFields,
} from '../../support/client/records.ts'

const NOW = 1_800_000_000_000
const context = { now: NOW, personId: 'li' }
let db: PhoneDb
let store: RecordStore
let pages = 0

beforeEach(() => {
  pages = 0
  db = openPhoneDatabase('li', { indexedDB: new IDBFactory(), IDBKeyRange })
  store = createRecordStore({
    db,
    personId: 'li',
    now: () => NOW,
    newId: () => 'new',
    onWrite: () => undefined,
  })
})
afterEach(() => db.close())

function wire(
  type: string,
  id: string,
  scope: string,
  fields: JsonObject,
  more: Partial<WireRecord> = {},
): WireRecord {
  const times = { observedAt: NOW, receivedAt: NOW }
  return {
    type,
    id,
    scope,
    fields,
    rev: 1,
    schemaVersion: 1,
    deleted: false,
    author: 'z',
    ...times,
    ...more,
  }
}

async function book(records: WireRecord[], more: Partial<PullAnswer> = {}) {
  pages += 1
  const page: PullAnswer = {
    cursor: `c${pages}`,
    more: false,
    epoch: 'e',
    heads: {},
    records,
    lastMutation: 0,
    serverTime: NOW + 5,
    scopes: {
      add: [],
      drop: [],
      reset: [],
    },
    ...more,
  }
  return await applyPage(db, page, await pageToken(db), context)
}

const unit = (id: string, more: Partial<WireRecord> = {}) => wire('unit', id, 'org', unitFields(id), more)

describe('a page', () => {
  it('moves rows and cursor together, or neither', async () => {
    db.rows('unit').hook('creating', (id) => {
      if (id === 'u2') throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(book([unit('u1'), unit('u2')])).rejects.toThrow()
    expect(await db.rows('unit').count()).toBe(0)
    expect(await readMeta(db, 'cursor')).toBeUndefined()
  })

  it('is not applied when the phone has moved on since it was asked for', async () => {
    const token = await pageToken(db)
    await book([unit('u1', { rev: 2 })])
    const late: PullAnswer = {
      cursor: 'old',
      more: false,
      epoch: 'e',
      heads: {},
      lastMutation: 0,
      serverTime: NOW,
      scopes: {
        add: [],
        drop: [],
        reset: [],
      },
      records: [
        unit('u1', {
          rev: 1,
          fields: unitFields('旧'),
        }),
      ],
    }
    expect(await applyPage(db, late, token, context)).toBe('stale')
    expect(await db.rows('unit').get('u1')).toMatchObject({ rev: 2 })
    expect(await readMeta(db, 'cursor')).toBe('c1')
  })

  it('of another epoch writes nothing', async () => {
    await book([unit('u1')])
    expect(await book([], { epoch: 'other' })).toBe('epoch-changed')
    expect(await readMeta(db, 'cursor')).toBe('c1')
  })

  it('removes deleted rows, and keeps the offset of the clocks', async () => {
    await book([unit('u1')])
    await book([unit('u1', { rev: 2, deleted: true, fields: {} })])
    expect(await db.rows('unit').count()).toBe(0)
    expect(await readMeta(db, 'serverOffset')).toBe(5)
  })

  it('brings every registered type', async () => {
    await book(definitions.map((d) => wire(d.type, `x-${d.type}`, 'org', { anything: 1 })))
    for (const { type } of definitions) expect(await db.rows(type).count(), type).toBe(1)
  })
})

describe('pending edits', () => {
  it('of a draft stay on top of what comes, path by path', async () => {
    await book([wire('note', 'n', 'private:li', noteFields('原文'))])
    await store.edit('note', 'n', { text: '我的' })
    const theirs = { ...noteFields('别的手机'), quote: '新的引文' }
    await book([wire('note', 'n', 'private:li', theirs, { rev: 2 })])
    expect(await store.get('note', 'n')).toMatchObject({
      pending: 1,
      rev: 2,
      fields: { text: '我的', quote: '新的引文' },
    })
    expect((await db.base.get(['note', 'n']))?.record.fields.text).toBe('别的手机')
  })

  it('of content keep their base revision, so that the endpoint can tell', async () => {
    await book([wire('meeting', 'm', meetingScope, meetingFields('一'))])
    await store.put('meeting', meetingFields('我的'), { id: 'm' })
    await book([wire('meeting', 'm', meetingScope, meetingFields('别人的'), { rev: 7 })])
    expect((await db.outbox.toArray())[0]).toMatchObject({ baseRev: 1 })
    expect((await store.get('meeting', 'm'))?.fields.title).toBe('我的')
  })

  it('survive a deletion elsewhere until the endpoint has judged them', async () => {
    await book([wire('note', 'n', 'private:li', noteFields('原文'))])
    await store.edit('note', 'n', { text: '我的' })
    await book([wire('note', 'n', 'private:li', {}, { rev: 2, deleted: true })])
    expect(await db.outbox.count()).toBe(1)
  })
})

describe('quarantine', () => {
  it('keeps unknown types and newer schemas, and takes them back when the app knows them', async () => {
    await book([wire('hologram', 'h', 'org', { a: 1 }), unit('u1', { schemaVersion: 99 })])
    expect(await db.quarantine.count()).toBe(2)
    expect(await db.rows('unit').count()).toBe(0)
    expect(await readmitQuarantined(db, 'li')).toBe(0)
    await db.quarantine
      .where('[type+id]')
      .equals(['unit', 'u1'])
      .modify((row) => {
        row.record.schemaVersion = 1
      })
    expect(await readmitQuarantined(db, 'li')).toBe(1)
    expect(await db.rows('unit').get('u1')).toMatchObject({ rev: 1, pending: 0 })
    expect((await db.quarantine.toArray()).map((q) => q.type)).toEqual(['hologram'])
  })

  it('lets go what was deleted meanwhile', async () => {
    await book([wire('hologram', 'h', 'org', { a: 1 })])
    await book([wire('hologram', 'h', 'org', {}, { rev: 2, deleted: true })])
    expect(await db.quarantine.count()).toBe(0)
  })
})

const file = (sha256: string) => ({ sha256, name: '附件', mime: 'text/plain', sizeBytes: 1 })
const keepBlob = (sha256: string) =>
  db.blobs.put({
    sha256,
    bytes: new ArrayBuffer(1),
    mime: 'a/b',
    sizeBytes: 1,
    keptAt: 0,
    upload: 0,
  })
const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

describe('a dropped scope', () => {
  it('leaves with rows, base, quarantine and files that nothing else names; unsent work goes to 需处理', async () => {
    const withFiles = { ...meetingFields('一'), attachments: [file(A), file(B)] }
    await book([
      wire('meeting', 'm', meetingScope, withFiles),
      wire('meeting', 'other', 'unit:other', { ...meetingFields('他处'), attachments: [file(B)] }),
      wire('hologram', 'h', meetingScope, {}),
    ])
    await Promise.all([keepBlob(A), keepBlob(B)])
    await store.put('meeting', { ...withFiles, title: '改过' }, { id: 'm' })
    await store.put('opinion', opinionFields('不相干'))
    await db.attention.clear()
    await book([], { scopes: { add: [], drop: [meetingScope], reset: [] } })
    expect(await db.rows('meeting').toCollection().primaryKeys()).toEqual(['other'])
    expect(await db.base.count()).toBe(0)
    expect(await db.quarantine.count()).toBe(0)
    expect((await db.outbox.toArray()).map((e) => e.type)).toEqual(['opinion'])
    const [refused] = await db.attention.toArray()
    expect(refused).toMatchObject({ code: 'forbidden', fields: { title: '改过' } })
    // The refused edit still names both files.
    expect(await db.blobs.count()).toBe(2)
  })

  it('removes the files of a recalled record at the page that recalls it', async () => {
    await book([wire('meeting', 'm', meetingScope, { ...meetingFields('一'), attachments: [file(A)] })])
    await keepBlob(A)
    await book([wire('meeting', 'm', meetingScope, meetingFields('一'), { rev: 2 })])
    expect(await db.blobs.count()).toBe(0)
  })
})

describe('a scope loaded anew', () => {
  it('keeps the old rows until it is complete, then loses what it did not bring', async () => {
    await book([unit('u1'), unit('u2'), wire('meeting', 'm', meetingScope, meetingFields('一'))])
    await book([unit('u1', { rev: 1 })], { more: true, scopes: { add: [], drop: [], reset: ['org'] } })
    expect(await db.rows('unit').count()).toBe(2)
    await book([unit('u3')])
    expect(await db.rows('unit').toCollection().primaryKeys()).toEqual(['u1', 'u3'])
    expect(await db.rows('meeting').count()).toBe(1)
    expect(await readMeta(db, 'reload')).toBeUndefined()
    expect(await db.seen.count()).toBe(0)
  })
})

it('says "preparing" from the first page of a new scope to the last', async () => {
  await book([unit('u1')], { more: true, scopes: { add: ['org'], drop: [], reset: [] } })
  expect(await readMeta(db, 'preparing')).toEqual(['org'])
  await book([unit('u2')])
  expect(await readMeta(db, 'preparing')).toEqual([])
})

it('removes what is older than its type is kept, by the endpoint’s clock, never what waits', async () => {
  const year = 366 * 86_400_000
  await book([
    wire('opinion', 'old', 'file:root:li', opinionFields('旧'), { receivedAt: NOW - year }),
    wire('opinion', 'young', 'file:root:li', opinionFields('新')),
    unit('u1', { receivedAt: NOW - 9 * year }),
  ])
  await store.put('opinion', opinionFields('待送'), { id: 'mine' })
  expect(await pruneOld(db, NOW)).toBe(1)
  expect(await db.rows('opinion').toCollection().primaryKeys()).toEqual(['mine', 'young'])
  const held = await phoneHoldings(db)
  expect(held).toMatchObject({ waiting: 1, attention: 0, files: { count: 0 } })
  expect(held.types).toContainEqual({ type: 'opinion', count: 2, pending: 1 })
})

it('books a page and names its scopes in WebKitGTK, which refuses a cursor of unique keys over an empty store', async () => {
  const open = IDBIndex.prototype.openKeyCursor
  const refusing = vi.spyOn(IDBIndex.prototype, 'openKeyCursor').mockImplementation(function (
    this: IDBIndex,
    range,
    direction,
  ) {
    if (direction?.endsWith('unique')) throw new DOMException('Unable to open cursor', 'UnknownError')
    return open.call(this, range, direction)
  })
  try {
    await book([unit('u1')])
    expect(await scopesHeld(db)).toEqual(['org'])
  } finally {
    refusing.mockRestore()
  }
})
