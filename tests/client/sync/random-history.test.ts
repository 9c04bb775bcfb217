/**
 * Random histories of two phones of one person over an endpoint that loses, doubles and cuts answers, refuses some writes,
 * dies, and is overloaded. The seed is printed by fast-check when a history fails.
 */
import * as fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import type { ErrorCode } from '../../../src/shared/sync/protocol/errors.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import type { Fault } from '../../support/client/faults.ts'
import { meetingFields, noteFields, opinionFields, unitFields } from '../../support/client/records.ts'
import { ended, withoutShrinkingHangs } from '../../support/step-limit.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

afterEach(closePhones)

const FAULTS: (Fault | undefined)[] = [
  'drop-request',
  'drop-answer',
  'portal',
  'truncate',
  'twice',
  { code: 'overloaded' },
  { code: 'not-signed-in' },
  { code: 'device-forked' },
  { status: 502, text: '' },
  undefined,
  undefined,
]
/** Less than a history is given, so that the step is named. */
const STEP_MS = 20_000
const act = fc.record({
  phone: fc.constantFrom(0, 1),
  what: fc.constantFrom('fact', 'bad-fact', 'draft', 'content', 'sync', 'sync', 'reopen', 'clock'),
  key: fc.integer({ min: 0, max: 2 }),
  faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 4 }),
})
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

interface Written {
  id: string
  text: string
  phone: TestPhone
}

async function play(phone: TestPhone, one: Act, count: number, facts: Written[]): Promise<void> {
  const { store, engine } = phone.phone
  const text = `第${count}条`
  if (one.what === 'fact' || one.what === 'bad-fact') {
    const whole = one.what === 'bad-fact' ? `坏${text}` : text
    facts.push({ id: await store.put('opinion', opinionFields(whole)), text: whole, phone })
  } else if (one.what === 'draft') {
    await store.edit('note', `n${one.key}`, { text }, { create: noteFields('') })
  } else if (one.what === 'content') {
    await store.put('meeting', meetingFields(text), { id: `m${one.key}` })
  } else if (one.what === 'reopen') await phone.reopen()
  else if (one.what === 'clock') phone.clock.jump((one.key - 1) * 40 * 86_400_000)
  else {
    const faults = [...one.faults]
    phone.line.fault = () => faults.shift()
    await engine.syncNow()
    phone.line.fault = undefined
  }
}

async function comeToRest(phone: TestPhone): Promise<void> {
  for (let i = 0; i < 6; i++) {
    phone.phone.engine.signedIn()
    await phone.phone.engine.syncNow()
  }
}

async function rowsOf(phone: TestPhone): Promise<unknown> {
  const rows = await Promise.all(
    ['opinion', 'note', 'meeting'].map((type) => phone.phone.db.rows(type).toArray()),
  )
  return rows.flat().map(({ id, fields, pending }) => ({ id, fields, pending }))
}

it('no fact is lost, none is there twice, and at rest both phones show what the endpoint holds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 5, maxLength: 35 }),
      withoutShrinkingHangs(async (acts) => {
        const endpoint = new FakeEndpoint()
        endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
        endpoint.refuse = (m): ErrorCode | undefined =>
          String(m.fields.text ?? '').startsWith('坏') ? 'forbidden' : undefined
        const phones = [await setupPhone(endpoint), await setupPhone(endpoint)]
        const facts: Written[] = []
        for (const [count, one] of acts.entries())
          await ended(
            `act ${count + 1}, ${JSON.stringify(one)}`,
            play(phones[one.phone]!, one, count, facts),
            STEP_MS,
          )
        for (let round = 0; round < 2; round++)
          for (const [at, phone] of phones.entries())
            await ended(`phone ${at + 1} coming to rest`, comeToRest(phone), STEP_MS)

        for (const { id, text, phone } of facts) {
          const there = endpoint.record('opinion', id)?.fields.text
          const refused = await phone.phone.db.attention.where('[type+id]').equals(['opinion', id]).toArray()
          const isBad = text.startsWith('坏')
          expect([there, refused.map((item) => item.fields.text)]).toEqual(
            isBad ? [undefined, [text]] : [text, []],
          )
        }
        expect([...endpoint.applied.values()].every((times) => times === 1)).toBe(true)
        for (const phone of phones) expect(await phone.phone.db.outbox.count()).toBe(0)
        expect(await rowsOf(phones[0]!)).toEqual(await rowsOf(phones[1]!))
        const written = [...endpoint.records.values()].filter((record) => record.type !== 'unit')
        const held = written.map(({ id, fields }) => ({ id, fields, pending: 0 }))
        const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
        expect(((await rowsOf(phones[0]!)) as { id: string }[]).sort(byId)).toEqual(held.sort(byId))
        await closePhones()
      }),
    ),
    // A history that hangs, or that is long in shrinking, still names its seed.
    { numRuns: 40, timeout: 30_000, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  )
}, 120_000)
