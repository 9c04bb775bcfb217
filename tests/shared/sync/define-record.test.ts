import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFields } from '../../../src/shared/sync/define-record.ts'
import { flatten, unflatten } from '../../../src/shared/sync/flat-paths.ts'
import { clampHlc, CLOCK_LEAD_MS, formatHlc, nextHlc, parseHlc } from '../../../src/shared/sync/hlc.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { mergeDraft } from '../../../src/shared/sync/merge.ts'
import { meeting } from '../../../src/shared/meetings/meeting.ts'

describe('parsing fields', () => {
  const fields = {
    unitId: 'b',
    kindId: 'k',
    title: '  支部党员大会 ',
    date: '2026-11-23',
    sittings: [{ id: 's', name: '晚班', startsAt: 1, later: { deep: [1, { more: true }] } }],
    guests: [{ name: '列席', later: 1 }],
    laterTop: { a: 1 },
  }
  it('keeps what a newer version wrote, at every depth, and the schema’s own values where it knows them', () => {
    const parsed = parseFields(meeting, fields)
    expect(parsed).toMatchObject({
      ok: true,
      fields: {
        title: '支部党员大会',
        sittings: [{ place: '', later: { deep: [1, { more: true }] } }],
        guests: [{ personId: null, later: 1 }],
        laterTop: { a: 1 },
        state: 'planned',
      },
    })
    expect(parseFields(meeting, parsed.ok ? parsed.fields : {})).toEqual(parsed)
  })
  it('names the path of what is wrong', () => {
    expect(parseFields(meeting, { ...fields, sittings: [{ id: 's', name: '', startsAt: 1 }] })).toMatchObject(
      {
        ok: false,
        path: 'sittings.0.name',
      },
    )
  })
})

const Key = fc.stringMatching(/^[a-z]{1,4}$/)
const Json = fc.letrec<{ value: JsonObject[string]; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer()),
    tie('object'),
  ),
  object: fc.dictionary(Key, tie('value'), { noNullPrototype: true }),
})).object

describe('flat paths', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(Json, (value) => {
        expect(unflatten(flatten(value))).toEqual(value)
      }),
    )
  })
  it('refuse what would reach a prototype', () => {
    for (const path of ['__proto__/a', 'a/constructor', 'prototype', 'a//b', '']) {
      expect(() => unflatten({ [path]: 1 })).toThrow(TypeError)
    }
  })
})

const Edit = fc.record({
  changes: fc.dictionary(fc.constantFrom('a', 'b', 'toString', 'hasOwnProperty'), fc.string(), {
    noNullPrototype: true,
    minKeys: 1,
  }),
  hlc: fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom('p', 'q'))
    .map(([ms, node]) => formatHlc(ms, 0, node)),
})

describe('merging a draft', () => {
  it('gives the same fields whatever the order, and however often an edit arrives', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(Edit, { selector: (e) => e.hlc, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (edits, dice) => {
          const run = (list: typeof edits) =>
            list.reduce((state, e) => mergeDraft(state, e.changes, e.hlc), { fields: {}, clocks: {} } as {
              fields: JsonObject
              clocks: Record<string, string>
            })
          const shuffled = [...edits, ...edits].sort(() => (dice.next().value! % 2 === 0 ? 1 : -1))
          const [one, other] = [run(edits), run(shuffled)]
          expect({ fields: other.fields, clocks: other.clocks }).toEqual({
            fields: one.fields,
            clocks: one.clocks,
          })
        },
      ),
    )
  })
})

describe('the hybrid clock', () => {
  it('never goes back, and compares as text', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { maxLength: 30 }), (walls) => {
        let last: string | undefined
        for (const wall of walls) {
          const next = nextHlc(last, wall, 'n')
          if (last !== undefined) expect(next > last).toBe(true)
          last = next
        }
      }),
    )
  })
  it('is held back to the endpoint’s time plus two minutes', () => {
    expect(parseHlc(clampHlc(formatHlc(9_000_000, 3, 'n'), 1000)).ms).toBe(1000 + CLOCK_LEAD_MS)
    expect(clampHlc(formatHlc(900, 3, 'n'), 1000)).toBe(formatHlc(900, 3, 'n'))
  })
})
