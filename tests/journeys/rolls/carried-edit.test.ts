/**
 * The guarantee: what was changed of a meeting with no network (another time, a sitting more, called off, the agenda) goes along
 * with its roll. Whoever comes to the network first delivers it as its author's, once; what somebody else has written meanwhile
 * is never overwritten unseen, and then its author compares, on the own phone, and only then.
 */
import 'fake-indexeddb/auto'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { makeBundle } from '../../../src/client/features/meetings/roll/carry/make-bundle.ts'
import type { Meeting } from '../../../src/shared/meetings/meeting.ts'
import type { CarryBundle } from '../../../src/shared/sync/carry.ts'
import { MONDAY, personIdOf, type TestEndpoint } from '../../support/endpoint.ts'
import { endSpans } from '../../support/moves.ts'
import { closePhones, type JourneyPhone } from '../../support/phone.ts'
import { backUp, restore } from '../../support/restoring.ts'
import { uid } from '../../support/samples.ts'
import { ended, withoutShrinkingHangs } from '../../support/step-limit.ts'
import {
  answerToAltered,
  hand,
  handText,
  mark,
  MEETING,
  OFFICERS,
  officersOf,
  setupRoll,
} from './three-phones.ts'

const author = personIdOf('1001')
let endpoint: TestEndpoint
let a: JourneyPhone
let b: JourneyPhone
let c: JourneyPhone
async function begin(): Promise<void> {
  endpoint = await setupRoll()
  ;[a, b, c] = (await officersOf(endpoint)) as [JourneyPhone, JourneyPhone, JourneyPhone]
  for (const p of [a, b, c]) p.line.online = false
}
async function end(): Promise<void> {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
}

const meetingOn = async (p: JourneyPhone) => (await p.phone.db.records('meeting').get(MEETING))!
const edit = async (p: JourneyPhone, change: (now: Meeting) => Partial<Meeting>) => {
  const { fields } = await meetingOn(p)
  await p.phone.store.put('meeting', { ...fields, ...change(fields) }, { id: MEETING })
}
/** Each says what it adds to what its writer saw: an edit that was overwritten unseen is missing in the end. */
const add = (p: JourneyPhone, word: string) => edit(p, ({ agenda }) => ({ agenda: `${agenda};${word}` }))
const stored = async () => {
  const row = (await endpoint.store.read((tx) => tx.record('meeting', MEETING)))!
  return { author: row.author, rev: row.rev, fields: JSON.parse(row.fields) as Meeting }
}
const online = async (...phones: JourneyPhone[]) => {
  for (const p of phones) p.line.online = true
  for (let round = 0; round < 2; round++) for (const p of phones) await p.sync()
}
const attention = (p: JourneyPhone) => p.phone.db.attention.toArray()
const atRest = async (...phones: JourneyPhone[]) => {
  const { fields } = await stored()
  for (const p of phones) {
    expect(await attention(p)).toEqual([])
    expect(await p.phone.db.outbox.toArray()).toEqual([])
    expect(await meetingOn(p)).toMatchObject({ pending: 0, fields })
  }
}

const NEW_SITTING = { id: uid(77), name: '夜班场次', startsAt: MONDAY + 12 * 3_600_000, place: '三楼' }
const CHANGES: [string, (now: Meeting) => Partial<Meeting>][] = [
  [
    'another time and place',
    ({ sittings }) => ({ sittings: [{ ...sittings[0]!, startsAt: MONDAY, place: '三楼' }] }),
  ],
  ['a sitting more', ({ sittings }) => ({ sittings: [...sittings, NEW_SITTING] })],
  ['called off', () => ({ state: 'cancelled' })],
  ['the agenda', () => ({ agenda: '改过的议程' })],
]

describe('a change of a meeting, made with no network', () => {
  afterEach(end)

  for (const [what, change] of CHANGES)
    it(`${what}: stands on the other phone at once as its author’s, is delivered by it, and once`, async () => {
      await begin()
      await edit(a, change)
      await mark(a, '1002', 'present')
      expect(await hand(a, b)).toMatchObject({ added: 1, meetingAdded: false, edit: 'added' })
      expect(await hand(a, b)).toMatchObject({ added: 0, edit: 'none' })
      const { fields } = await meetingOn(a)
      expect(await meetingOn(b)).toMatchObject({ author, pending: 1, fields })
      const before = await stored()
      await online(b)
      const after = await stored()
      expect(after).toMatchObject({ author, fields })
      expect(after.rev).toBeGreaterThan(before.rev)
      // Its author's phone has heard nothing, and claims nothing.
      expect(await meetingOn(a)).toMatchObject({ pending: 1 })
      await online(a, b, c)
      expect((await stored()).rev).toBe(after.rev)
      await atRest(a, b, c)
    })

  it('handed over again after a second change: the first goes, the second stays, and both phones are told which it is', async () => {
    await begin()
    await add(a, '一')
    expect(await hand(a, b)).toMatchObject({ edit: 'added', behind: [] })
    await edit(a, ({ sittings }) => ({ sittings: [{ ...sittings[0]!, place: '三楼' }] }))
    expect(await hand(a, b)).toMatchObject({ edit: 'none', behind: ['sittings'] })
    expect(await hand(a, c)).toMatchObject({ edit: 'added', behind: ['sittings'] })
    // Both carriers first, then the author: the second change stands on the first, and nobody compares anything.
    await online(c, b)
    expect((await stored()).fields.sittings[0]!.place).not.toBe('三楼')
    await online(a, b, c)
    expect((await stored()).fields).toMatchObject({
      agenda: expect.stringMatching(/;一$/),
      sittings: [{ place: '三楼' }],
    })
    await atRest(a, b, c)
  })

  it('its author first, and further since: who carries it brings what has come, and nobody has to compare', async () => {
    await begin()
    await add(a, '一')
    await hand(a, b)
    await add(a, '二')
    await online(a)
    await online(b)
    expect((await stored()).fields.agenda.endsWith(';一;二')).toBe(true)
    await atRest(a, b)
  })

  it('who carries it first, and the desk on top of that: its author has nothing to compare', async () => {
    await begin()
    await add(a, '一')
    await hand(a, b)
    await online(b)
    await online(c)
    await add(c, '案头')
    await online(c)
    await online(a, b)
    expect((await stored()).fields.agenda.endsWith(';一;案头')).toBe(true)
    await atRest(a, b, c)
  })

  it('what its author wrote after handing it over rests on what was seen: unseen words of the desk are compared', async () => {
    await begin()
    await add(a, '一')
    await hand(a, b)
    await add(a, '二')
    expect(await makeBundle(a.phone, MEETING, '大会')).toMatchObject({
      editWaits: true,
      left: { fields: ['agenda'] },
    })
    await online(b)
    await online(c)
    await add(c, '案头')
    await online(c)
    await online(a)
    expect((await stored()).fields.agenda.endsWith(';一;案头')).toBe(true)
    const [item, ...others] = await attention(a)
    expect(others).toEqual([])
    expect(item).toMatchObject({ code: 'stale-base', fields: { agenda: expect.stringMatching(/;一;二$/) } })
    expect(item!.standing!.fields.agenda).toMatch(/;一;案头$/)
    expect(await attention(b)).toEqual([])
  })

  it('against what the desk wrote meanwhile: that stands; its author compares, and who carried it is told whose matter it is', async () => {
    await begin()
    await add(a, '一')
    await mark(a, '1002', 'present')
    await hand(a, b)
    c.line.online = true
    await add(c, '案头')
    await c.sync()
    await online(b)
    expect((await stored()).fields.agenda.endsWith(';案头')).toBe(true)
    const [carried] = await attention(b)
    expect(carried).toMatchObject({ code: 'stale-base', carried: { signed: { person: author } } })
    expect(carried!.sentence).toContain('原改动还在对方手机上')
    expect((await meetingOn(b)).fields.agenda).toMatch(/;案头$/)
    // Sent again as it was signed it is refused again, and taken from nobody.
    await b.phone.delivery.retry(carried!.attentionId)
    await online(b)
    expect(await attention(b)).toHaveLength(1)
    await online(a)
    const [own] = await attention(a)
    expect(own).toMatchObject({ code: 'stale-base', fields: { agenda: expect.stringMatching(/;一$/) } })
    expect((await stored()).fields.agenda.endsWith(';案头')).toBe(true)
    await a.phone.delivery.retry(own!.attentionId)
    await online(a)
    expect(await stored()).toMatchObject({ author, fields: { agenda: expect.stringMatching(/;一$/) } })
  })

  it('changed twice by its author, and refused: one matter in 需处理, whose last word goes again and whose first stays readable', async () => {
    await begin()
    await add(a, '一')
    await hand(a, b)
    await add(a, '二')
    c.line.online = true
    await add(c, '案头')
    await c.sync()
    await online(a)
    const [item, ...others] = await attention(a)
    expect(others).toEqual([])
    expect(item).toMatchObject({
      code: 'stale-base',
      fields: { agenda: expect.stringMatching(/;一;二$/) },
      earlier: [{ fields: { agenda: expect.stringMatching(/;一$/) } }],
    })
    expect(item!.standing!.fields.agenda).toMatch(/;案头$/)
    expect(await a.phone.delivery.exportText(item!.attentionId)).toMatch(/;一;二"[^]*;一"/)
    // A third one, written after the refusal, does not rest on it: it is a matter of its own.
    a.line.online = false
    await add(a, '三')
    c.line.online = true
    await add(c, '又改')
    await c.sync()
    await online(a)
    expect((await attention(a)).map(({ fields }) => String(fields.agenda).split(';').slice(-2))).toEqual([
      ['一', '二'],
      ['案头', '三'],
    ])
    await a.phone.delivery.retry(item!.attentionId)
    await online(a)
    expect((await stored()).fields.agenda).toMatch(/;一;二$/)
    expect(await attention(a)).toHaveLength(1)
  })

  it('is left with its author where the other phone has words of its own, or newer ones; the marks are taken', async () => {
    await begin()
    await add(a, '一')
    await mark(a, '1002', 'present')
    await add(b, '另一部')
    expect(await hand(a, b)).toMatchObject({ added: 1, edit: 'left', meetingAdded: false })
    expect((await meetingOn(b)).fields.agenda).toMatch(/;另一部$/)
    c.line.online = true
    await add(c, '案头')
    await c.sync()
    expect(await hand(a, c)).toMatchObject({ added: 1, edit: 'left' })
    expect((await meetingOn(c)).fields.agenda).toMatch(/;案头$/)
  })

  it('is passed on, and what somebody adds to it on the way is theirs, on top of it', async () => {
    await begin()
    await add(a, '一')
    await hand(a, b)
    expect(await hand(b, c)).toMatchObject({ edit: 'added' })
    await add(b, '二')
    expect(await makeBundle(b.phone, MEETING, '大会')).toMatchObject({
      editWaits: true,
      left: { fields: ['agenda'] },
    })
    await online(c)
    expect(await stored()).toMatchObject({ author })
    await online(b)
    expect(await stored()).toMatchObject({ author: personIdOf('1007') })
    await online(a, b, c)
    expect((await stored()).fields.agenda.endsWith(';一;二')).toBe(true)
    await atRest(a, b, c)
  })

  it('brings the meeting to a phone that has never heard of it', async () => {
    await begin()
    await b.phone.db.records('meeting').delete(MEETING)
    await add(a, '一')
    await mark(a, '1002', 'present')
    expect(await hand(a, b)).toMatchObject({ added: 1, meetingAdded: true, edit: 'added' })
    await online(b)
    await online(a, b)
    expect((await stored()).fields.agenda.endsWith(';一')).toBe(true)
    await atRest(a, b)
  })

  it('with the meeting made here, too, and delivered in between: first version, then what was changed', async () => {
    await begin()
    const NEW = uid(960)
    const fields = { ...(await meetingOn(a)).fields, title: '补开的会' }
    await a.phone.store.put('meeting', fields, { id: NEW })
    await hand(a, b, NEW)
    await online(a)
    a.line.online = false
    await a.phone.store.put('meeting', { ...fields, agenda: '后来改的' }, { id: NEW })
    expect(await hand(a, b, NEW)).toMatchObject({ edit: 'added', meetingAdded: false })
    await online(b)
    await online(a, b)
    for (const p of [a, b]) {
      expect(await attention(p)).toEqual([])
      expect(await p.phone.db.outbox.count()).toBe(0)
      expect((await p.phone.db.records('meeting').get(NEW))!.fields.agenda).toBe('后来改的')
    }
  })

  it('is not taken altered, of another unit, or from who is no officer as far as this phone knows', async () => {
    await begin()
    await add(a, '一')
    await mark(a, '1002', 'present')
    const text = await handText(a)
    const refusal = (change: (bundle: CarryBundle) => void) => answerToAltered(b, text, change)
    expect(await refusal((x) => (x.edit!.fields.agenda = '别的'))).toBe('forged')
    expect(await refusal((x) => (x.edit!.baseRev += 1))).toBe('forged')
    expect(await refusal((x) => (x.edit!.id = uid(970)))).toBe('forged')
    expect(await refusal((x) => (x.edit!.fields.unitId = 'elsewhere'))).toBe('forged')
    expect(await refusal((x) => (x.edit!.signed.person = personIdOf('1007')))).toBe('unknown-key')
    await b.phone.db
      .records('role')
      .filter(({ fields: role }) => role.personId === author)
      .delete()
    expect(await refusal(() => undefined)).toBe('not-recorder')
    expect(await b.phone.db.outbox.count()).toBe(0)
  })

  it('is judged at the endpoint by its author: without the office any more it is refused, and the marks of others are not', async () => {
    await begin()
    await add(a, '一')
    await hand(a, b)
    await mark(b, '1002', 'present')
    const before = await stored()
    const hall = { ...endpoint, store: () => endpoint.store } as never
    await endSpans(hall, 'role', '1001', { forCause: true })
    await online(b)
    expect((await attention(b)).map(({ type, code }) => [type, code])).toEqual([['meeting', 'forbidden']])
    expect(await stored()).toEqual(before)
    expect(await endpoint.store.read((tx) => tx.records({ types: ['roll-mark'] }))).toHaveLength(1)
  })

  it('after a restore rests on no number of the old store: it is its author’s again to deliver', async () => {
    await begin()
    const path = await backUp(endpoint)
    endpoint.clock.advance(3_600_000)
    await online(c)
    await add(c, '丢失的')
    await online(c)
    await add(c, '也丢失的')
    await online(c, a, b)
    for (const p of [a, b, c]) p.line.online = false
    await add(a, '一')
    await hand(a, b)
    c.kill()
    endpoint.clock.advance(3_600_000)
    await restore(endpoint, path)
    // Another version has taken the number on which the change rested.
    const rev = (await meetingOn(a)).rev
    const { fields } = await stored()
    await endpoint.put('meeting', MEETING, { ...fields, agenda: '恢复后写的' })
    expect((await stored()).rev).toBe(rev)
    const back = async (p: JourneyPhone) => {
      p.line.online = true
      await p.signIn()
      for (let round = 0; round < 4; round++) await p.sync()
    }
    await back(b)
    expect((await stored()).fields.agenda).toBe('恢复后写的')
    expect(await attention(b)).toMatchObject([
      { code: 'stale-base', carried: { signed: { person: author } } },
    ])
    await back(a)
    expect((await stored()).fields.agenda).toBe('恢复后写的')
    expect(await attention(a)).toMatchObject([
      { code: 'stale-base', fields: { agenda: expect.stringMatching(/;也丢失的;一$/) } },
    ])
  })
})

type Act =
  | { act: 'edit' | 'sync' | 'kill'; by: number }
  | { act: 'hand'; by: number; to: number }
  | { act: 'bad-line'; by: number; fault: 'answer-lost' | 'request-twice' | 'request-lost' | 'answer-cut' }

const no = fc.nat({ max: 2 })
const fault = fc.constantFrom(
  'answer-lost' as const,
  'request-twice' as const,
  'request-lost' as const,
  'answer-cut' as const,
)
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('edit' as const), by: no }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('hand' as const), by: no, to: no }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('sync' as const, 'kill' as const), by: no }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('bad-line' as const), by: no, fault }) },
)

async function play(phones: readonly JourneyPhone[], act: Act, word: string): Promise<void> {
  const p = phones[act.by]!
  if (act.act === 'hand') {
    if (act.by !== act.to)
      await hand(p, phones[act.to]!).catch((error: Error) => {
        if (error.message !== 'nothing') throw error
      })
  } else if (act.act === 'bad-line') p.line.faults.push({ path: '/api/push', fault: act.fault })
  else if (act.act === 'edit') await add(p, word)
  else if (act.act === 'sync') await online(p)
  else {
    p.kill()
    await p.revive()
  }
  p.line.online = false
}

it('whatever the order: each change stands, or its author compares it; never both, and never neither', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAct, { minLength: 4, maxLength: 24 }),
      withoutShrinkingHangs(async (acts) => {
        await begin()
        try {
          const phones = [a, b, c]
          const written: { word: string; by: number }[] = []
          for (const [at, act] of acts.entries()) {
            const word = `w${at}`
            await ended(`act ${at + 1}, ${JSON.stringify(act)}`, play(phones, act, word))
            if (act.act === 'edit') written.push({ word, by: act.by })
          }
          for (const p of phones) p.line.faults.length = 0
          for (let round = 0; round < 3; round++) await ended('coming to rest', online(...phones))
          const { fields } = await stored()
          const words = fields.agenda.split(';')
          expect(new Set(words).size).toBe(words.length)
          for (const { word, by } of written) {
            const compared = (await attention(phones[by]!)).filter(
              ({ carried, fields: own }) =>
                carried === undefined && String(own.agenda).split(';').includes(word),
            )
            // Compared with what stood, it may rest on words that stand.
            const last = compared.filter(({ fields: own }) => String(own.agenda).endsWith(word))
            expect([
              word,
              OFFICERS[by],
              words.includes(word),
              compared.length > 0 && !words.includes(word),
            ]).toEqual([word, OFFICERS[by], words.includes(word), !words.includes(word)])
            if (words.includes(word)) expect(last).toEqual([])
          }
          for (const p of phones) {
            expect(await p.phone.db.outbox.toArray()).toEqual([])
            expect(await meetingOn(p)).toMatchObject({ pending: 0, fields })
          }
        } finally {
          await end()
        }
      }),
    ),
    { numRuns: Number(process.env.WH_RUNS ?? 5), endOnFailure: false },
  )
}, 240_000)
