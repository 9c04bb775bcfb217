/** The wire is not changed by accident: what the messages accept is pinned to the version number. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ERRORS } from '../../../../src/shared/sync/protocol/errors.ts'
import {
  OLDEST_PUSH_VERSION,
  PROTOCOL_VERSION,
} from '../../../../src/shared/sync/protocol/protocol-version.ts'
import { DEFAULT_PAGE, MAX_PAGE, PullAnswer, PullRequest } from '../../../../src/shared/sync/protocol/pull.ts'
import {
  hashMutation,
  MAX_MUTATIONS,
  MAX_PUSH_BYTES,
  PushAnswer,
  PushRequest,
} from '../../../../src/shared/sync/protocol/push.ts'
import { DeviceRequest, SessionAnswer, SessionRequest } from '../../../../src/shared/sync/protocol/session.ts'
import { DATABASE_VERSION, layout } from '../../../../src/client/storage/db.ts'
import * as version1 from '../../../fixtures/traffic/version-1.schemas.ts'
import { shapeHash, shapeOf } from '../../../support/schema-shape.ts'

/** A version that was shipped is never edited; a change of the wire is a new line. */
const WIRE_OF_VERSION: Readonly<Record<number, string>> = {
  1: '946bd129a1b75a897f14288f5ec954c27a52272847906ebf6fb318ad64648023',
}
/** The same for the tables of the phone: each layout that was ever on a phone. */
const STORES_OF_VERSION: Readonly<Record<number, string>> = {
  1: '8f094e01375c99c3eb67a69b5c5d94457083a0c3dd4488a4f2403668770a0aa4',
  2: '601c177faa69b5eab972590618b3c4593a4caee945fcbac7523f7fc53103cfa5',
  3: '242a69128256d15e43c6b0fe08103507284288389a576f6e557394d0705fced8',
  4: 'f58fc9b8c6f49d12e7b629ce545bbf5182bf2dc34989ce86fd9a7eda92314f10',
  5: '8d19683a11ff5e626daea9ac30b8cefb0704e96942433be034b909c433d43dda',
}

const wire = {
  messages: {
    pushRequest: shapeOf(PushRequest),
    pushAnswer: shapeOf(PushAnswer),
    pullRequest: shapeOf(PullRequest),
    pullAnswer: shapeOf(PullAnswer),
    sessionRequest: shapeOf(SessionRequest),
    deviceRequest: shapeOf(DeviceRequest),
    sessionAnswer: shapeOf(SessionAnswer),
  },
  limits: { MAX_MUTATIONS, MAX_PUSH_BYTES, MAX_PAGE, DEFAULT_PAGE },
  errors: Object.fromEntries(
    Object.entries(ERRORS).map(([code, { status, action }]) => [code, `${status} ${action}`]),
  ),
  // How a mutation is hashed: the endpoint recognises by it what comes twice.
  hash: hashMutation({
    type: 'opinion',
    id: '01990000-0000-7000-8000-000000000001',
    scope: 'file:root:li',
    op: 'put',
    schemaVersion: 1,
    fields: { personId: 'li', text: '夜班也能看到“通知”。', order: [3, 1.5, null, true] },
    baseRev: 0,
    hlc: '0mywpiww0-0000-device',
    observedAt: 1_800_000_000_000,
  }),
}

describe('the wire', () => {
  it('is the one that its version number stands for', () => {
    const now = shapeHash(wire)
    expect(
      now,
      `The messages, limits, error codes or the hash of the wire are not those of protocol version ${PROTOCOL_VERSION}. ` +
        'Phones with that version are out there. Either take the change back, or: add a line to the history in ' +
        'protocol-version.ts and raise PROTOCOL_VERSION, keep taking pushes from OLDEST_PUSH_VERSION on, record the new ' +
        `version’s traffic beside the old one (tests/fixtures/traffic/README.md), and add ${PROTOCOL_VERSION + 1}: '${now}' to ` +
        'WIRE_OF_VERSION here. Never edit a line that was shipped.',
    ).toBe(WIRE_OF_VERSION[PROTOCOL_VERSION])
  })

  it('takes pushes of every version ever shipped', () => {
    expect(OLDEST_PUSH_VERSION).toBe(1)
    expect(Object.keys(WIRE_OF_VERSION).map(Number)).toEqual(
      Array.from({ length: PROTOCOL_VERSION }, (_, n) => n + 1),
    )
  })

  it('the frozen answers of version 1 are those of version 1', () => {
    if (PROTOCOL_VERSION !== 1) return
    const { messages } = wire
    expect(shapeOf(version1.PullAnswer)).toEqual(messages.pullAnswer)
    expect(shapeOf(version1.PushAnswer)).toEqual(messages.pushAnswer)
    expect(shapeOf(version1.SessionAnswer)).toEqual(messages.sessionAnswer)
  })
})

describe('the tables of the phone', () => {
  it('are those that their version number stands for', () => {
    const now = shapeHash(layout())
    expect(
      now,
      `The tables or indexes of the phone are not those of DATABASE_VERSION ${DATABASE_VERSION}: phones that have it would ` +
        'keep the old tables. Add a line to the history in client/storage/db.ts, raise DATABASE_VERSION, and add ' +
        `${DATABASE_VERSION + 1}: '${now}' to STORES_OF_VERSION here. Never edit a line that was shipped.`,
    ).toBe(STORES_OF_VERSION[DATABASE_VERSION])
  })
})

describe('the pin', () => {
  const base = () => v.object({ id: v.pipe(v.string(), v.maxLength(5)), at: v.optional(v.number()) })
  const hash = (schema: unknown) => shapeHash(shapeOf(schema))

  it.each<[string, unknown]>([
    ['a limit', v.object({ id: v.pipe(v.string(), v.maxLength(6)), at: v.optional(v.number()) })],
    [
      'a field',
      v.object({ id: v.pipe(v.string(), v.maxLength(5)), at: v.optional(v.number()), x: v.string() }),
    ],
    ['a field that is needed now', v.object({ id: v.pipe(v.string(), v.maxLength(5)), at: v.number() })],
    ['a default', v.object({ id: v.pipe(v.string(), v.maxLength(5)), at: v.optional(v.number(), 3) })],
    ['a kind', v.object({ id: v.pipe(v.number(), v.maxValue(5)), at: v.optional(v.number()) })],
    ['a pattern', v.object({ id: v.pipe(v.string(), v.regex(/^.{5}$/)), at: v.optional(v.number()) })],
    ['a lost rule', v.object({ id: v.string(), at: v.optional(v.number()) })],
    ['strictness', v.strictObject({ id: v.pipe(v.string(), v.maxLength(5)), at: v.optional(v.number()) })],
  ])('notices %s', (_name, changed) => {
    expect(hash(changed)).not.toBe(hash(base()))
  })

  it('does not mind the order or the words in which the same is written', () => {
    const again = v.object({
      at: v.optional(v.number('a number, please')),
      id: v.pipe(v.string('a word'), v.maxLength(5, 'too long')),
    })
    const withoutWords = v.object({ at: v.optional(v.number()), id: v.pipe(v.string(), v.maxLength(5)) })
    expect(hash(withoutWords)).toBe(hash(base()))
    expect(hash(again)).toBe(hash(base()))
  })

  it('knows every kind of schema that it pins, or says so', () => {
    expect(() => shapeOf(v.lazy(() => v.string()))).toThrow('teach shapeOf')
    expect(() =>
      shapeOf(
        v.pipe(
          v.string(),
          v.check((text) => text === 'x'),
        ),
      ),
    ).toThrow('needs a message')
  })
})
