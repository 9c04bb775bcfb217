/** The app is new and the rows are old, or the other way round. A type gets its second version for the time of a test. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { opinion } from '../../../src/shared/org/opinion.ts'
import { meeting } from '../../../src/shared/meetings/meeting.ts'
import { note } from '../../../src/shared/books/marks.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { SCHEMA_VERSIONS } from '../../../src/client/storage/layout.precomputed.ts'
import { readMeta } from '../../../src/client/storage/meta.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import {
  meetingFields,
  meetingScope,
  noteFields,
  opinionFields,
  privateOf,
  unitFields,
} from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

let endpoint: FakeEndpoint
let a: TestPhone
beforeEach(async () => {
  endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
  endpoint.seed('meeting', 'm', meetingScope, { ...meetingFields('会'), attachments: [] })
  endpoint.seed('note', 'n', privateOf(), noteFields('原文'))
  endpoint.seed('note', 'quiet', privateOf(), noteFields('没动过'))
  a = await setupPhone(endpoint)
  await sync()
})

const definitions = { opinion, meeting, note }
const restored: (() => void)[] = []
afterEach(async () => {
  for (const restore of restored.splice(0)) restore()
  await closePhones()
})

const sync = () => a.phone.engine.syncNow()
const db = () => a.phone.db

/** Version 2: the text is called `words`, and counted. */
function updateApp(): void {
  // The new app is built with what its registry says.
  const built = SCHEMA_VERSIONS as Record<string, number>
  const updated = Object.values(definitions) as { type: string; schemaVersion: number; upgrade?: object }[]
  for (const definition of updated) {
    const { type, schemaVersion, upgrade } = definition
    restored.push(() => {
      Object.assign(definition, { schemaVersion, upgrade })
      built[type] = schemaVersion
    })
    built[type] = 2
    Object.assign(definition, {
      schemaVersion: 2,
      upgrade: {
        1: ({ text, ...rest }: JsonObject): JsonObject =>
          typeof text === 'string'
            ? { ...rest, text: `${text}#2`, length: text.length }
            : { ...rest, isNew: true },
      },
    })
  }
}
const downgradeApp = () => {
  for (const restore of restored.splice(0)) restore()
}

describe('after an update of the app', () => {
  it('rows that lie on the phone are of its version, without asking the endpoint', async () => {
    a.line.fault = () => 'drop-request'
    await a.phone.close()
    updateApp()
    await a.reopen()
    expect(await db().rows('note').get('quiet')).toMatchObject({
      schemaVersion: 2,
      fields: { text: '没动过#2', length: 3 },
    })
    expect(await db().rows('meeting').get('m')).toMatchObject({ schemaVersion: 2, fields: { isNew: true } })
    expect(await readMeta(db(), 'schemas')).toMatchObject({ note: 2, meeting: 2 })
    // Once: at the next start nothing is upgraded twice.
    await a.reopen()
    expect((await db().rows('note').get('quiet'))?.fields.text).toBe('没动过#2')
  })

  it('a draft that was edited and not sent is upgraded with what it rests on, and arrives as one version', async () => {
    await a.phone.store.edit('note', 'n', { text: '我的改动' })
    await a.phone.close()
    updateApp()
    await a.reopen()
    expect(await db().rows('note').get('n')).toMatchObject({
      schemaVersion: 2,
      pending: 1,
      fields: { text: '我的改动#2', length: 4 },
    })
    const [entry] = await db().outbox.toArray()
    expect(entry).toMatchObject({ schemaVersion: 2, fields: { text: '我的改动#2', length: 4 }, n: null })
    // What was not edited is not in it.
    expect(Object.keys(entry!.fields).sort()).toEqual(['length', 'text'])
    await sync()
    expect(endpoint.record('note', 'n')?.fields).toMatchObject({ text: '我的改动#2' })
    expect(await db().outbox.count()).toBe(0)
  })

  it('what was numbered goes as it was written, and the screen shows it upgraded', async () => {
    await a.phone.store.edit('note', 'n', { text: '发过一次' })
    await a.phone.store.put('opinion', opinionFields('发过一次'), { id: 'o' })
    a.line.fault = (path) => (path === '/api/push' ? 'drop-answer' : undefined)
    await sync()
    const before = await db().outbox.toArray()
    await a.phone.close()
    updateApp()
    await a.reopen()
    expect(await db().outbox.toArray()).toEqual(before)
    expect((await db().rows('note').get('n'))?.fields).toMatchObject({ text: '发过一次#2', length: 4 })
    expect((await db().rows('opinion').get('o'))?.fields).toMatchObject({ text: '发过一次#2' })
    a.line.fault = undefined
    await sync()
    expect(await db().outbox.count()).toBe(0)
    expect(await db().attention.count()).toBe(0)
    expect([...endpoint.applied.values()].every((times) => times === 1)).toBe(true)
    await sync()
    expect(await db().rows('opinion').get('o')).toMatchObject({ schemaVersion: 2, pending: 0 })
  })

  it('what was written and not sent keeps its version, which the endpoint upgrades', async () => {
    await a.phone.store.put('opinion', opinionFields('写下的'), { id: 'o' })
    await a.phone.close()
    updateApp()
    await a.reopen()
    expect(await db().outbox.toArray()).toMatchObject([{ schemaVersion: 1, fields: { text: '写下的' } }])
    expect(await db().rows('opinion').get('o')).toMatchObject({
      schemaVersion: 2,
      fields: { text: '写下的#2' },
    })
  })

  it('an app of the version before does not write over rows of the new one', async () => {
    await a.phone.close()
    updateApp()
    await a.reopen()
    await a.phone.close()
    downgradeApp()
    await expect(a.reopen()).rejects.toMatchObject({ kind: 'outdated' })
  })
})

describe('an older app with a newer endpoint', () => {
  it('keeps fields that it does not know, through an edit of its own', async () => {
    endpoint.seed('note', 'n', privateOf(), { ...noteFields('新'), colour: '红', deep: { x: 1 } })
    await sync()
    await a.phone.store.edit('note', 'n', { text: '旧应用改的' })
    await sync()
    expect(endpoint.record('note', 'n')?.fields).toMatchObject({
      text: '旧应用改的',
      colour: '红',
      deep: { x: 1 },
    })
  })

  it('keeps unknown types and newer versions aside, and shows them after the update', async () => {
    endpoint.seed('hologram', 'h', 'org', { text: '将来' })
    endpoint.seed('note', 'newer', privateOf(), { ...noteFields('将来#2'), length: 2 }, { schemaVersion: 2 })
    await sync()
    expect(await db().quarantine.count()).toBe(2)
    expect(await db().rows('note').get('newer')).toBeUndefined()
    await a.phone.close()
    updateApp()
    await a.reopen()
    expect(await db().rows('note').get('newer')).toMatchObject({
      schemaVersion: 2,
      fields: { text: '将来#2' },
    })
    expect(await db().quarantine.toArray()).toMatchObject([{ type: 'hologram' }])
  })

  it('goes on with an endpoint that has become older: it says so, keeps its queue, and comes back by itself', async () => {
    await a.phone.store.put('opinion', opinionFields('写下的'), { id: 'o' })
    a.line.fault = () => ({ code: 'protocol-unsupported' })
    await sync()
    expect(a.phone.engine.phase()).toBe('needs-update')
    expect(a.phone.delivery.summary.value.phase).toBe('update')
    expect(await db().outbox.count()).toBe(1)
    a.line.fault = undefined
    // Nobody touches the phone: the timer asks.
    a.phone.engine.wake('timer')
    await expect.poll(() => endpoint.record('opinion', 'o')).toBeDefined()
  })
})
