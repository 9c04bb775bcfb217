/**
 * The two indicator sets; last month scored and frozen for some of the first branch; this month's first submissions, and one sheet
 * in work. The demo's member has written nothing this month: that is for whoever tries it.
 */
import { civilInstant, civilMonth, DAY_MS, lastDayOfMonth } from '../../../shared/civil-time.ts'
import type { Indicator } from '../../../shared/assessment/indicator-set.ts'
import type { Side } from '../../../shared/assessment/sides.ts'
import { scoreSheetId } from '../../../shared/assessment/score-sheet.ts'
import { createActors } from '../../auth/access.ts'
import { DEFAULT_SETTINGS } from '../../app.ts'
import { freezeMonth } from '../../commands/freeze-month.ts'
import { createNudges } from '../../notify/nudges.ts'
import { noJournal } from '../../journal/journal-lines.ts'
import { STAFF } from '../accounts.ts'
import { daysFrom, demoId, HOUR_MS, personIdOf, type DemoContext } from '../context.ts'
import { FIRST_BRANCH_ID, unitId } from '../people/units.ts'
import { createChance, type Chance } from '../random.ts'
import { PARTY_INDICATORS } from '../../commands/sample-sets/indicators-party.ts'
import { WORK_INDICATORS } from '../../commands/sample-sets/indicators-work.ts'
import { DEDUCTIONS, SENTENCES } from './assessment-words.ts'

const SETS: Record<Side, { name: string; indicators: readonly Indicator[] }> = {
  party: { name: '党建指标二十一项（示例）', indicators: PARTY_INDICATORS },
  work: { name: '业务指标三十五项（示例）', indicators: WORK_INDICATORS },
}
const SIDES = ['party', 'work'] as const
export const setId = (side: Side): string => demoId('indicator-set', side)

/** Scored and frozen last month; the demo's member among them. */
const SCORED_LAST_MONTH = ['1005', '1002', '1010', '1012', '1013'] as const
const SUBMITTED_THIS_MONTH = ['1010', '1011', '1017'] as const

export async function fillAssessment(context: DemoContext): Promise<void> {
  await putSets(context)
  const thisMonth = civilMonth(context.now)
  const lastMonth = civilMonth(civilInstant(`${thisMonth}-01`) - DAY_MS)
  const lastDay = civilInstant(lastDayOfMonth(lastMonth), '18:00')
  for (const staffNo of SCORED_LAST_MONTH)
    for (const side of SIDES) {
      const chance = createChance(Number(staffNo) + (side === 'party' ? 1 : 2))
      await submit(context, staffNo, side, lastMonth, lastDay - 3 * DAY_MS, chance)
      await score(context, staffNo, side, lastMonth, lastDay, chance, true)
    }
  await freeze(context, lastMonth, Math.min(context.now, lastDay + 2 * DAY_MS))
  for (const [index, staffNo] of SUBMITTED_THIS_MONTH.entries()) {
    const at = Math.max(civilInstant(`${thisMonth}-01`), context.now - (index + 5) * HOUR_MS)
    for (const side of SIDES) {
      const chance = createChance(Number(staffNo) * 7 + (side === 'party' ? 1 : 2))
      await submit(context, staffNo, side, thisMonth, at, chance)
    }
  }
  await score(context, '1010', 'party', thisMonth, context.now - 2 * HOUR_MS, createChance(11), false)
}

async function putSets(context: DemoContext): Promise<void> {
  const at = context.now - 200 * DAY_MS
  for (const side of SIDES) {
    const fields = {
      ...SETS[side],
      side,
      version: 1,
      sample: true,
      validFrom: `${daysFrom(context.today, -365).slice(0, 4)}-01-01`,
      validTo: null,
    }
    await context.put('indicator-set', setId(side), fields, personIdOf(STAFF.office), at)
  }
}

const rowOf = (context: DemoContext, staffNo: string) => {
  const row = context.people.find((person) => person.staffNo === staffNo)
  if (row === undefined) throw new Error(`nobody has the staff number ${staffNo}`)
  return row
}

/** The desk that judges the side: the branch, or the person's section. */
const deskOf = (context: DemoContext, staffNo: string, side: Side): string =>
  side === 'party' ? FIRST_BRANCH_ID : unitId('section', rowOf(context, staffNo).section ?? '')

async function submit(
  context: DemoContext,
  staffNo: string,
  side: Side,
  month: string,
  at: number,
  chance: Chance,
): Promise<void> {
  const personId = personIdOf(staffNo)
  const answers = Object.fromEntries(
    SETS[side].indicators.map(({ id, title, max }) => [
      id,
      {
        score: chance.happens(0.8) ? max : max - 0.5,
        sentence: chance.happens(0.6) ? (SENTENCES[title] ?? '') : '',
        evidence: '',
      },
    ]),
  )
  const fields = {
    personId,
    name: rowOf(context, staffNo).name,
    unitId: deskOf(context, staffNo, side),
    month,
    side,
    setId: setId(side),
    answers,
    supersedes: [],
  }
  await context.put('submission', demoId('submission', personId, month, side), fields, personId, at)
}

/** @param done false: the sheet is in work, half of it scored */
async function score(
  context: DemoContext,
  staffNo: string,
  side: Side,
  month: string,
  at: number,
  chance: Chance,
  done: boolean,
): Promise<void> {
  const personId = personIdOf(staffNo)
  const desk = deskOf(context, staffNo, side)
  const scorerId = personIdOf(side === 'party' ? STAFF.deputy : STAFF.scorer)
  const indicators = SETS[side].indicators
  const scored = done ? indicators : indicators.slice(0, Math.ceil(indicators.length / 2))
  const scores = Object.fromEntries(
    scored.map(({ id, title, max }) => {
      const isFull = chance.happens(0.86)
      const points = isFull ? max : max - (max >= 2 ? 1 : 0.5)
      return [
        id,
        { score: points, reason: isFull ? '' : (DEDUCTIONS[title] ?? ''), evidence: '', scorerId, at },
      ]
    }),
  )
  const adjustments =
    side === 'work' && staffNo === STAFF.member
      ? { q1: { points: 0.5, reason: '窗口台账抽查完整，加分', scorerId, at } }
      : {}
  const fields = {
    unitId: desk,
    personId,
    name: rowOf(context, staffNo).name,
    month,
    side,
    setId: setId(side),
    scores,
    adjustments,
    done,
  }
  await context.put('score-sheet', scoreSheetId(desk, personId, month, side), fields, scorerId, at)
}

async function freeze({ tx, parts, moved }: DemoContext, month: string, now: number): Promise<void> {
  const actors = createActors()
  const actor = await actors(tx, personIdOf(STAFF.office), now)
  const appParts = {
    store: parts.store,
    blobs: parts.blobs,
    actors,
    nudges: createNudges(),
    journal: noJournal,
    now: () => now,
    newId: () => demoId('freeze', month),
    settings: { ...DEFAULT_SETTINGS, demo: true },
    stopping: new AbortController().signal,
  }
  await freezeMonth.run({ tx, parts: appParts, actor, now, moved }, { month, unitIds: [FIRST_BRANCH_ID] })
}
