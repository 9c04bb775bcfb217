/**
 * The meetings of a year that a store answers with are those of that year and no other, and somebody has come to them exactly where
 * `attendedMeetings`, by which the phone counts, says so of the same records. Run on each implementation.
 */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putRecord } from '../../src/server/commands/put-record.ts'
import { eraseRecord } from '../../src/server/commands/erase-record.ts'
import type { RecordStore } from '../../src/server/store/record-store.ts'
import type { Meeting } from '../../src/shared/meetings/meeting.ts'
import type { Minutes } from '../../src/shared/meetings/minutes/minutes.ts'
import { ROLL_STATES } from '../../src/shared/meetings/mark-words.ts'
import type { RollMark } from '../../src/shared/meetings/roll-mark.ts'
import { attendedMeetings } from '../../src/shared/meetings/year/attended.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'

/** s-1 is the beginning of s-1a; the last meeting is of another year, and says the asked one elsewhere. */
const MEETINGS = [
  { id: 'm1', date: '2026-03-05', sittings: ['s-1', 's-2'] },
  { id: 'm2', date: '2026-12-31', sittings: ['s-1a'] },
  { id: 'm3', date: '2026-01-01', sittings: ['s-3'] },
  { id: 'm4', date: '2027-01-01', sittings: ['s-4'] },
]
const SITTINGS = ['s-1', 's-2', 's-1a', 's-3', 's-4', 's-gone']
/** What a search in the text alone would take for a mark's state. */
const NAME = '王"state":"present"芳\\'

type Step =
  | { act: 'mark'; meeting: number; sitting: number; person: number; state: number; over: number }
  | { act: 'minutes'; meeting: number; isFixed: boolean }
  | { act: 'erase'; which: number }

const at = fc.nat(MEETINGS.length - 1)
const stories: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        act: fc.constant('mark' as const),
        meeting: at,
        sitting: fc.nat(SITTINGS.length - 1),
        person: fc.nat(1),
        state: fc.nat(ROLL_STATES.length - 1),
        over: fc.nat(4),
      }),
    },
    fc.record({ act: fc.constant('minutes' as const), meeting: at, isFixed: fc.boolean() }),
    fc.record({ act: fc.constant('erase' as const), which: fc.nat(100) }),
  ),
  { maxLength: 14 },
)

const context = { author: 'o', now: 2000 }

async function layMeetings(store: RecordStore): Promise<void> {
  await store.write([], async (tx) => {
    for (const { id, date, sittings } of MEETINGS) {
      const fields = {
        unitId: 'b1',
        kindId: 'k',
        title: '"date":"2026-05-05"',
        date,
        sittings: sittings.map((sitting) => ({ id: sitting, name: '全体', startsAt: 0, place: '' })),
        state: 'planned',
      }
      await putRecord(tx, { type: 'meeting', id, fields, ...context })
    }
  })
}

async function play(store: RecordStore, story: readonly Step[]): Promise<void> {
  const put: { type: string; id: string }[] = []
  const write = async (type: string, id: string, fields: JsonObject) => {
    await store.write([], (tx) => putRecord(tx, { type, id, fields, ...context }))
    put.push({ type, id })
  }
  for (const [n, step] of story.entries()) {
    if (step.act === 'erase') {
      const victim = put[step.which % (put.length + 1)]
      if (victim !== undefined)
        await store.write([], (tx) => eraseRecord(tx, { ...victim, ...context, reason: '依规' }))
      continue
    }
    const meetingId = MEETINGS[step.meeting]!.id
    if (step.act === 'minutes') {
      const stage = step.isFixed ? 'fixed' : 'in-work'
      const words = { title: '会', body: '"stage":"fixed"' }
      await write('minutes', `n${n}`, { unitId: 'b1', meetingId, stage, ...words })
      continue
    }
    const over = put.filter(({ type }) => type === 'roll-mark').at(-1 - step.over)
    await write('roll-mark', `k${n}`, {
      unitId: 'b1',
      meetingId,
      sittingId: SITTINGS[step.sitting]!,
      personId: `p${step.person}`,
      name: NAME,
      state: ROLL_STATES[step.state]!,
      method: 'tap',
      markedBy: 'o',
      // Marks of before this field have none.
      ...(over === undefined ? {} : { supersedes: [over.id] }),
    })
  }
}

const answered = async (store: RecordStore) =>
  (await store.read((tx) => tx.meetingsOfYear(2026))).map(({ id, attended }) => [id, attended])

async function expected(store: RecordStore) {
  return store.read(async (tx) => {
    const of = async <F>(type: string) =>
      (await tx.records({ types: [type] })).map((r) => ({ id: r.id, fields: JSON.parse(r.fields) as F }))
    const meetings = (await of<Meeting>('meeting')).filter(({ fields }) => fields.date.startsWith('2026'))
    const marks = await of<RollMark>('roll-mark')
    const attended = attendedMeetings({ meetings, marks, minutes: await of<Minutes>('minutes') })
    return meetings.map(({ id }) => [id, attended.has(id)]).sort()
  })
}

/** @param open an empty store. The suite closes it. */
export function runMeetingsOfYearContract(name: string, open: () => Promise<RecordStore>): void {
  describe(`meetings of a year: ${name}`, () => {
    let store: RecordStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    it('are what the records say, whatever was marked, corrected and erased', async () => {
      const seen = new Set<unknown>()
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          await store.replaceAll(() => Promise.resolve())
          await layMeetings(store)
          await play(store, story)
          const rows = await answered(store)
          expect(rows).toEqual(await expected(store))
          for (const [, attended] of rows) seen.add(attended)
        }),
        { numRuns: 60 },
      )
      expect(seen).toEqual(new Set([true, false]))
    })

    it('a tap that was undone holds no meeting; what superseded it being undone too, it does again', async () => {
      await layMeetings(store)
      const mark = (state: number, over = 4): Step => ({
        act: 'mark',
        meeting: 0,
        sitting: 0,
        person: 0,
        state,
        over,
      })
      await play(store, [mark(0)])
      expect(await answered(store)).toContainEqual(['m1', true])
      await store.replaceAll(() => Promise.resolve())
      await layMeetings(store)
      await play(store, [mark(0), mark(4, 0)])
      expect(await answered(store)).toContainEqual(['m1', false])
      await store.replaceAll(() => Promise.resolve())
      await layMeetings(store)
      await play(store, [mark(0), mark(4, 0), mark(1, 0)])
      expect(await answered(store)).toContainEqual(['m1', true])
    })
  })
}
