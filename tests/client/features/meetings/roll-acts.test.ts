import { beforeEach, describe, expect, it } from 'vitest'
import { rollLines } from '../../../../src/shared/meetings/roll.ts'
import { rollFigures } from '../../../../src/shared/meetings/roll-figures.ts'
import { readRoll } from '../../../../src/client/features/meetings/model/read-meetings.ts'
import {
  createRollActs,
  mayTakeRoll,
  type RollActs,
} from '../../../../src/client/features/meetings/roll/roll-acts.ts'
import {
  arrive,
  BRANCH,
  carryMarks,
  fillBranch,
  meetingFields,
  setupPhone,
  type TestPhone,
} from './fixtures.ts'

const PLACE = { meetingId: 'mt', sittingId: 'st1', unitId: BRANCH }
const person = (at: number) => ({ personId: `p${at}`, name: `某${at}` })

async function rollOf(phone: TestPhone) {
  const roll = await readRoll(phone.db, 'mt')
  // Whether a mark is delivered differs from phone to phone; the roll does not.
  const facts = (roll?.marks ?? []).map(({ id, fields, observedAt }) => ({ id, fields, observedAt }))
  const lines = rollLines(roll?.roster ?? [], facts, 'st1')
  const of = (at: number) => lines.find((line) => line.personId === `p${at}`)
  return { lines, of, figures: rollFigures(lines), marks: roll?.marks ?? [] }
}

let phone: TestPhone
let acts: RollActs
beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  acts = createRollActs(phone, PLACE)
})

describe('marking', () => {
  it('writes one fact with its time, its author and what it supersedes', async () => {
    phone.setNow(1_800_000_000_000)
    await acts.mark([{ person: person(3), state: 'present' }])
    await acts.mark([{ person: person(3), state: 'leave', leaveKind: 'duty', reason: '临时顶岗' }])
    const { marks, of } = await rollOf(phone)
    const [first, second] = marks.sort((a, b) => a.observedAt - b.observedAt)
    expect(first?.fields).toMatchObject({ markedBy: 'p0', method: 'tap', state: 'present', supersedes: [] })
    expect(second?.fields).toMatchObject({ reason: '临时顶岗', supersedes: [first?.id] })
    expect(first?.observedAt).toBeGreaterThanOrEqual(1_800_000_000_000)
    expect(of(3)).toMatchObject({ state: 'leave', leaveKind: 'duty' })
  })
  it('the same state again, even at once, writes nothing', async () => {
    const written = await Promise.all([
      acts.mark([{ person: person(3), state: 'present' }]),
      acts.mark([{ person: person(3), state: 'present' }]),
      acts.mark([{ person: person(3), state: 'present' }]),
    ])
    expect(written).toEqual([1, 0, 0])
    expect((await rollOf(phone)).marks).toHaveLength(1)
    expect(await phone.db.outbox.count()).toBe(1)
  })
  it('a guest is never in 应到', async () => {
    expect((await rollOf(phone)).figures.expected).toBe(6)
  })
  it('is for officers', async () => {
    expect(await mayTakeRoll(phone, BRANCH)).toBe(true)
    const member = setupPhone('p4')
    await fillBranch(member, 6)
    expect(await mayTakeRoll(member, BRANCH)).toBe(false)
  })
})

describe('undo', () => {
  it('takes back the last press as a new fact; the marks before stay', async () => {
    await acts.mark([{ person: person(3), state: 'leave', leaveKind: 'sick' }])
    await acts.mark([{ person: person(3), state: 'present' }])
    expect(await acts.undo()).toEqual({ type: 'undone', count: 1, kept: 0 })
    expect((await rollOf(phone)).of(3)).toMatchObject({ state: 'leave', leaveKind: 'sick' })
    await acts.undo()
    const { of, marks } = await rollOf(phone)
    expect(of(3)).toMatchObject({ state: 'cleared', contradiction: false })
    expect(marks).toHaveLength(4)
    expect(await acts.undo()).toEqual({ type: 'nothing' })
  })
  it('takes back 其余记到会 as a whole', async () => {
    await acts.mark([1, 2, 3, 4].map((at) => ({ person: person(at), state: 'present' as const })))
    expect((await rollOf(phone)).figures.present).toBe(4)
    expect(await acts.undo()).toMatchObject({ count: 4 })
    expect((await rollOf(phone)).figures).toMatchObject({ present: 0, unmarked: 6 })
  })
  it('leaves alone what another officer has corrected since', async () => {
    const other = setupPhone('p1')
    await fillBranch(other, 6)
    await arrive(other.db, 'meeting', 'mt', meetingFields())
    await acts.mark([1, 2].map((at) => ({ person: person(at), state: 'present' as const })))
    await carryMarks(phone, other)
    await createRollActs(other, PLACE).mark([{ person: person(1), state: 'absent' }])
    await carryMarks(other, phone)
    expect(await acts.undo()).toEqual({ type: 'undone', count: 1, kept: 1 })
    const { of } = await rollOf(phone)
    expect(of(1)?.state).toBe('absent')
    expect(of(2)?.state).toBe('cleared')
  })
})

describe('two officers with two phones', () => {
  it('merge to the same roll on both; a contradiction is settled by a person on both', async () => {
    const other = setupPhone('p1')
    await fillBranch(other, 6)
    await arrive(other.db, 'meeting', 'mt', meetingFields())
    const theirs = createRollActs(other, PLACE)
    await acts.mark([{ person: person(2), state: 'present' }])
    await acts.mark([{ person: person(3), state: 'present' }])
    await theirs.mark([{ person: person(3), state: 'present' }])
    await theirs.mark([{ person: person(2), state: 'leave', leaveKind: 'duty' }])
    await theirs.mark([{ person: person(4), state: 'late' }])
    await carryMarks(phone, other)
    await carryMarks(other, phone)
    const here = await rollOf(phone)
    expect((await rollOf(other)).lines).toEqual(here.lines)
    expect(here.figures).toMatchObject({ present: 2, late: 1, contradictions: 1, unmarked: 4 })

    await theirs.mark([{ person: person(2), state: 'present', reason: '当面核实' }])
    await carryMarks(other, phone)
    const settled = await rollOf(phone)
    expect(settled.of(2)).toMatchObject({ state: 'present', contradiction: false })
    expect(settled.of(2)?.heads[0]?.fields.supersedes).toHaveLength(2)
    expect((await rollOf(other)).lines).toEqual(settled.lines)
  })
})
