/**
 * The merge of drafts is commutative, associative and idempotent over any edits of any devices: whatever order, however often,
 * the same values under the same clocks stand at the end. What loses is kept where a person typed it.
 */
import * as fc from 'fast-check'
import { describe, it, vi } from 'vitest'
import { canonicalJson } from '../../src/shared/sync/canonical.ts'
import { clampHlc, formatHlc, nextHlc, parseHlc } from '../../src/shared/sync/hlc.ts'
import type { JsonValue } from '../../src/shared/sync/json.ts'
import { mergeDraft, type DraftState } from '../../src/shared/sync/merge.ts'
import { headsOf } from '../../src/shared/sync/heads.ts'

// Thousands of runs take their time on a busy machine; nothing here is about speed.
vi.setConfig({ testTimeout: 300_000 })

const RUNS = { numRuns: 5_000 }
const EMPTY: DraftState = { fields: {}, clocks: {} }

interface Edit {
  changes: Record<string, JsonValue>
  hlc: string
}
const paths = [
  'text',
  'quote',
  'answers/a/score',
  'answers/a/sentence',
  'answers/b/score',
  'toString',
  '__proto__x',
]
const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.nat(), { maxLength: 2 }),
)
const changes = fc.dictionary(fc.constantFrom(...paths), value, { minKeys: 1, maxKeys: 4 })

/** Edits as devices make them: each device's clocks are its own, and one clock is one edit. */
const edits: fc.Arbitrary<Edit[]> = fc
  .array(
    fc.record({
      changes,
      ms: fc.nat({ max: 4 }),
      counter: fc.nat({ max: 2 }),
      node: fc.constantFrom('a', 'b', 'c'),
    }),
    {
      maxLength: 6,
    },
  )
  .map((list) => {
    const byClock = new Map(list.map((e) => [formatHlc(e.ms, e.counter, e.node), e.changes]))
    return [...byClock].map(([hlc, changed]) => ({ hlc, changes: changed }))
  })

const fold = (list: readonly Edit[], from: DraftState = EMPTY): DraftState =>
  list.reduce<DraftState>((state, edit) => mergeDraft(state, edit.changes, edit.hlc), from)
const seen = ({ fields, clocks }: DraftState): string => canonicalJson({ fields, clocks })

describe('the merge of drafts', () => {
  it('is commutative: the order in which edits arrive does not matter', () => {
    const shuffled = edits.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([list, other]) => seen(fold(list)) === seen(fold(other))),
      RUNS,
    )
  })

  it('is associative: edits that were merged elsewhere first give the same', () => {
    fc.assert(
      fc.property(edits, fc.nat({ max: 6 }), (list, cut) => {
        const [early, late] = [list.slice(0, cut), list.slice(cut)]
        const inBetween = fold(early)
        const restored = JSON.parse(JSON.stringify(inBetween)) as DraftState
        return seen(fold(late, restored)) === seen(fold([...late, ...early]))
      }),
      RUNS,
    )
  })

  it('is idempotent: an edit that comes twice, at once or late, changes nothing and is no loss', () => {
    fc.assert(
      fc.property(edits, fc.nat(), (list, which) => {
        const once = fold(list)
        const edit = list[which % Math.max(1, list.length)]
        if (edit === undefined) return true
        const again = mergeDraft(once, edit.changes, edit.hlc)
        const standsAlone = list.length > 1 || again.lost.length === 0
        return seen(again) === seen(once) && standsAlone
      }),
      RUNS,
    )
  })

  it('lets the greatest clock of a path stand, and nothing that nobody wrote', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const { fields, clocks } = fold(list)
        return Object.keys(fields).every((path) => {
          const writers = list.filter((edit) => Object.hasOwn(edit.changes, path))
          const last = writers.reduce((a, b) => (a.hlc > b.hlc ? a : b))
          return (
            clocks[path] === last.hlc &&
            canonicalJson([fields[path]!]) === canonicalJson([last.changes[path]!])
          )
        })
      }),
      RUNS,
    )
  })

  it('leaves what it was given as it was', () => {
    fc.assert(
      fc.property(edits, edits, (list, more) => {
        const state = fold(list)
        const before = seen(state)
        fold(more, state)
        return seen(state) === before
      }),
      RUNS,
    )
  })
})

describe('the hybrid clock', () => {
  const ms = fc.nat({ max: 2 ** 42 })

  it('goes forward by itself whatever the wall clock says, and sorts as text', () => {
    fc.assert(
      fc.property(fc.array(ms, { minLength: 2, maxLength: 8 }), (walls) => {
        let last: string | undefined
        return walls.every((wall) => {
          const before = last
          last = nextHlc(last, wall, 'n')
          return before === undefined || last > before
        })
      }),
      RUNS,
    )
  })

  it('is held back no further than needed, in the order in which it was, and holding back twice is once', () => {
    const clock = fc
      .record({ ms, counter: fc.nat({ max: 36 ** 4 - 1 }) })
      .map((c) => formatHlc(c.ms, c.counter, 'n'))
    fc.assert(
      fc.property(clock, clock, ms, (a, b, now) => {
        const [first, second] = [clampHlc(a, now), clampHlc(b, now)]
        const keepsOrder = parseHlc(first).ms === parseHlc(second).ms || first < second === a < b
        return clampHlc(first, now) === first && first <= a && keepsOrder
      }),
      RUNS,
    )
  })
})

describe('the heads of facts', () => {
  it('are the same whatever order the facts come in, and however often', () => {
    const fact = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      supersedes: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 }),
    })
    const facts = fc.uniqueArray(fact, { selector: ({ id }) => id, maxLength: 4 })
    const idsOf = (list: readonly { id: string }[]) => [...new Set(list.map(({ id }) => id))].sort().join()
    fc.assert(
      fc.property(facts, (list) => {
        const heads = idsOf(headsOf(list))
        return idsOf(headsOf(list.toReversed())) === heads && idsOf(headsOf([...list, ...list])) === heads
      }),
      RUNS,
    )
  })
})
