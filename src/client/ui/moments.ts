/**
 * Moments as a person reads them, with the year or as seen from now. The first screen needs none of them; what it needs stands
 * in words.ts, with the same guarantees.
 */
import { chinaOffsetMs, chinaTime, clockTime, dayMs, toUtcMs, twoDigits } from './words.ts'

/** UTC milliseconds or 'YYYY-MM-DD' to 2026 年 11 月 23 日. */
export const dateInWords = (time: number | string): string => {
  const { year, month, day } = chinaTime(toUtcMs(time))
  return `${year} 年 ${month} 月 ${day} 日`
}

/** UTC milliseconds to 2026-11-23 07:52, for sheets and fingerprints. */
export const stampInWords = (utcMs: number): string => {
  const { year, month, day } = chinaTime(utcMs)
  return `${year}-${twoDigits(month)}-${twoDigits(day)} ${clockTime(utcMs)}`
}

const chinaDayNumber = (utcMs: number): number => Math.floor((utcMs + chinaOffsetMs) / dayMs)

/** A moment as seen from now: 07:52, 昨天 22:40, 11 月 6 日 09:15, and with the year when it is another one. */
export const momentInWords = (utcMs: number, nowMs: number): string => {
  const daysAgo = chinaDayNumber(nowMs) - chinaDayNumber(utcMs)
  if (daysAgo === 0) return clockTime(utcMs)
  if (daysAgo === 1) return `昨天 ${clockTime(utcMs)}`
  const { year, month, day } = chinaTime(utcMs)
  const yearWord = year === chinaTime(nowMs).year ? '' : `${year} 年 `
  return `${yearWord}${month} 月 ${day} 日 ${clockTime(utcMs)}`
}
