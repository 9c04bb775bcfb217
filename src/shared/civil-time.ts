/**
 * Civil time of the bureau. Mainland China keeps one time zone, UTC+8, without summer time; dates on paper are in it,
 * whatever the phone's own zone is.
 */
const CHINA_OFFSET_MS = 8 * 3_600_000
export const DAY_MS = 86_400_000

/** 'YYYY-MM-DD' of an instant, as the wall calendar in the hall shows it. */
export function civilDate(ms: number): string {
  return new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 10)
}

/** 'HH:MM' of an instant, as the wall clock in the hall shows it. */
export function civilTime(ms: number): string {
  return new Date(ms + CHINA_OFFSET_MS).toISOString().slice(11, 16)
}

/** 'YYYY-MM'. */
export function civilMonth(ms: number): string {
  return civilDate(ms).slice(0, 7)
}

/** The instant at which a civil date begins. @param time 'HH:MM', midnight unless told. */
export function civilInstant(date: string, time = '00:00'): number {
  return Date.parse(`${date}T${time}:00.000Z`) - CHINA_OFFSET_MS
}

/** ISO week 'YYYY-Www' of a civil date: weeks begin on Monday, week 1 has the year's first Thursday. */
export function isoWeek(date: string): string {
  const day = new Date(`${date}T00:00:00.000Z`)
  const weekday = (day.getUTCDay() + 6) % 7
  const thursday = new Date(day.getTime() + (3 - weekday) * DAY_MS)
  const yearStart = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const week = Math.floor((thursday.getTime() - yearStart) / (7 * DAY_MS)) + 1
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`
}

/** The Monday of an ISO week, 'YYYY-MM-DD'. */
export function mondayOfWeek(week: string): string {
  const [year, number] = week.split('-W').map(Number) as [number, number]
  const fourth = Date.UTC(year, 0, 4)
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7
  return new Date(fourth - weekday * DAY_MS + (number - 1) * 7 * DAY_MS).toISOString().slice(0, 10)
}

/** The last day of a month 'YYYY-MM', as 'YYYY-MM-DD'. */
export function lastDayOfMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}

/** 'YYYY-MM' to 2026 年 11 月. */
export function monthInWords(month: string): string {
  const [year = '', number = ''] = month.split('-')
  return `${year} 年 ${Number(number)} 月`
}
