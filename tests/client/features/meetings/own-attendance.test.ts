import { expect, it } from 'vitest'
import { readOwnAttendance } from '../../../../src/client/features/meetings/model/own-attendance.ts'
import { readMakeUps } from '../../../../src/client/features/meetings/model/make-ups.ts'
import {
  readMeetings,
  readRoll,
  readRolls,
} from '../../../../src/client/features/meetings/model/read-meetings.ts'
import { readRollsToTake } from '../../../../src/client/features/meetings/model/rolls-to-take.ts'
import { attendanceLines } from '../../../../src/shared/meetings/attendance/attendance.ts'
import { civilDate, DAY_MS } from '../../../../src/shared/civil-time.ts'
import type { Phone } from '../../../../src/client/storage/phone.ts'
import { actorOf, arrive, BRANCH, fillBranch, meetingFields, NOW, setupPhone } from './fixtures.ts'

const STATES = ['present', 'late', 'leave', 'absent', 'cleared'] as const
const GROUP = 'g1'

/** The branch and a group of it, full and committee meetings, marks that correct and that contradict each other. */
async function fillYear(phone: Phone, meetings: number, at = (n: number) => NOW - n * DAY_MS) {
  await fillBranch(phone, 6)
  await arrive(phone.db, 'unit', GROUP, { kind: 'group', name: '一组', parentId: BRANCH, order: 0 })
  for (const personId of ['p0', 'p3', 'p4'])
    await arrive(phone.db, 'membership', `g-${personId}`, {
      ...(await phone.db.records('membership').get(`m${personId.slice(1)}`))!.fields,
      unitId: GROUP,
      primary: false,
      // p4 left the group in the middle of what is looked at.
      to: personId === 'p4' ? civilDate(NOW - 10 * DAY_MS) : null,
    })
  await arrive(phone.db, 'meeting-kind', 'committee', {
    ...(await phone.db.records('meeting-kind').get('general'))!.fields,
    roster: 'committee',
  })
  let seed = 7
  const dice = (sides: number) => (seed = (seed * 48271) % 2147483647) % sides
  for (let n = 0; n < meetings; n++) {
    const unitId = n % 4 === 0 ? GROUP : BRANCH
    const kindId = ['general', 'committee', 'not-here-yet'][n % 3]
    const sittings = [`${n}a`, `${n}b`].map((id) => ({ id, name: id, startsAt: at(n), place: '' }))
    const state = n % 2 === 0 ? 'planned' : 'held'
    const fields = { unitId, kindId, sittings, state, date: civilDate(at(n)) }
    await arrive(phone.db, 'meeting', `mt${n}`, meetingFields(fields))
    for (let k = 0; k < 9; k++)
      await arrive(phone.db, 'roll-mark', `k${n}-${k}`, {
        unitId,
        meetingId: `mt${n}`,
        sittingId: `${n}${'ab'[dice(2)]}`,
        personId: `p${dice(6)}`,
        name: 'x',
        state: STATES[dice(5)],
        leaveKind: null,
        method: 'tap',
        markedBy: 'p0',
        reason: '',
        supersedes: dice(2) === 0 ? [`k${n}-${dice(9)}`] : [],
      })
    if (n % 5 === 0)
      await arrive(phone.db, 'make-up', `u${n}`, {
        unitId,
        meetingId: `mt${n}`,
        personId: `p${dice(6)}`,
        sentence: '学过了',
        supersedes: [],
      })
  }
}

it.each(['p0', 'p3', 'p4', 'p5', 'nobody'])(
  '%s has the line that the whole roll of each meeting gives',
  async (me) => {
    const phone = setupPhone(me)
    await fillYear(phone, 40)
    const meetings = await readMeetings(phone.db, await actorOf(phone))
    const expected = []
    for (const meeting of meetings) {
      const roll = (await readRoll(phone.db, meeting.id))!
      const ids = meeting.fields.sittings.map((s) => s.id)
      const mine = attendanceLines(roll.roster, roll.marks, ids).find((line) => line.personId === me)
      const hasMadeUp = (await readMakeUps(phone, meeting.id)).has(me)
      if (mine !== undefined)
        expected.push({ id: meeting.id, mine: [mine.state, mine.sittingId, mine.contradiction], hasMadeUp })
    }
    const own = (await readOwnAttendance(phone.db, me, meetings)).map(({ meeting, mine, makeUps }) => ({
      id: meeting.id,
      mine: [mine.state, mine.sittingId, mine.contradiction],
      hasMadeUp: makeUps.has(me),
    }))
    expect(own).toEqual(expected)
    expect(own.length > 0).toBe(me !== 'nobody')
  },
)

it('several rolls read together are those that are read one by one', async () => {
  const phone = setupPhone('p0')
  await fillYear(phone, 20)
  const meetings = await readMeetings(phone.db, await actorOf(phone))
  const alone = await Promise.all(meetings.map((m) => readRoll(phone.db, m.id)))
  expect(await readRolls(phone.db, meetings)).toEqual(alone)
})

it('many meetings cost no more reads of people, units and kinds than one', async () => {
  const readsFor = async (count: number) => {
    const phone = setupPhone('p0')
    await fillYear(phone, count, (n) => NOW - n * 1000)
    const actor = await actorOf(phone)
    const meetings = await readMeetings(phone.db, actor)
    const asked: string[] = []
    phone.db.use({
      stack: 'dbcore',
      create: (down) => ({
        ...down,
        table: (name) => {
          const table = down.table(name)
          const counted =
            <Args extends unknown[], Answer>(work: (...args: Args) => Answer) =>
            (...args: Args): Answer => {
              asked.push(name)
              return work(...args)
            }
          return {
            ...table,
            get: counted(table.get),
            getMany: counted(table.getMany),
            query: counted(table.query),
          }
        },
      }),
    })
    phone.db.close({ disableAutoOpen: false })
    await readOwnAttendance(phone.db, 'p0', meetings)
    const rolls = await readRollsToTake(phone.db, actor, meetings, NOW)
    return { rolls: rolls.length, reads: asked.filter((name) => name !== 'roll-mark').sort() }
  }
  const [few, many] = [await readsFor(5), await readsFor(30)]
  expect(many.rolls).toBeGreaterThan(few.rolls)
  expect(many.reads).toEqual(few.reads)
})
