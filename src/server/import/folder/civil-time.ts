/** Weeks and times as people write them in file names and front matter. All times are China time (UTC+8, no summer time). */

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const chinaOffsetMs = 8 * hourMs

/** 'YYYY-MM-DD' and the moment in UTC milliseconds; without a clock time the moment is 00:00 in China. */
export interface CivilTime {
  date: string
  at: number
  hasClock: boolean
}

/** “2026-11-16 08:30”, “2026/11/16”, “2026.11.16”, “2026年11月16日 8时30分”; null when it is no such date. */
export function parseCivilTime(text: string): CivilTime | null {
  const match =
    /^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?(?:[:：]\d{2})?\s*分?)?\s*$/.exec(
      text,
    )
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map((part) => Number(part ?? 0))
  const utc = new Date(Date.UTC(year, month - 1, day))
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day || hour > 23 || minute > 59) return null
  const at = utc.getTime() + hour * hourMs + minute * 60_000 - chinaOffsetMs
  return { date: utc.toISOString().slice(0, 10), at, hasClock: match[4] !== undefined }
}

/** A deadline without a clock time lasts to the end of that day in China; UTC milliseconds. */
export function deadlineOf({ at, hasClock }: CivilTime): number {
  return hasClock ? at : at + dayMs - 1
}

/** What a text says of a week: 'YYYY-Www', a week whose year is not said, a week that does not exist, or nothing. */
export type WeekReading =
  { type: 'week'; week: string } | { type: 'no-year'; number: number } | { type: 'no-such-week' } | null

/** “2026-W47”, “2026年第47周”, “第47周”, “第四十七周”, “W47”, or a date, whose ISO week is taken. `year` helps out. */
export function parseWeek(text: string, year: number | null): WeekReading {
  const plain = text.normalize('NFKC').trim()
  const date = parseCivilTime(plain)
  if (date !== null) return { type: 'week', week: isoWeekOf(date.date) }
  const match =
    /^(?:(\d{4})\s*年?\s*[-_]?\s*)?(?:第\s*([\d〇零一二三四五六七八九十]{1,4})\s*周|w\s*(\d{1,2})|(?<=\d[-_])(\d{1,2})(?:周)?)$/i.exec(
      plain,
    )
  if (match === null) return null
  const number = chineseNumber(match[2] ?? match[3] ?? match[4] ?? '')
  const weekYear = match[1] === undefined ? year : Number(match[1])
  if (number === null || number < 1 || number > 53) return { type: 'no-such-week' }
  if (weekYear === null) return { type: 'no-year', number }
  if (number > weeksIn(weekYear)) return { type: 'no-such-week' }
  return { type: 'week', week: `${weekYear}-W${String(number).padStart(2, '0')}` }
}

/** “2026” or “2026年” as the name of a folder. */
export function parseYear(text: string): number | null {
  const match = /^(20\d{2})\s*年?$/.exec(text.trim())
  return match === null ? null : Number(match[1])
}

/** 'YYYY-MM-DD' → 'YYYY-Www': weeks begin on Monday, the first holds the year's first Thursday (ISO 8601). */
export function isoWeekOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`)
  const thursday = new Date(day.getTime() + (3 - ((day.getUTCDay() + 6) % 7)) * dayMs)
  const start = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const number = Math.floor((thursday.getTime() - start) / dayMs / 7) + 1
  return `${thursday.getUTCFullYear()}-W${String(number).padStart(2, '0')}`
}

const weeksIn = (year: number) => Number(isoWeekOf(`${year}-12-28`).slice(-2))

/** “12”, “十二”, “二十”, “一百零三” → a number to 999; null when it is none. */
export function chineseNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text)
  const digit = (char: string | undefined) =>
    char === undefined || char === '' ? 0 : '零一二三四五六七八九'.indexOf(char.replace('〇', '零'))
  const match =
    /^(?:([一二三四五六七八九])百)?[零〇]?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?$/.exec(text)
  if (match === null || text === '') return null
  const tens = match[3] === undefined ? 0 : digit(match[2]) || 1
  return digit(match[1]) * 100 + tens * 10 + digit(match[4])
}
