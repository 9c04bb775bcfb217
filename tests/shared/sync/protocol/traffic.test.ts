/** Phones of every version that was ever shipped get on with the endpoint as it is now. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_VERSION } from '../../../../src/shared/sync/protocol/protocol-version.ts'
import { definitions } from '../../../../src/shared/sync/registry.ts'
import * as version1 from '../../../fixtures/traffic/version-1.schemas.ts'
import { pulledIn, replay, takenIn, type VersionSchemas } from '../../../support/replay-traffic.ts'
import { ADDED_SINCE_VERSION_1, MADE_BY_ENDPOINT } from '../../../support/samples.ts'
import type { Traffic } from '../../../support/traffic.ts'

const folder = join(import.meta.dirname, '../../../fixtures/traffic')
const trafficOf = (version: number) =>
  JSON.parse(readFileSync(join(folder, `version-${version}.json`), 'utf8')) as Traffic
/** The endpoint's own records come with what people write. */
const WRITTEN_BY_PEOPLE = definitions
  .map(({ type }) => type)
  .filter((type) => !MADE_BY_ENDPOINT.includes(type) && !ADDED_SINCE_VERSION_1.includes(type))
const isOpinion = ({ type }: { type: string }): boolean => type === 'opinion'
const SCHEMAS: Readonly<Record<number, VersionSchemas>> = { 1: version1 }

it('there is a recording of each version', () => {
  const versions = Array.from({ length: PROTOCOL_VERSION }, (_, n) => n + 1)
  expect(Object.keys(SCHEMAS).map(Number)).toEqual(versions)
  for (const version of versions) expect(trafficOf(version).version).toBe(version)
})

describe.each(Object.keys(SCHEMAS).map(Number))('version %i', (version) => {
  it('every push is taken as it was, every answer can be read, everything written is stored', async () => {
    expect(await replay(trafficOf(version), SCHEMAS[version]!)).toEqual([])
  })

  it('the recording covers what it is for', () => {
    const traffic = trafficOf(version)
    const told = JSON.stringify(traffic.exchanges)
    for (const status of ['accepted', 'merged', 'rejected', 'deferred'])
      expect(told).toContain(`"status":"${status}"`)
    const taken = [...takenIn(traffic).values()]
    // Of version 1: all the types that there were when it was recorded.
    if (version === PROTOCOL_VERSION)
      expect(new Set(taken.map(({ type }) => type))).toEqual(new Set(WRITTEN_BY_PEOPLE))
    expect(taken.some(({ op }) => op === 'delete')).toBe(true)
  })

  it('a changed answer would be noticed', async () => {
    const traffic = trafficOf(version)
    const at = traffic.exchanges.findIndex((e) => e.path === '/api/push' && e.status === 200)
    const exchange = traffic.exchanges[at]!
    const changed = structuredClone(traffic)
    changed.exchanges[at] = {
      ...exchange,
      answer: { outcomes: [{ n: 1, status: 'rejected', code: 'forbidden' }] },
    }
    const differences = await replay(changed, SCHEMAS[version]!)
    expect(differences).toHaveLength(1)
    expect(differences[0]).toContain('outcomes was')
  })

  it('a field that is shown or stored otherwise would be noticed', async () => {
    const shown = trafficOf(version)
    const opinions = shown.exchanges.flatMap(({ answer }) => pulledIn(answer)).filter(isOpinion)
    for (const record of opinions) record.fields = { ...record.fields, text: '另一条' }
    const taken = takenIn(trafficOf(version))
    const kept = [...taken.values()].filter(isOpinion)
    for (const sent of kept) sent.fields = { ...sent.fields, text: '又一条' }
    const differences = await replay(shown, SCHEMAS[version]!, taken)
    const says = (text: string) => differences.filter((line) => line.includes(text)).length
    const shownOfTaken = opinions.filter(({ type, id }) => taken.has(`${type}/${id}`)).length
    expect([opinions.length, kept.length].every((count) => count > 0)).toBe(true)
    expect(says('fields/text was "另一条"')).toBe(shownOfTaken)
    expect(says('is stored otherwise: text was "又一条"')).toBe(kept.length)
    expect(differences).toHaveLength(shownOfTaken + kept.length)
  })
})
