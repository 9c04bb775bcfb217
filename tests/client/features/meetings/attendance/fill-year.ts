/** A year of one branch with a group: rolls that were taken, torn, forgotten and cancelled, of members who came and went. */
import type { Phone } from '../../../../../src/client/storage/phone.ts'
import { arrive, BRANCH, fillBranch, meetingFields } from '../fixtures.ts'

export const GROUP = 'g1'
const STATES = ['present', 'late', 'leave', 'absent', 'cleared'] as const

/** Runs through the same numbers each time. */
function createDice(): (sides: number) => number {
  let seed = 7
  return (sides) => (seed = (seed * 48271) % 2147483647) % sides
}

const dayOf = (n: number): string => new Date(Date.UTC(2026, 0, 5 + n * 13)).toISOString().slice(0, 10)

/** @param withMarksOf of everybody, or of one person alone, as their own phone has it */
export async function fillYear(phone: Phone, withMarksOf?: string): Promise<void> {
  const { db } = phone
  await fillBranch(phone, 6)
  const fieldsOf = async (id: string) => (await db.records('membership').get(id))!.fields
  await arrive(db, 'unit', GROUP, { kind: 'group', name: '一组', parentId: BRANCH, order: 0 })
  for (const personId of ['p0', 'p3', 'p4'])
    await arrive(db, 'membership', `g-${personId}`, {
      ...(await fieldsOf(`m${personId.slice(1)}`)),
      unitId: GROUP,
      primary: false,
      to: personId === 'p4' ? '2026-06-01' : null,
    })
  await arrive(db, 'membership', 'm5', { ...(await fieldsOf('m5')), from: '2026-05-10' })
  await arrive(db, 'meeting-kind', 'committee', {
    ...(await db.records('meeting-kind').get('general'))!.fields,
    name: '支委会',
    order: 1,
    roster: 'committee',
  })
  const dice = createDice()
  for (let n = 0; n < 24; n++) {
    const unitId = n % 4 === 0 ? GROUP : BRANCH
    const kindId = unitId === BRANCH && n % 3 === 1 ? 'committee' : 'general'
    const sittings = [`${n}a`, `${n}b`].map((id) => ({
      id,
      name: id,
      startsAt: Date.parse(dayOf(n)),
      place: '',
    }))
    const state = n % 9 === 8 ? 'cancelled' : 'held'
    await arrive(
      db,
      'meeting',
      `mt${n}`,
      meetingFields({ unitId, kindId, sittings, state, date: dayOf(n), title: `第 ${n} 次` }),
    )
    for (let k = 0; k < 10; k++) {
      const fields = {
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
        supersedes: dice(3) === 0 ? [`k${n}-${dice(10)}`] : [],
      }
      // Nobody took every seventh roll.
      if (n % 7 !== 3 && (withMarksOf ?? fields.personId) === fields.personId)
        await arrive(db, 'roll-mark', `k${n}-${k}`, fields)
    }
    // Of the rolls that were taken each has somebody in it.
    if (n % 7 !== 3 && (withMarksOf ?? 'p0') === 'p0')
      await arrive(db, 'roll-mark', `k${n}-chair`, {
        unitId,
        meetingId: `mt${n}`,
        sittingId: `${n}a`,
        personId: 'p0',
        name: 'x',
        state: 'present',
        leaveKind: null,
        method: 'tap',
        markedBy: 'p0',
        reason: '',
        supersedes: [],
      })
    const madeUpBy = `p${dice(6)}`
    if ((withMarksOf ?? madeUpBy) === madeUpBy)
      await arrive(db, 'make-up', `u${n}`, {
        unitId,
        meetingId: `mt${n}`,
        personId: madeUpBy,
        sentence: '学过了',
        supersedes: [],
      })
    // Members learn from the minutes that a roll was taken.
    await arrive(db, 'minutes', `min${n}`, {
      unitId,
      meetingId: `mt${n}`,
      title: '纪要',
      stage: 'fixed',
      facts: { attendance: n % 7 === 3 ? null : { expected: 1 } },
    })
  }
}
