import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { STEP_MS, WINDOW_MS } from '../../../../src/shared/meetings/codes/bureau-time.ts'
import { checkPersonCode } from '../../../../src/shared/meetings/codes/check-person-code.ts'
import { answerInWords } from '../../../../src/shared/meetings/codes/code-words.ts'
import { keyOf, NOW, personCode, sittingCode, stopOf, worldOf, type ShownKey } from './make-codes.ts'

const MINUTE = 60_000
const DAY = 86_400_000
let fang: ShownKey
let ming: ShownKey
let code: string
beforeAll(async () => {
  fang = await keyOf('p1')
  ming = await keyOf('p2')
  code = await personCode(fang)
})
const world = (changes = {}) => worldOf([fang.fact, ming.fact], changes)

it('the own code of somebody expected is good, and keeps what proves it', async () => {
  const answer = await checkPersonCode(code, world())
  expect(answer).toMatchObject({
    type: 'good',
    person: { personId: 'p1', name: '王芳' },
    proof: { keyId: 'key-p1', step: Math.floor(NOW / STEP_MS), claimId: null },
  })
})

it('the same code again is the same answer: one person is one', async () => {
  expect(await checkPersonCode(code, world({ bureauNow: NOW + MINUTE }))).toMatchObject({
    type: 'good',
    person: { personId: 'p1' },
  })
})

describe('every refusal has its reason and its sentence', () => {
  const cases: [string, () => Promise<string>, object, object, string][] = [
    [
      'some other code',
      async () => 'https://example.org',
      {},
      { type: 'refused', reason: 'not-ours' },
      '不是本应用的码',
    ],
    [
      'a newer app',
      async () => code.replace('WH1', 'WH2'),
      {},
      { type: 'refused', reason: 'newer-app' },
      '更新应用',
    ],
    ['half of it', async () => code.slice(0, 60), {}, { type: 'refused', reason: 'damaged' }, '没有读全'],
    ['the code of a sitting', () => sittingCode(fang, 's1'), {}, { reason: 'sitting-code' }, '会场码'],
    [
      'nobody whom this phone knows',
      async () => personCode(await keyOf('x9')),
      {},
      { reason: 'unknown-person' },
      '没有这个人',
    ],
    [
      'a key that has not come',
      async () => personCode(await keyOf('p1', 'new')),
      {},
      { type: 'hand', reason: 'unknown-key', proof: null },
      '还没有对方手机的密钥',
    ],
    [
      'signed by another key than it says',
      async () => {
        const forged = await personCode(ming, NOW, 'p1')
        return forged
      },
      {},
      { type: 'refused', reason: 'bad-signature' },
      '核对不上',
    ],
    [
      '11 minutes old',
      () => personCode(fang, NOW - 11 * MINUTE),
      {},
      { type: 'hand', reason: 'expired' },
      '码是 10 分钟前的',
    ],
    [
      'a screenshot of yesterday',
      () => personCode(fang, NOW - DAY - MINUTE),
      {},
      { type: 'hand', reason: 'expired' },
      '码是 1 天前的，可能是截图',
    ],
    [
      '3 days ahead',
      () => personCode(fang, NOW + 3 * DAY),
      {},
      { type: 'hand', reason: 'from-future' },
      '晚 3 天',
    ],
    [
      'left the branch yesterday',
      async () => personCode(await keyOf('p3')),
      {},
      { type: 'refused', reason: 'left-unit', since: '2026-11-22' },
      '11 月 22 日起已不在本单位',
    ],
    [
      'comes tomorrow',
      async () => personCode(await keyOf('p4')),
      {},
      { reason: 'not-yet-in-unit' },
      '11 月 24 日才到本单位',
    ],
    [
      'another branch',
      async () => personCode(await keyOf('p5')),
      {},
      { reason: 'not-on-roster' },
      '别的支部',
    ],
    ['a guest', async () => personCode(await keyOf('p6')), {}, { reason: 'guest' }, '不计入应到'],
  ]
  it.each(cases)('%s', async (_name, make, changes, expected, words) => {
    const answer = await checkPersonCode(await make(), world(changes))
    expect(answer).toMatchObject(expected)
    expect(answerInWords(answer)).toContain(words)
    expect(answerInWords(answer)).toMatch(/。$/)
  })
})

describe('a key that was stopped', () => {
  const stopped = (at: number) => worldOf([fang.fact, stopOf(fang, at)])
  it('gives no code afterwards', async () => {
    const answer = await checkPersonCode(code, stopped(NOW - MINUTE))
    expect(answer).toMatchObject({ type: 'refused', reason: 'key-stopped', person: { name: '王芳' } })
  })
  it('leaves good what it signed before', async () => {
    expect((await checkPersonCode(code, stopped(NOW + MINUTE))).type).toBe('good')
  })
})

it('the window is ten minutes on both sides, to the step', async () => {
  const at = (offset: number) => checkPersonCode(code, world({ bureauNow: NOW + offset }))
  expect((await at(WINDOW_MS + STEP_MS)).type).toBe('good')
  expect((await at(WINDOW_MS + STEP_MS + 1)).type).toBe('hand')
  expect((await at(-WINDOW_MS)).type).toBe('good')
  expect((await at(-WINDOW_MS - 1)).type).toBe('hand')
})

it('whatever one character becomes, the code is never good', async () => {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abc中'
  for (let at = 0; at < code.length; at++) {
    for (const letter of [letters[(at * 7) % letters.length]!, letters[(at * 13 + 5) % letters.length]!]) {
      if (letter === code[at]) continue
      const answer = await checkPersonCode(code.slice(0, at) + letter + code.slice(at + 1), world())
      expect(answer.type, `${at} ${letter}`).not.toBe('good')
      // Nor does a changed signature become one that an officer may let count.
      if (at > 30) expect(answer).toMatchObject({ type: 'refused' })
    }
  }
})

it('several changes at once, cut or doubled parts: never good, never thrown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(121), by: fc.constantFrom(...'0A9Z :$中') }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.nat(122),
      async (changes, length) => {
        const letters = [...code]
        for (const { at, by } of changes) letters[at] = by
        const text = letters.join('').slice(0, length === 0 ? undefined : length)
        if (text === code) return
        expect((await checkPersonCode(text, world())).type).not.toBe('good')
      },
    ),
    { numRuns: 300 },
  )
})

it('whatever the clocks say: good within the window and nowhere else, and a name that may be let count by hand', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -4000 * DAY, max: 4000 * DAY }), async (offset) => {
      const answer = await checkPersonCode(code, world({ bureauNow: Math.max(0, NOW + offset) }))
      const inside = offset <= WINDOW_MS + STEP_MS && offset >= -WINDOW_MS
      expect(answer.type).toBe(inside ? 'good' : 'hand')
    }),
    { numRuns: 200 },
  )
})
