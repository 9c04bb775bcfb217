/** Months and deadlines as this slice says them. */
import { civilDate, lastDayOfMonth } from '../../../shared/civil-time.ts'

/** '2026-11' → 11 月. */
export const shortMonth = (month: string): string => `${Number(month.slice(5))} 月`

export const dayOfMonth = (date: string): number => Number(date.slice(8))

/** 30 日截止; after that day how it stands. */
export function deadlineInWords(month: string, now: number): string {
  const last = lastDayOfMonth(month)
  const today = civilDate(now)
  if (today > last) return '已过截止日，定稿前仍可提交'
  if (today === last) return '今天截止'
  return daysLeft(month, now) === 1 ? '明天截止' : `${dayOfMonth(last)} 日截止`
}

/** Full days until the month's last day; 0 on it, negative after it. */
export function daysLeft(month: string, now: number): number {
  const day = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000
  return day(lastDayOfMonth(month)) - day(civilDate(now))
}

/** The month and those before it, newest first. */
export function monthsBack(month: string, count: number): string[] {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(year, number - 1 - back, 1)).toISOString().slice(0, 7),
  )
}

export const pointsInWords = (points: number): string => String(Math.round(points * 10) / 10)
