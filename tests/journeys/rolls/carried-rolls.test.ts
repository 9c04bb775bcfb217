/**
 * The guarantee: a mark that was handed to another phone is never lost, never there twice, always its author's; and no phone
 * says that it was delivered before the endpoint has it. Whoever delivers first, in whatever order, killed in between, with the
 * author's phone lost and the endpoint restored from a backup.
 */
import 'fake-indexeddb/auto'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { personIdOf, type TestEndpoint } from '../../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../../support/phone.ts'
import { backUp, erase, restore } from '../../support/restoring.ts'
import { ended, withoutShrinkingHangs } from '../../support/step-limit.ts'
import { endSpans } from '../../support/moves.ts'
import {
  hand,
  handText,
  linesOn,
  mark,
  marksAt,
  MEETING,
  OFFICERS,
  officersOf,
  said,
  setupRoll,
} from './three-phones.ts'
import { takeBundle } from '../../../src/client/features/meetings/roll/carry/take-bundle.ts'

let endpoint: TestEndpoint | undefined
async function begin(count = 2): Promise<{ endpoint: TestEndpoint; phones: JourneyPhone[] }> {
  endpoint = await setupRoll()
  return { endpoint, phones: await officersOf(endpoint, count) }
}
async function end(): Promise<void> {
  await closePhones()
  expect(endpoint?.problems ?? []).toEqual([])
  await endpoint?.close()
  endpoint = undefined
}
afterEach(end)

const rowsOf = async ({ phone }: JourneyPhone) =>
  (await phone.db.records('roll-mark').where('fields.meetingId').equals(MEETING).toArray()).map(
    ({ id, author, pending }) => ({ id, author, pending }),
  )
const attention = (p: JourneyPhone) => p.phone.db.attention.toArray()

describe('one phone delivers for another', () => {
  it('shows the marks at once under their author, delivers them, and the author hears of it without sending twice', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    const author = personIdOf('1001')
    a.line.online = b.line.online = false
    await mark(a, '1003', 'present')
    await mark(a, '1005', 'leave')
    expect(await hand(a, b)).toMatchObject({ type: 'taken', from: '陈静', added: 2, known: 0 })
    expect(await hand(a, b)).toMatchObject({ type: 'taken', added: 0, known: 2 })
    expect(await rowsOf(b)).toMatchObject([
      { author, pending: 1 },
      { author, pending: 1 },
    ])
    expect((await b.phone.db.outbox.toArray()).map(({ label }) => label)).toEqual([
      '考勤 · 王芳 到会 · 代陈静送达',
      '考勤 · 周敏 请假 · 代陈静送达',
    ])
    expect(await marksAt(endpoint)).toEqual([])

    b.line.online = true
    await b.sync()
    expect(await marksAt(endpoint)).toMatchObject([{ author }, { author }])
    expect(await rowsOf(b)).toMatchObject([{ author, pending: 0 }, { pending: 0 }])
    // The author's own phone has heard nothing yet, and claims nothing.
    expect(await rowsOf(a)).toMatchObject([{ pending: 1 }, { pending: 1 }])
    a.line.online = true
    await a.sync()
    expect(await rowsOf(a)).toMatchObject([{ pending: 0 }, { pending: 0 }])
    expect(await marksAt(endpoint)).toHaveLength(2)
    expect([...(await attention(a)), ...(await attention(b))]).toEqual([])
  })

  it('is passed on by a third phone, and goes on where the first one stopped', async () => {
    const { endpoint, phones } = await begin(3)
    const [a, b, c] = phones as [JourneyPhone, JourneyPhone, JourneyPhone]
    for (const p of phones) p.line.online = false
    await mark(a, '1002', 'present')
    await hand(a, b)
    await mark(b, '1005', 'absent')
    expect(await hand(b, c)).toMatchObject({ type: 'taken', from: '郑洁', added: 2 })
    c.line.online = true
    await c.sync()
    expect((await marksAt(endpoint)).map(({ author }) => author).sort()).toEqual(
      [personIdOf('1001'), personIdOf('1007')].sort(),
    )
    for (const p of phones) p.line.online = true
    for (const p of phones) await p.sync()
    expect(await marksAt(endpoint)).toHaveLength(2)
  })

  it('hands over what was delivered before as well, to a phone that was away', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    b.line.online = false
    await mark(a, '1003', 'present')
    await a.sync()
    await mark(a, '1005', 'present')
    expect(await hand(a, b)).toMatchObject({ added: 2 })
    b.line.online = true
    await b.sync()
    await a.sync()
    expect(await marksAt(endpoint)).toHaveLength(2)
    expect(await b.phone.db.outbox.count()).toBe(0)
    expect(await attention(b)).toEqual([])
  })

  it('is superseded by what the author says later, also when it arrives after that', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    a.line.online = b.line.online = false
    await mark(a, '1003', 'present')
    await hand(a, b)
    await mark(a, '1003', 'late', '九点十分才到')
    a.line.online = true
    await a.sync()
    b.line.online = true
    await b.sync()
    for (const p of [a, b])
      expect((await linesOn(p)).find(({ name }) => name === '王芳')).toMatchObject({ state: 'late' })
    expect(await marksAt(endpoint)).toHaveLength(2)
  })

  it('brings what was corrected since with the next hand-over, still with no network, whoever is online first', async () => {
    for (const order of [
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      const { endpoint, phones } = await begin(3)
      const [a, b, c] = phones as [JourneyPhone, JourneyPhone, JourneyPhone]
      for (const p of phones) p.line.online = false
      await mark(a, '1003', 'present')
      await mark(a, '1005', 'present')
      await hand(a, b)
      await mark(a, '1003', 'late', '九点十分才到')
      expect(await hand(a, b)).toMatchObject({ added: 1, known: 2 })
      await mark(a, '1003', 'absent', '认错了人')
      await mark(b, '1005', 'late', '接手后更正')
      expect(await hand(a, b)).toMatchObject({ added: 1, known: 3 })
      expect(await hand(b, c)).toMatchObject({ added: 5 })
      const last = said(await linesOn(b))
      expect(said(await linesOn(c))).toEqual(last)
      expect((await linesOn(c)).find(({ name }) => name === '王芳')).toMatchObject({ state: 'absent' })
      for (const at of order) {
        phones[at]!.line.online = true
        await phones[at]!.sync()
      }
      for (const p of phones) await p.sync()
      for (const p of phones) {
        expect(said(await linesOn(p))).toEqual(last)
        expect([await attention(p), await p.phone.db.outbox.count()]).toEqual([[], 0])
      }
      const authors = (await marksAt(endpoint)).map(({ author }) => author)
      expect(authors.filter((author) => author === personIdOf('1001'))).toHaveLength(4)
      expect(authors).toHaveLength(5)
      await end()
    }
  })

  it('keeps what the endpoint refuses in 需处理 of the carrier, and it can be sent again as it was signed', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    a.line.online = b.line.online = false
    await mark(a, '1003', 'present')
    await hand(a, b)
    const hall = { ...endpoint, store: () => endpoint.store } as never
    await endSpans(hall, 'role', '1001', { forCause: true })
    b.line.online = true
    await b.sync()
    const [item] = await attention(b)
    expect(item).toMatchObject({ code: 'forbidden', carried: { signed: { person: personIdOf('1001') } } })
    expect(item!.sentence).toContain('原记录还在对方手机上')
    expect(await rowsOf(b)).toEqual([])
    expect(await marksAt(endpoint)).toEqual([])
    // Appointed again: the same words, the same signature.
    const role = (
      await endpoint.store.read((tx) => tx.records({ types: ['role'], person: personIdOf('1001') }))
    )[0]!
    await endpoint.put('role', role.id, { ...JSON.parse(role.fields), to: null, revokedForCause: false })
    await b.phone.delivery.retry(item!.attentionId)
    await b.sync()
    expect(await attention(b)).toEqual([])
    expect(await marksAt(endpoint)).toMatchObject([{ author: personIdOf('1001') }])
    a.line.online = true
    await a.sync()
    expect(await marksAt(endpoint)).toHaveLength(1)
    expect(await attention(a)).toEqual([])
  })
})

describe('after a restore from a backup', () => {
  it('what one phone delivered for another comes back from it, once, also where the author’s phone is gone', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    const path = await backUp(endpoint)
    endpoint.clock.advance(3_600_000)
    a.line.online = false
    await mark(a, '1003', 'present')
    await mark(a, '1005', 'late')
    await hand(a, b)
    await b.sync()
    const before = await marksAt(endpoint)
    expect(before).toHaveLength(2)
    // The battery was the reason for the hand-over; then the phone is lost.
    a.kill()
    endpoint.clock.advance(3_600_000)
    await restore(endpoint, path)
    expect(await marksAt(endpoint)).toEqual([])
    await settle([b])
    const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1)
    expect((await marksAt(endpoint)).sort(byId)).toEqual(before.sort(byId))
    expect(await rowsOf(b)).toMatchObject([
      { author: personIdOf('1001'), pending: 0 },
      { author: personIdOf('1001'), pending: 0 },
    ])
    expect(await attention(b)).toEqual([])
    // Restored once more, it is offered once more; a month later nobody asks the carrier any more.
    endpoint.clock.advance(3_600_000)
    await restore(endpoint, path)
    await settle([b])
    expect(await marksAt(endpoint)).toHaveLength(2)
    endpoint.clock.advance(31 * 86_400_000)
    await b.sync()
    expect(await b.phone.db.carried.count()).toBe(0)
  })

  it('is offered by both phones and stands there once; what the backup had is not offered', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    a.line.online = b.line.online = false
    await mark(a, '1002', 'present')
    await hand(a, b)
    b.line.online = true
    await b.sync()
    const path = await backUp(endpoint)
    endpoint.clock.advance(3_600_000)
    await mark(a, '1003', 'present')
    await hand(a, b)
    await b.sync()
    a.line.online = true
    await a.sync()
    endpoint.clock.advance(3_600_000)
    await restore(endpoint, path)
    await settle([b, a])
    expect(await marksAt(endpoint)).toHaveLength(2)
    for (const p of phones) expect([await attention(p), await p.phone.db.outbox.count()]).toEqual([[], 0])
  })

  it('what was erased by rule is gone from the carrier too, and does not come back by it', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    const path = await backUp(endpoint)
    a.line.online = false
    await mark(a, '1003', 'present')
    await hand(a, b)
    await b.sync()
    const [{ id } = { id: '' }] = await marksAt(endpoint)
    await erase(endpoint, 'roll-mark', id)
    await b.sync()
    expect(await b.phone.db.carried.count()).toBe(0)
    endpoint.clock.advance(3_600_000)
    await restore(endpoint, path)
    await settle([b])
    expect(await marksAt(endpoint)).toEqual([])
    expect([await rowsOf(b), await attention(b)]).toEqual([[], []])
  })

  it('is gone from the carrier with the scope in which it lay', async () => {
    const { endpoint, phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    a.line.online = false
    await mark(a, '1003', 'present')
    await hand(a, b)
    await b.sync()
    expect(await b.phone.db.carried.count()).toBe(1)
    const hall = { ...endpoint, store: () => endpoint.store } as never
    await endSpans(hall, 'role', '1007', { forCause: true })
    await b.sync()
    await b.sync()
    expect(await b.phone.db.carried.count()).toBe(0)
  })
})

describe('what is not taken', () => {
  it('is told in a sentence, and leaves nothing behind', async () => {
    const { phones } = await begin()
    const [a, b] = phones as [JourneyPhone, JourneyPhone]
    a.line.online = false
    await mark(a, '1003', 'present')
    const text = await handText(a)
    const refusal = async (given: string) => {
      const answer = await takeBundle(b.phone, given)
      return answer.type === 'refused' ? answer.problem : answer.type
    }
    expect(await refusal('{"a":1}')).toBe('foreign')
    expect(await refusal('报名表')).toBe('foreign')
    expect(await refusal(text.slice(0, -40))).toBe('damaged')
    expect(await refusal(text.replace('"present"', '"absent"'))).toBe('damaged')
    expect(await refusal(text.replace('"version":1', '"version":3'))).toBe('newer')
    // Put together anew around changed words: the sum holds, the signature does not.
    const { bundleText, CarryBundle } = await import('../../../src/shared/sync/carry.ts')
    const { parse } = await import('valibot')
    const forged = parse(CarryBundle, JSON.parse(text))
    forged.facts[0]!.fields.state = 'absent'
    expect(await refusal(bundleText(forged))).toBe('forged')
    const stolen = parse(CarryBundle, JSON.parse(text))
    stolen.facts[0]!.signed.person = personIdOf('1007')
    expect(await refusal(bundleText(stolen))).toBe('forged')
    const other = parse(CarryBundle, JSON.parse(text))
    other.meetingId = 'another-meeting'
    expect(await refusal(bundleText(other))).toBe('no-meeting')
    await b.phone.db.records('device-key').clear()
    expect(await refusal(text)).toBe('unknown-key')
    expect(await rowsOf(b)).toEqual([])
    expect(await b.phone.db.outbox.count()).toBe(0)
  })
})

type Act =
  | { act: 'mark'; by: number; whom: number; state: 'present' | 'late' | 'absent' }
  | { act: 'hand'; by: number; to: number }
  | { act: 'sync'; by: number }
  | { act: 'kill'; by: number }
  | { act: 'bad-line'; by: number; fault: 'answer-lost' | 'request-twice' | 'request-lost' | 'answer-cut' }
  | { act: 'session-ends'; by: number }
  | { act: 'backup' }
  | { act: 'restore' }
  | { act: 'lost'; by: number }

const phoneNo = fc.nat({ max: 2 })
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('mark' as const),
      by: phoneNo,
      whom: fc.nat({ max: 2 }),
      state: fc.constantFrom('present' as const, 'late' as const, 'absent' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('hand' as const), by: phoneNo, to: phoneNo }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('sync' as const), by: phoneNo }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('kill' as const), by: phoneNo }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('session-ends' as const), by: phoneNo }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom('backup' as const, 'restore' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lost' as const), by: phoneNo }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('bad-line' as const),
      by: phoneNo,
      fault: fc.constantFrom(
        'answer-lost' as const,
        'request-twice' as const,
        'request-lost' as const,
        'answer-cut' as const,
      ),
    }),
  },
)
const WHOM = ['1002', '1004', '1005']

/** What the model knows: every mark that was made and who made it, and which of them had their only holder taken away. */
interface World {
  endpoint: TestEndpoint
  phones: JourneyPhone[]
  made: Map<string, string>
  free: Set<string>
  backup: { path: string; ids: ReadonlySet<string> }
}

async function takeBackup(endpoint: TestEndpoint): Promise<World['backup']> {
  const backup = {
    path: await backUp(endpoint),
    ids: new Set((await marksAt(endpoint)).map(({ id }) => id)),
  }
  endpoint.clock.advance(120_000)
  return backup
}

/** Who can bring it to a store that lacks it: its author's phone, and whoever carries it or has carried it. */
async function witnessed(phones: readonly JourneyPhone[]): Promise<Set<string>> {
  const held = new Set<string>()
  for (const { phone } of phones) {
    for (const row of await phone.db.rows('roll-mark').toArray())
      if (row.author === phone.person.id) held.add(row.id)
    for (const { id } of await phone.db.outbox.toArray()) held.add(id)
    for (const { id } of await phone.db.carried.toArray()) held.add(id)
  }
  return held
}

async function playRestore(world: World): Promise<void> {
  const held = await witnessed(world.phones)
  for (const id of world.made.keys()) if (!world.backup.ids.has(id) && !held.has(id)) world.free.add(id)
  await restore(world.endpoint, world.backup.path)
  world.endpoint.clock.advance(120_000)
}

/** The phone is gone, and its person has a new one. Backed up then: a key of which no store knows signs for nobody. */
async function playLost(world: World, by: number): Promise<void> {
  const { endpoint, phones } = world
  phones[by]!.kill()
  const others = phones.filter((_, at) => at !== by)
  const held = new Set([...(await witnessed(others)), ...(await marksAt(endpoint)).map(({ id }) => id)])
  for (const id of world.made.keys()) if (!held.has(id)) world.free.add(id)
  phones[by] = await setupPhone(endpoint, OFFICERS[by]!)
  await phones[by].sync()
  phones[by].line.online = false
  world.backup = await takeBackup(endpoint)
}

async function playOne(world: World, act: Act): Promise<void> {
  const { phones, made } = world
  if (act.act === 'backup') world.backup = await takeBackup(world.endpoint)
  else if (act.act === 'restore') await playRestore(world)
  else if (act.act === 'lost') await playLost(world, act.by)
  else {
    const p = phones[act.by]!
    if (act.act === 'mark') {
      p.line.online = false
      await mark(p, WHOM[act.whom]!, act.state)
      const own = personIdOf(OFFICERS[act.by]!)
      for (const { id, author } of await rowsOf(p)) if (author === own) made.set(id, author)
    } else if (act.act === 'hand') {
      if (act.by !== act.to && (await rowsOf(p)).length > 0)
        await hand(p, phones[act.to]!).catch((error: Error) => {
          if (error.message !== 'nothing') throw error
        })
    } else if (act.act === 'sync') {
      p.line.online = true
      await p.sync()
      p.line.online = false
    } else if (act.act === 'kill') {
      p.kill()
      await p.revive()
    } else if (act.act === 'bad-line') {
      p.line.faults.push({ path: '/api/push', fault: act.fault })
    } else {
      p.jar.cookie = ''
    }
  }
}

/** Everybody is back, signed in and on a good line, until nothing waits. */
async function settle(phones: JourneyPhone[]): Promise<void> {
  for (const p of phones) {
    p.line.online = true
    p.line.faults.length = 0
    await p.signIn()
  }
  for (let round = 0; round < 5; round++) for (const p of phones) await p.sync()
}

it('comes to the same roll on every phone: nothing lost, nothing twice, each mark its author’s', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAct, { minLength: 4, maxLength: 24 }),
      withoutShrinkingHangs(async (acts) => {
        const { endpoint, phones } = await begin(3)
        const backup = await takeBackup(endpoint)
        const world: World = { endpoint, phones, made: new Map(), free: new Set(), backup }
        try {
          for (const [at, act] of acts.entries())
            await ended(`act ${at + 1}, ${JSON.stringify(act)}`, playOne(world, act))
          await ended('coming to rest', settle(phones))
          const stored = await marksAt(endpoint)
          const { made, free } = world
          for (const { id, author } of stored) expect([id, author]).toEqual([id, made.get(id)])
          expect(new Set(stored.map(({ id }) => id)).size).toBe(stored.length)
          const lost = [...made.keys()].filter((id) => !free.has(id) && !stored.some((one) => one.id === id))
          expect(lost).toEqual([])
          const [first, ...others] = await Promise.all(phones.map(async (p) => said(await linesOn(p))))
          for (const other of others) expect(other).toEqual(first)
          for (const p of phones) {
            expect(await attention(p)).toEqual([])
            expect(await p.phone.db.outbox.count()).toBe(0)
            expect((await rowsOf(p)).filter(({ pending }) => pending === 1)).toEqual([])
          }
        } finally {
          await end()
        }
      }),
    ),
    { numRuns: Number(process.env.WH_RUNS ?? 8), endOnFailure: false },
  )
}, 240_000)
