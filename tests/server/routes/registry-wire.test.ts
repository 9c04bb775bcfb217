/** Loops over the registry: a new type is covered the day it is added. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { definitions } from '../../../src/shared/sync/registry.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { flatten } from '../../../src/shared/sync/flat-paths.ts'
import { connect, setupEndpoint, type Connection, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround, MADE_BY_ENDPOINT, samples, type Sample } from '../../support/samples.ts'
import { mutationOf, pullAll, push } from '../../support/wire.ts'

let endpoint: TestEndpoint
let all: Sample[]
const connections = new Map<string, Connection>()
const as = async (staffNo: string) => {
  const known = connections.get(staffNo) ?? (await connect(endpoint, staffNo))
  connections.set(staffNo, known)
  return known
}
const counters = new Map<string, number>()
const next = (c: Connection) => {
  const n = (counters.get(c.deviceId) ?? 0) + 1
  counters.set(c.deviceId, n)
  return n
}
const isDraft = (type: string) => definitions.find((d) => d.type === type)?.conflict === 'draft'
const wireFields = (s: Sample): JsonObject => (isDraft(s.type) ? flatten(s.fields) : s.fields)
const send = async (
  c: Connection,
  s: Sample,
  over: Partial<Sample> & { scope?: string; baseRev?: number } = {},
) => {
  const sample = { ...s, ...over }
  const scope = over.scope ?? definitions.find((d) => d.type === s.type)!.scopeOf(sample.fields)
  const m = mutationOf(next(c), {
    ...sample,
    fields: wireFields(sample),
    scope,
    baseRev: over.baseRev ?? (s.type === 'person' ? await revOf(s) : 0),
  })
  const { outcomes, status } = await push(c, [m])
  return { ...outcomes[0]!, httpStatus: status }
}
const revOf = (s: Sample) => endpoint.store.read(async (tx) => (await tx.record(s.type, s.id))?.rev ?? 0)
const stored = (s: Sample) => endpoint.store.read((tx) => tx.record(s.type, s.id))

beforeEach(async () => {
  connections.clear()
  counters.clear()
  endpoint = await setupEndpoint()
  all = samples(await layGround(endpoint))
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

it('has a sample of every registered type', () => {
  expect([...all.map((s) => s.type), ...MADE_BY_ENDPOINT].sort()).toEqual(
    definitions.map((d) => d.type).sort(),
  )
})

it('takes every type from who may write it, once, and gives it to who may read it', async () => {
  for (const s of all) {
    const writer = await as(s.by)
    const outcome = await send(writer, s, { fields: { ...s.fields, laterField: '新版写的' } as JsonObject })
    // An optional confirmation stands already; the same fact under another id is simply another fact.
    expect({ type: s.type, ...outcome, record: undefined }).toMatchObject({
      type: s.type,
      status: 'accepted',
    })
    if (s.readBy === null) continue
    const reader = await as(s.readBy)
    const { records } = await pullAll(reader)
    const found = records.find((r) => r.type === s.type && r.id === s.id)
    expect(found?.fields, `${s.type} read by ${s.readBy}`).toMatchObject({
      ...s.fields,
      laterField: '新版写的',
    })
  }
})

it('refuses every type from who may not write it, and stores nothing', async () => {
  for (const s of all) {
    const stranger = await as(s.type === 'membership' || s.by !== '2002' ? '2002' : '1006')
    const before = await stored(s)
    const outcome = await send(stranger, s, { baseRev: before?.rev ?? 0 })
    expect({ type: s.type, status: outcome.status }).toEqual({ type: s.type, status: 'rejected' })
    expect(await stored(s)).toEqual(before)
  }
})

it('shows no record of an own or file scope to somebody of another unit', async () => {
  for (const s of all) await send(await as(s.by), s)
  const { records } = await pullAll(await as('2002'))
  const readable = /^(org|unit:|private:|file:)/
  for (const r of records) {
    expect(r.scope).toMatch(readable)
    if (r.scope.startsWith('file:') || r.scope.startsWith('private:'))
      expect(r.scope.endsWith((await as('2002')).personId)).toBe(true)
    if (r.scope.startsWith('unit:')) expect(r.scope).not.toBe(`unit:${all[2]!.fields.unitId as string}x`)
  }
  expect(
    records.some((r) => r.type === 'roll-mark' || r.type === 'score-sheet' || r.type === 'submission'),
  ).toBe(false)
})

it('refuses fields of the wrong kind with their path, for every type', async () => {
  for (const s of all) {
    const writer = await as(s.by)
    const scope = definitions.find((d) => d.type === s.type)!.scopeOf(s.fields)
    for (const key of Object.keys(s.fields)) {
      const broken = { ...s.fields, [key]: { broken: 1 } } as JsonObject
      const outcome = await send(writer, s, { fields: broken, scope, baseRev: (await stored(s))?.rev ?? 0 })
      expect({ type: s.type, key, status: outcome.status }).toEqual({ type: s.type, key, status: 'rejected' })
      expect(outcome.code).toBe('invalid-fields')
      expect(outcome.detail ?? key).toContain(key)
    }
  }
})
