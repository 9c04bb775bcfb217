import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPhoneDatabase, type PhoneDb } from '../../../src/client/storage/db.ts'
import { createRecordStore, type RecordStore } from '../../../src/client/storage/record-store.ts'
import { takeBatch } from '../../../src/client/storage/outbox/outbox.ts'
import { parseHlc } from '../../../src/shared/sync/hlc.ts'
import { definitions } from '../../../src/shared/sync/registry.ts'
import { meetingFields, noteFields, opinionFields } from '../../support/client/records.ts'

let db: PhoneDb
let store: RecordStore
let now = 1_800_000_000_000
const onWrite = vi.fn()

beforeEach(() => {
  now = 1_800_000_000_000
  onWrite.mockReset()
  db = openPhoneDatabase('li', { indexedDB: new IDBFactory(), IDBKeyRange })
  let ids = 0
  store = createRecordStore({ db, personId: 'li', now: () => now, newId: () => `id-${++ids}`, onWrite })
})
afterEach(() => db.close())

const sendAll = () => takeBatch(db, { now, personId: 'li' })

describe('a write', () => {
  it('leaves a record and its entry, with everything that will be sent', async () => {
    const id = await store.put('opinion', opinionFields('空调太冷'), { observedAt: 5 })
    const [entry] = await db.outbox.toArray()
    expect(await store.get('opinion', id)).toMatchObject({
      pending: 1,
      rev: 0,
      receivedAt: null,
      author: 'li',
    })
    expect(entry).toMatchObject({ type: 'opinion', id, scope: 'file:root:li', op: 'put', observedAt: 5 })
    expect(entry).toMatchObject({ label: '意见建议', savedAt: now, n: null, baseRev: 0, schemaVersion: 1 })
    expect(onWrite).toHaveBeenCalledOnce()
  })

  it('leaves neither record nor entry when the outbox cannot take it', async () => {
    db.outbox.hook('creating', () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(store.put('opinion', opinionFields('x'))).rejects.toMatchObject({ type: 'storage-trouble' })
    expect(await db.rows('opinion').count()).toBe(0)
    expect(await db.outbox.count()).toBe(0)
    expect(onWrite).not.toHaveBeenCalled()
  })

  it('leaves neither when the record cannot be taken', async () => {
    db.rows('opinion').hook('creating', () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(store.put('opinion', opinionFields('x'))).rejects.toMatchObject({ kind: 'quota' })
    expect(await db.outbox.count()).toBe(0)
  })

  it('is refused with the path before anything is written', async () => {
    await expect(store.put('opinion', { personId: 'li', text: '' })).rejects.toMatchObject({
      type: 'invalid-fields',
      path: 'text',
    })
    await expect(store.edit('note', 'n', { text: 'x' })).rejects.toMatchObject({ type: 'invalid-fields' })
    expect(await db.outbox.count()).toBe(0)
  })

  it('is mended once when the connection was lost', async () => {
    let broken = true
    db.outbox.hook('creating', () => {
      if (!broken) return
      broken = false
      throw new DOMException('Connection to Indexed Database server lost. Refresh the page', 'UnknownError')
    })
    await store.put('opinion', opinionFields('还在'))
    expect(await db.outbox.count()).toBe(1)
    expect(await db.rows('opinion').count()).toBe(1)
  })

  it('keeps the device time of a wrong clock, and uses the endpoint’s for the order of edits', async () => {
    await db.meta.put({ key: 'serverOffset', value: -1_000_000 })
    await store.put('opinion', opinionFields('x'))
    const [entry] = await db.outbox.toArray()
    expect(entry?.observedAt).toBe(now)
    expect(parseHlc(entry!.hlc).ms).toBe(now - 1_000_000)
  })
})

describe('a fact', () => {
  it('is never changed: the same again is nothing, another under its id is refused', async () => {
    await store.put('opinion', opinionFields('甲'), { id: 'fixed' })
    await store.put('opinion', opinionFields('甲'), { id: 'fixed' })
    expect(await db.outbox.count()).toBe(1)
    await expect(store.put('opinion', opinionFields('乙'), { id: 'fixed' })).rejects.toMatchObject({
      path: 'id',
    })
    await expect(store.remove('opinion', 'fixed')).rejects.toMatchObject({ type: 'invalid-fields' })
  })
})

describe('a draft', () => {
  it('folds edits that were not sent into one entry that keeps its place', async () => {
    await store.edit('note', 'n', {}, { create: noteFields('一') })
    await store.put('opinion', opinionFields('后来'))
    now += 1000
    await store.edit('note', 'n', { text: '二' })
    const entries = await db.outbox.orderBy('seq').toArray()
    expect(entries.map((e) => e.type)).toEqual(['note', 'opinion'])
    expect(entries[0]).toMatchObject({ fields: noteFields('二'), savedAt: now })
    expect(entries[0]!.hlc > entries[1]!.hlc).toBe(true)
  })

  it('never changes an entry that was numbered; a later edit is a new one with only its own paths', async () => {
    await store.edit('note', 'n', {}, { create: noteFields('一') })
    const before = (await sendAll()).entries[0]
    await store.edit('note', 'n', { text: '二' })
    const entries = await db.outbox.orderBy('seq').toArray()
    expect(entries[0]).toEqual(before)
    expect(entries[1]).toMatchObject({ n: null, fields: { text: '二' } })
    expect((await store.get('note', 'n'))?.fields.text).toBe('二')
  })

  it('writes nothing when nothing changed', async () => {
    await store.edit('note', 'n', {}, { create: noteFields('一') })
    const before = await db.outbox.toArray()
    await store.edit('note', 'n', { text: '一' })
    expect(await db.outbox.toArray()).toEqual(before)
  })

  it('takes flat paths and nested parts for the same thing', async () => {
    const create = { personId: 'li', month: '2026-11', side: 'party' as const, setId: 's', answers: {} }
    await store.edit('self-assessment', 'a', { 'answers/x/score': 3 }, { create })
    await store.edit('self-assessment', 'a', { answers: { y: { sentence: '走访' } } })
    const fields = (await store.get('self-assessment', 'a'))?.fields
    expect(fields?.answers).toMatchObject({ x: { score: 3 }, y: { sentence: '走访' } })
    const [entry] = await db.outbox.toArray()
    expect(entry?.fields).toMatchObject({ 'answers/x/score': 3, 'answers/y/sentence': '走访' })
  })

  it('refuses a path that would reach a prototype', async () => {
    await store.edit('note', 'n', {}, { create: noteFields('一') })
    await expect(store.edit('note', 'n', { '__proto__/x': 1 })).rejects.toMatchObject({
      type: 'invalid-fields',
    })
  })

  it('that was never sent disappears with its entry when it is taken away', async () => {
    await store.edit('note', 'n', {}, { create: noteFields('一') })
    await store.remove('note', 'n')
    expect(await db.outbox.count()).toBe(0)
    expect(await store.get('note', 'n')).toBeUndefined()
  })

  it('in flight is taken away by an entry of its own', async () => {
    await store.edit('note', 'n', {}, { create: noteFields('一') })
    await sendAll()
    await store.remove('note', 'n')
    expect((await db.outbox.orderBy('seq').toArray()).map((e) => e.op)).toEqual(['put', 'delete'])
    expect(await store.get('note', 'n')).toBeUndefined()
  })
})

describe('content', () => {
  it('folds an unsent edit with the same base, and waits for the one in flight', async () => {
    await store.put('meeting', meetingFields('一'), { id: 'm' })
    await store.put('meeting', meetingFields('二'), { id: 'm' })
    expect(await db.outbox.count()).toBe(1)
    await sendAll()
    await store.put('meeting', meetingFields('三'), { id: 'm' })
    await store.put('meeting', meetingFields('四'), { id: 'm' })
    const entries = await db.outbox.orderBy('seq').toArray()
    expect(entries.map((e) => [e.fields.title, e.baseRev])).toEqual([
      ['二', 0],
      ['四', null],
    ])
    expect((await sendAll()).entries.map((e) => e.fields.title)).toEqual(['二'])
  })
})

it('has a table for every registered type', async () => {
  await db.open()
  const names = db.tables.map((table) => table.name)
  for (const { type } of definitions) expect(names).toContain(type)
})
