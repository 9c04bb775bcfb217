/** The office's view of a month and the act of 定稿. Needs the endpoint: nothing of it is kept on the phone. */
import * as v from 'valibot'
import { SIDE_WORDS, SIDES } from '../../../../shared/assessment/sides.ts'
import { civilDate, civilMonth } from '../../../../shared/civil-time.ts'
import { dayOfMonth, monthsBack } from '../month-words.ts'

export const MonthUnit = v.object({
  unitId: v.string(),
  name: v.string(),
  members: v.number(),
  submitted: v.number(),
  partyDone: v.number(),
  workDone: v.number(),
  frozen: v.number(),
})
export type MonthUnit = v.InferOutput<typeof MonthUnit>
export const MonthAnswer = v.object({ units: v.array(MonthUnit) })

export const FreezeAnswer = v.object({
  results: v.number(),
  without: v.array(v.object({ personId: v.string(), name: v.string(), side: v.picklist(SIDES) })),
})
export type FreezeAnswer = v.InferOutput<typeof FreezeAnswer>

/** In the first half of a month it is the last one that is frozen. */
export function monthToFreeze(now: number): string {
  const [thisMonth, lastMonth] = monthsBack(civilMonth(now), 2) as [string, string]
  return dayOfMonth(civilDate(now)) <= 15 ? lastMonth : thisMonth
}

/** Everyone has a result of at least one side; a side that was finished later is frozen by freezing again. */
export const isWholly = (unit: MonthUnit): boolean => unit.frozen >= unit.members && isReady(unit)
export const isReady = (unit: MonthUnit): boolean =>
  unit.partyDone >= unit.members && unit.workDone >= unit.members

/** 党建还有 3 人、业务还有 5 人没有完成评分; empty when all are done. */
export function lackInWords(units: readonly MonthUnit[]): string {
  const sum = (lack: (unit: MonthUnit) => number) =>
    units.reduce((total, unit) => total + Math.max(0, lack(unit)), 0)
  const party = sum((u) => u.members - u.partyDone)
  const work = sum((u) => u.members - u.workDone)
  const parts = [party > 0 ? `党建还有 ${party} 人` : '', work > 0 ? `业务还有 ${work} 人` : ''].filter(
    Boolean,
  )
  return parts.length === 0 ? '' : `${parts.join('、')}没有完成评分`
}

export function freezeQuestion(units: readonly MonthUnit[]): string {
  const lacking = units.filter((unit) => !isReady(unit))
  const names = lacking.slice(0, 5).map((unit) => `${unit.name}：${lackInWords([unit])}`)
  const more = lacking.length > 5 ? `另有 ${lacking.length - 5} 个支部未评完。` : ''
  const missing =
    names.length === 0
      ? '两侧都已评完。'
      : `${names.join('；')}。${more}没有完成的一侧这次不出结果，评完后可以再次定稿，已有的结果不变。`
  return `${missing}定稿后自评和评分不能再改，党员会看到逐项得分。`
}

/** The table below says how many are left of each branch; a few names are enough to know whom to ask. */
const MOST_NAMED = 8

export function withoutInWords(without: FreezeAnswer['without']): string {
  const shown = without.slice(0, MOST_NAMED).map((one) => `${one.name}（${SIDE_WORDS[one.side]}）`)
  const more = without.length > MOST_NAMED ? ` 等 ${without.length} 项` : ''
  return `${shown.join('、')}${more}`
}
