/**
 * Words that more than one screen uses, and times as a person reads them.
 *
 * Guaranteed: every time is China time (UTC+8, which has had no summer time since 1991), whatever the zone of the phone;
 * a clock that runs backwards never shows a negative age.
 */

export const deliveryWords = {
  'on-device': '已存本机',
  waiting: '待送达',
  delivered: '已送达',
  attention: '需处理',
} as const

export type DeliveryState = keyof typeof deliveryWords

export const deliveryTones = {
  'on-device': 'grey',
  waiting: 'grey',
  delivered: 'green',
  attention: 'red',
} as const satisfies Record<DeliveryState, Tone>

/** The four tones of tags, dots and notes. A tone never stands without a word. */
export type Tone = 'grey' | 'red' | 'green' | 'amber'

export const words = {
  back: '返回',
  close: '关闭',
  cancel: '取消',
  confirm: '确定',
  clear: '清除',
  undo: '撤销',
  retry: '再试一次',
  opening: '正在打开',
  optional: '可不填',
  allDelivered: '全部已送达',
  revised: '有修订',
  readyOffline: '已备好',
  notKept: '请先不要关闭这一页。改动一处会再存一次；若仍不行，请先抄下来。',
} as const

const minuteMs = 60_000
const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
export const chinaOffsetMs = 8 * hourMs

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

/** Age in milliseconds to words: 刚刚, 3 分钟前, 2 小时前, 1 天前. */
export const ageInWords = (ageMs: number): string => {
  if (!Number.isFinite(ageMs) || ageMs < minuteMs) return '刚刚'
  if (ageMs < hourMs) return `${Math.floor(ageMs / minuteMs)} 分钟前`
  if (ageMs < dayMs) return `${Math.floor(ageMs / hourMs)} 小时前`
  return `${Math.floor(ageMs / dayMs)} 天前`
}

interface ChinaTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly weekday: string
  readonly hour: number
  readonly minute: number
}

export const chinaTime = (utcMs: number): ChinaTime => {
  const shifted = new Date(utcMs + chinaOffsetMs)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: weekdays[shifted.getUTCDay()] ?? '',
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  }
}

/** A civil date is taken as noon in China, so that it stays the same day. */
export const toUtcMs = (time: number | string): number =>
  typeof time === 'number' ? time : Date.parse(`${time}T12:00:00+08:00`)

export const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** UTC milliseconds or 'YYYY-MM-DD' to 11 月 23 日 周一. */
export const dayInWords = (time: number | string): string => {
  const { month, day, weekday } = chinaTime(toUtcMs(time))
  return `${month} 月 ${day} 日 ${weekday}`
}

/** UTC milliseconds to 07:52. */
export const clockTime = (utcMs: number): string => {
  const { hour, minute } = chinaTime(utcMs)
  return `${twoDigits(hour)}:${twoDigits(minute)}`
}

/** 约 4 分钟; past two hours 约 10 小时, because nobody plans a day by 605 minutes. */
export const minutesInWords = (minutes: number): string => {
  const whole = Math.max(1, Math.round(minutes))
  return whole > 120 ? `约 ${Math.round(whole / 60)} 小时` : `约 ${whole} 分钟`
}

/** How long the oldest has waited: 最早一条 2 小时前; below a minute 刚存下. */
export const oldestInWords = (ageMs: number): string => {
  const age = ageInWords(ageMs)
  return /^\d/.test(age) ? `最早一条 ${age}` : '刚存下'
}

/**
 * The one line about delivery: 全部已送达, or 还有 3 条在本机，最早一条 2 小时前.
 * @param act what the person has to do before it can go: said in place of the age
 */
export const deliveryInWords = (waitingCount: number, oldestAgeMs: number | null, act?: string): string => {
  if (waitingCount <= 0) return words.allDelivered
  const more = act ?? (oldestAgeMs === null ? '' : oldestInWords(oldestAgeMs))
  return `还有 ${waitingCount} 条在本机${more && `，${more}`}`
}
