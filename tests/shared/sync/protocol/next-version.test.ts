/**
 * The endpoint is a version ahead of the phones: what they have queued is still taken. And the reverse: what a newer phone puts
 * beside the fields that this version knows is stored and comes to everybody, of every type.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type { JsonObject, JsonValue } from '../../../../src/shared/sync/json.ts'
import { PROTOCOL_VERSION } from '../../../../src/shared/sync/protocol/protocol-version.ts'
import type { Mutation } from '../../../../src/shared/sync/protocol/push.ts'
import { definitionOf, definitions } from '../../../../src/shared/sync/registry.ts'
import * as version1 from '../../../fixtures/traffic/version-1.schemas.ts'
import { rehashed } from '../../../server/attack.ts'
import { outcomesOf, pulledIn, replay, takenIn } from '../../../support/replay-traffic.ts'
import { ADDED_SINCE_VERSION_1, MADE_BY_ENDPOINT } from '../../../support/samples.ts'
import type { Exchange, Traffic } from '../../../support/traffic.ts'

vi.mock('../../../../src/shared/sync/protocol/protocol-version.ts', async (original) => {
  const real = await original<{ PROTOCOL_VERSION: number; OLDEST_PUSH_VERSION: number }>()
  return { ...real, PROTOCOL_VERSION: real.PROTOCOL_VERSION + 1 }
})

const file = join(import.meta.dirname, '../../../fixtures/traffic/version-1.json')
const recorded = () => JSON.parse(readFileSync(file, 'utf8')) as Traffic

it('takes every push and answers every pull of version 1 as before', async () => {
  expect(PROTOCOL_VERSION).toBeGreaterThan(1)
  expect(await replay(recorded(), version1)).toEqual([])
})

const NEWER = { depth: [1, { yes: '是' }] }

/** As a newer phone would have sent it. What somebody signed stays as it was signed. */
function byNewerPhone(m: Mutation): Mutation {
  if (m.op === 'delete' || m.signed !== undefined || rehashed(m, {}).hash !== m.hash) return m
  const isDraft = definitionOf(m.type)?.conflict === 'draft'
  const added: JsonObject = isDraft ? { 'ofANewerApp/depth': NEWER.depth } : { ofANewerApp: NEWER }
  return rehashed(m, { fields: { ...m.fields, ...added } })
}

/** The recorded day with a field more in whatever was written, and in whatever came of it. @returns the keys of those records */
function addNewerField(traffic: Traffic): Set<string> {
  const added = new Set<string>()
  const addTo = ({ body, answer }: Exchange): void => {
    const mutations = (body?.mutations ?? []) as unknown as Mutation[]
    const status = new Map(outcomesOf(answer).map((outcome) => [outcome.n, outcome.status]))
    const newer = mutations.map(byNewerPhone)
    if (body !== undefined && mutations.length > 0) body.mutations = newer as unknown as JsonValue
    for (const [at, m] of newer.entries())
      if (m !== mutations[at] && status.get(m.n) === 'accepted') added.add(`${m.type}/${m.id}`)
    for (const record of pulledIn(answer))
      if (!record.deleted && added.has(`${record.type}/${record.id}`)) record.fields.ofANewerApp = NEWER
  }
  traffic.exchanges.forEach(addTo)
  return added
}

it('stores and shows a field that it does not know, of every type, whoever wrote it', async () => {
  const traffic = recorded()
  const added = addNewerField(traffic)
  expect(new Set([...added].map((key) => key.split('/')[0]))).toEqual(
    new Set(
      definitions
        .map(({ type }) => type)
        .filter((type) => !MADE_BY_ENDPOINT.includes(type) && !ADDED_SINCE_VERSION_1.includes(type)),
    ),
  )
  const pulled = traffic.exchanges.flatMap(({ answer }) => pulledIn(answer))
  expect(pulled.some(({ fields }) => fields.ofANewerApp === NEWER)).toBe(true)
  expect(await replay(traffic, version1)).toEqual([])
})

it('would notice a field that is gone', async () => {
  const newer = recorded()
  addNewerField(newer)
  const taken = takenIn(newer)
  // The endpoint never hears of the field: as if it had dropped it.
  const differences = await replay(recorded(), version1, taken)
  const wanted = [...taken].filter(
    ([, { op, fields }]) => op === 'put' && JSON.stringify(fields).includes('ofANewerApp'),
  )
  expect(wanted.length).toBeGreaterThan(20)
  expect(differences.map((line) => line.split(' is stored otherwise: ofANewerApp')[0]).sort()).toEqual(
    wanted.map(([key]) => key).sort(),
  )
})
