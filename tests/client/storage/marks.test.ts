/** A rewritten history is noticed; whatever may happen to an honest endpoint's scopes is not taken for one. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compareMarks } from '../../../src/client/storage/pages/marks.ts'
import { readMeta } from '../../../src/client/storage/meta.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import { meetingFields, meetingScope, unitFields } from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

let endpoint: FakeEndpoint
let a: TestPhone
beforeEach(async () => {
  endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
  endpoint.seed('meeting', 'm1', meetingScope, meetingFields('一'))
  a = await setupPhone(endpoint)
})
afterEach(closePhones)

const sync = () => a.phone.engine.syncNow()
const rewritten = () => readMeta(a.phone.db, 'rewritten')

describe('a rewritten history', () => {
  it('is noticed with the scope’s next move, told with scope and time, and the phone works on', async () => {
    await sync()
    expect(Object.keys((await readMeta(a.phone.db, 'marks')) ?? {}).sort()).toEqual(['org', meetingScope])
    endpoint.histories.set(meetingScope, 'another')
    await sync()
    // Nothing moved, nothing was compared.
    expect(await rewritten()).toBeUndefined()
    endpoint.seed('meeting', 'm2', meetingScope, meetingFields('二'))
    await sync()
    expect(await rewritten()).toEqual({ scopes: [meetingScope], at: endpoint.now(), dismissed: false })
    await expect.poll(() => a.phone.delivery.summary.value.rewritten?.scopes).toEqual([meetingScope])
    expect(await a.phone.store.get('meeting', 'm2')).toBeDefined()
    expect(a.phone.engine.phase()).toBe('idle')
  })

  it('stays known after a restart, leaves the screen when the person says so, and comes back with the next', async () => {
    await sync()
    endpoint.histories.set('org', 'another')
    endpoint.seed('unit', 'two', 'org', unitFields('二'))
    await sync()
    await a.reopen()
    await expect.poll(() => a.phone.delivery.summary.value.rewritten?.scopes).toEqual(['org'])
    await a.phone.delivery.dismissRewritten?.()
    await expect.poll(() => a.phone.delivery.summary.value.rewritten).toBeNull()
    // It follows the new history now, and accuses nobody again for the old one.
    endpoint.seed('unit', 'three', 'org', unitFields('三'))
    await sync()
    expect(await rewritten()).toMatchObject({ scopes: ['org'], dismissed: true })
    endpoint.histories.set(meetingScope, 'another')
    endpoint.seed('meeting', 'm3', meetingScope, meetingFields('三'))
    await sync()
    expect(await rewritten()).toMatchObject({ scopes: ['org', meetingScope], dismissed: false })
  })

  it('entries that are gone are one too', () => {
    const page = {
      cursor: 'c',
      more: false,
      epoch: 'e',
      scopes: { add: [], drop: [], reset: [] },
      records: [],
      heads: { org: [null, 'b'.repeat(22)] as [null, string] },
      lastMutation: 0,
      serverTime: 1,
    }
    expect(compareMarks({ org: 'a'.repeat(22) }, page, false).differing).toEqual(['org'])
    expect(compareMarks({}, page, false).differing).toEqual([])
    expect(compareMarks({ org: 'a'.repeat(22) }, page, true).differing).toEqual([])
  })
})

type Act = 'write' | 'page' | 'round' | 'drop' | 'regain' | 'reset' | 'restore' | 'reopen' | 'no-answer'
const acts = fc.array(
  fc.constantFrom<Act>(
    'write',
    'write',
    'page',
    'round',
    'drop',
    'regain',
    'reset',
    'restore',
    'reopen',
    'no-answer',
  ),
  { minLength: 5, maxLength: 25 },
)

it('ordinary paging, lost answers, a scope lost and gained, a reset and a restore never raise it', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (steps) => {
      endpoint = new FakeEndpoint()
      endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
      a = await setupPhone(endpoint, { more: { pageLimit: 2 } })
      let writes = 0
      for (const act of steps) {
        if (act === 'write') {
          for (let i = 0; i < 3; i++) {
            writes += 1
            endpoint.seed('meeting', `m${writes % 7}`, meetingScope, meetingFields(`第${writes}次`))
            endpoint.seed('unit', `u${writes % 4}`, 'org', unitFields(`第${writes}次`))
          }
        }
        if (act === 'drop') endpoint.readable.set('li', ['org'])
        if (act === 'regain') endpoint.readable.delete('li')
        if (act === 'reset') endpoint.resets.add(meetingScope)
        if (act === 'restore') {
          endpoint.epoch = `${endpoint.epoch}+`
          endpoint.devices.clear()
        }
        if (act === 'reopen') await a.reopen()
        a.line.fault = act === 'no-answer' ? () => 'drop-answer' : undefined
        if (act !== 'write') await sync()
        // More than an hour: a phone is registered anew only so often, and each restore costs it two.
        a.clock.tick(4_000_000)
      }
      expect(await rewritten()).toBeUndefined()
      // And it would have been raised: the phone remembers marks.
      a.line.fault = undefined
      await sync()
      await sync()
      endpoint.histories.set('org', 'another')
      endpoint.seed('unit', 'last', 'org', unitFields('末'))
      await sync()
      expect((await rewritten())?.scopes).toEqual(['org'])
      await closePhones()
    }),
    { numRuns: 60 },
  )
})
