/** Rows that the disk has damaged: they stop neither page nor queue nor screen, and come back from the endpoint. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { definitions } from '../../../src/shared/sync/registry.ts'
import { readMeta } from '../../../src/client/storage/meta.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import {
  meetingFields,
  meetingScope,
  noteFields,
  opinionFields,
  privateOf,
  rollMarkFields,
  unitFields,
} from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

const wholeMeeting = (title: string) => ({
  ...meetingFields(title),
  agenda: '',
  chairId: null,
  recorderId: null,
  guests: [],
  attachments: [],
  state: 'planned' as const,
})

let endpoint: FakeEndpoint
let a: TestPhone
const troubles: Error[] = []
beforeEach(async () => {
  troubles.length = 0
  endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
  endpoint.seed('unit', 'two', 'org', unitFields('二支部'))
  endpoint.seed('meeting', 'm', meetingScope, wholeMeeting('会'))
  endpoint.seed('note', 'theirs', privateOf(), noteFields('旧记'))
  a = await setupPhone(endpoint, { more: { onTrouble: (trouble) => troubles.push(trouble) } })
  await sync()
})
afterEach(closePhones)

const db = () => a.phone.db
const sync = () => a.phone.engine.syncNow()
/** As the disk gives it: whatever, under a key. */
const damage = (table: string, row: unknown) => db().table(table).put(row)

describe('a damaged row', () => {
  it.each([
    ['without fields', { id: 'm' }],
    ['with a word for fields', { id: 'm', scope: meetingScope, fields: '乱码', pending: 0 }],
    ['with fields that do not parse', (row: object) => ({ ...row, fields: { title: 3 } })],
  ])('%s is loaded anew when it breaks a page', async (_name, bad) => {
    const sound = await db().rows('meeting').get('m')
    await damage('meeting', typeof bad === 'function' ? bad(sound!) : bad)
    // The endpoint sends the row's next version: what stood before is asked for its files.
    endpoint.seed('meeting', 'm2', meetingScope, wholeMeeting('另一个'))
    expect(await a.phone.mend?.()).toBe(true)
    await sync()
    await sync()
    expect(await db().rows('meeting').get('m')).toEqual(sound)
    expect(await a.phone.store.get('meeting', 'm2')).toBeDefined()
    expect(await db().rows('unit').count()).toBe(2)
    expect(await readMeta(db(), 'reload')).toBeUndefined()
    expect(await a.phone.mend?.()).toBe(false)
  })

  it.each(definitions.map(({ type }) => type))(
    'of type %s stops neither the page nor the next round',
    async (type) => {
      await damage(type, { id: 'm', fields: null })
      endpoint.seed(type, 'm', meetingScope, wholeMeeting('新'), { rev: 0 })
      await sync()
      await sync()
      await sync()
      expect(a.phone.engine.phase()).toBe('idle')
    },
  )

  it('that comes from the endpoint as it was is set aside, not loaded for ever', async () => {
    endpoint.seed('meeting', 'odd', meetingScope, { title: '缺一半' })
    await sync()
    expect(await db().rows('meeting').get('odd')).toBeDefined()
    expect(await a.phone.mend?.()).toBe(true)
    await sync()
    expect(await a.phone.mend?.()).toBe(true)
    await sync()
    expect(await db().rows('meeting').get('odd')).toBeUndefined()
    expect(await db().quarantine.get(['meeting', 'odd'])).toBeDefined()
    expect(await a.phone.mend?.()).toBe(false)
    // Not back at the next start either, but with its next revision.
    await a.reopen()
    expect(await db().rows('meeting').get('odd')).toBeUndefined()
    endpoint.seed('meeting', 'odd', meetingScope, wholeMeeting('补全'))
    await sync()
    expect((await a.phone.store.get('meeting', 'odd'))?.fields.title).toBe('补全')
    expect(await db().quarantine.count()).toBe(0)
  })

  it('with an edit on top keeps the edit, on the screen and in the queue', async () => {
    await a.phone.store.edit('note', 'theirs', { text: '我刚改的' })
    await damage('note', { id: 'theirs', fields: 7, pending: 1 })
    await damage('base', { type: 'note', id: 'theirs', scope: 3 })
    expect(await a.phone.mend?.()).toBe(true)
    await sync()
    await sync()
    expect((await a.phone.store.get('note', 'theirs'))?.fields).toMatchObject({ text: '我刚改的' })
    expect(endpoint.record('note', 'theirs')?.fields.text).toBe('我刚改的')
    expect(await db().attention.count()).toBe(0)
  })
})

describe('a damaged entry of the queue', () => {
  it.each([
    ['without fields', { fields: null }],
    ['without a scope', { scope: 7 }],
    ['without a clock', { hlc: undefined }],
    ['without anything', undefined],
  ])('%s goes to 需处理 with what can be read, and the others are delivered', async (_name, bad) => {
    await a.phone.store.put('opinion', opinionFields('第一件'))
    await a.phone.store.put('roll-mark', rollMarkFields('m'), { id: 'mark' })
    await a.phone.store.put('opinion', opinionFields('第三件'))
    const entry = await db().outbox.where('[type+id]').equals(['roll-mark', 'mark']).first()
    await damage('outbox', bad === undefined ? { seq: entry!.seq } : { ...entry, ...bad })
    for (let round = 0; round < 3; round++) await sync()
    expect(await db().outbox.count()).toBe(0)
    expect([...endpoint.records.values()].filter((r) => r.type === 'opinion')).toHaveLength(2)
    const [item, ...others] = await db().attention.toArray()
    expect(others).toEqual([])
    expect(item).toMatchObject({ code: 'damaged', sentence: expect.stringContaining('重新填写') as string })
    if (bad !== undefined && !('fields' in bad)) expect(item?.fields).toMatchObject({ personId: 'wang' })
    expect(await a.phone.delivery.exportText(item!.attentionId)).toContain('存坏了')
    // Nothing stands on the screen as if it still waited.
    if (bad !== undefined) expect(await a.phone.store.get('roll-mark', 'mark')).toBeUndefined()
  })

  it('with fields that no definition reads is refused by the endpoint like any other, and blocks nothing', async () => {
    await a.phone.store.put('meeting', wholeMeeting('改'), { id: 'm3' })
    await a.phone.store.put('opinion', opinionFields('别的'))
    const entry = await db().outbox.where('[type+id]').equals(['meeting', 'm3']).first()
    await damage('outbox', { ...entry, fields: { sittings: 'x', attachments: 3 } })
    endpoint.refuse = (m) => (m.id === 'm3' ? 'invalid-fields' : undefined)
    await sync()
    expect((await db().attention.toArray()).map((item) => item.code)).toEqual(['invalid-fields'])
    expect(await db().outbox.count()).toBe(0)
  })
})

describe('damaged bookkeeping', () => {
  it.each([
    ['cursor', 7],
    ['nextN', 'x'],
    ['epoch', { a: 1 }],
    ['marks', null],
    ['preparing', 3],
    ['reload', 'yes'],
    ['deviceId', 3],
  ])('%s is forgotten and asked for anew', async (key, value) => {
    await damage('meta', { key, value })
    expect(await a.phone.mend?.()).toBe(true)
    await a.phone.store.put('opinion', opinionFields('一'))
    endpoint.seed('unit', 'three', 'org', unitFields('三支部'))
    await sync()
    await sync()
    expect(await db().outbox.count()).toBe(0)
    expect(await db().rows('unit').count()).toBe(3)
    expect(a.phone.engine.phase()).toBe('idle')
  })
})

it('what is sound is not touched', async () => {
  await a.phone.store.put('opinion', opinionFields('等着'))
  const all = async () => Promise.all(db().tables.map((table) => table.toArray()))
  const before = await all()
  expect(await a.phone.mend?.()).toBe(false)
  const after = await all()
  const withoutNote = (rows: unknown[][]) =>
    rows.map((table) => table.filter((row) => (row as { key?: string }).key !== 'reloaded'))
  expect(withoutNote(after)).toEqual(withoutNote(before))
})
