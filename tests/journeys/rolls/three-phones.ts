/** Three officers of one branch and one roll: what each phone does with it, and what all must agree on in the end. */
import { parse } from 'valibot'
import { rollLines, type RollLine } from '../../../src/shared/meetings/roll.ts'
import { rollFigures } from '../../../src/shared/meetings/roll-figures.ts'
import type { RollState } from '../../../src/shared/meetings/mark-words.ts'
import { bundleText, CarryBundle } from '../../../src/shared/sync/carry.ts'
import { makeBundle } from '../../../src/client/features/meetings/roll/carry/make-bundle.ts'
import { takeBundle, type TakeAnswer } from '../../../src/client/features/meetings/roll/carry/take-bundle.ts'
import { createRollActs } from '../../../src/client/features/meetings/roll/roll-acts.ts'
import { readRoll } from '../../../src/client/features/meetings/model/read-meetings.ts'
import { branchId, PEOPLE, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { setupPhone, type JourneyPhone } from '../../support/phone.ts'
import { layGround, uid } from '../../support/samples.ts'

export const MEETING = uid(4)
export const SITTING = uid(40)
export const OFFICERS = ['1001', '1007', '1003'] as const
export const place = { meetingId: MEETING, sittingId: SITTING, unitId: branchId('第一支部') }

export async function setupRoll(): Promise<TestEndpoint> {
  const officer = [{ role: 'branch-officer' as const, title: '纪检委员' }]
  const people = PEOPLE.map((one) => (one.staffNo === '1003' ? { ...one, roles: officer } : one))
  const endpoint = await setupEndpoint({ people, inMemory: true })
  await layGround(endpoint)
  return endpoint
}

/** Signed in, everything pulled; `all` a second time, so that each has the keys of the others. */
export async function officersOf(endpoint: TestEndpoint, count = 3): Promise<JourneyPhone[]> {
  const phones: JourneyPhone[] = []
  for (const staffNo of OFFICERS.slice(0, count)) phones.push(await setupPhone(endpoint, staffNo))
  for (const phone of phones) await phone.sync()
  return phones
}

export const person = (staffNo: string) => {
  const { name } = PEOPLE.find((one) => one.staffNo === staffNo)!
  return { personId: personIdOf(staffNo), name }
}

export const mark = (p: JourneyPhone, staffNo: string, state: RollState, reason = ''): Promise<number> =>
  createRollActs(p.phone, place).mark([{ person: person(staffNo), state, reason }])

export async function handText(from: JourneyPhone, meetingId = MEETING): Promise<string> {
  const made = await makeBundle(from.phone, meetingId, '十一月支部党员大会')
  if (made.type !== 'made') throw new Error(made.type)
  return made.text
}
export const hand = async (from: JourneyPhone, to: JourneyPhone, meetingId = MEETING): Promise<TakeAnswer> =>
  takeBundle(to.phone, await handText(from, meetingId))

/** What the other phone says to this text with something altered: why it is refused, or what it was taken as. */
export async function answerToAltered(
  to: JourneyPhone,
  text: string,
  change: (bundle: CarryBundle) => void,
): Promise<string> {
  const bundle = parse(CarryBundle, JSON.parse(text))
  change(bundle)
  const answer = await takeBundle(to.phone, bundleText(bundle))
  return answer.type === 'refused' ? answer.problem : answer.type
}

export async function linesOn(p: JourneyPhone): Promise<RollLine[]> {
  const roll = (await readRoll(p.phone.db, MEETING))!
  return rollLines(roll.roster, roll.marks, SITTING)
}
/** What a roll says, without who says it first. */
export const said = (lines: readonly RollLine[]) => ({
  people: lines
    .map(
      (l) =>
        `${l.name} ${l.state} ${l.heads
          .map(({ id }) => id)
          .sort()
          .join(',')}`,
    )
    .sort(),
  figures: rollFigures(lines),
})
export const marksAt = async (endpoint: TestEndpoint) =>
  (await endpoint.store.read((tx) => tx.records({ types: ['roll-mark'] })))
    .filter(({ fields }) => fields.includes(`"meetingId":"${MEETING}"`))
    .map(({ id, author }) => ({ id, author }))
