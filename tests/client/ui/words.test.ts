import { monthInWords } from '../../../src/shared/civil-time.ts'
import { describe, expect, it } from 'vitest'
import { sizeInWords } from '../../../src/client/ui/files/size-in-words.ts'
import { dateInWords, momentInWords, stampInWords } from '../../../src/client/ui/moments.ts'
import {
  ageInWords,
  clockTime,
  dayInWords,
  deliveryInWords,
  deliveryTones,
  deliveryWords,
  minutesInWords,
} from '../../../src/client/ui/words.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** 2026-11-23 07:52 in China, still the evening of the 22nd in London. */
const morningMs = Date.UTC(2026, 10, 22, 23, 52)

describe('delivery words', () => {
  it('are the four of the product', () => {
    expect(Object.values(deliveryWords)).toEqual(['已存本机', '待送达', '已送达', '需处理'])
  })
  it('are red only for 需处理 and green only when the endpoint has accepted', () => {
    expect(deliveryTones).toEqual({
      'on-device': 'grey',
      waiting: 'grey',
      delivered: 'green',
      attention: 'red',
    })
  })
  it('say how many wait and how old the oldest is', () => {
    expect(deliveryInWords(0, null)).toBe('全部已送达')
    expect(deliveryInWords(3, 2 * hourMs)).toBe('还有 3 条在本机，最早一条 2 小时前')
    expect(deliveryInWords(1, null)).toBe('还有 1 条在本机')
  })
  it('say of what is not a minute old that it was just kept', () => {
    expect(deliveryInWords(2, minuteMs - 1)).toBe('还有 2 条在本机，刚存下')
    expect(deliveryInWords(2, minuteMs)).toBe('还有 2 条在本机，最早一条 1 分钟前')
    // The phone's clock was put back.
    expect(deliveryInWords(2, -hourMs)).toBe('还有 2 条在本机，刚存下')
  })
})

describe('ageInWords', () => {
  it.each([
    [0, '刚刚'],
    [minuteMs - 1, '刚刚'],
    [minuteMs, '1 分钟前'],
    [3 * minuteMs, '3 分钟前'],
    [hourMs - 1, '59 分钟前'],
    [2 * hourMs, '2 小时前'],
    [dayMs - 1, '23 小时前'],
    [dayMs, '1 天前'],
    [2 * dayMs - 1, '1 天前'],
    [3 * dayMs, '3 天前'],
    [200 * dayMs, '200 天前'],
  ])('%d ms is %s', (ageMs, said) => {
    expect(ageInWords(ageMs)).toBe(said)
  })
  it('never shows a negative or unknown age', () => {
    expect(ageInWords(-3 * dayMs)).toBe('刚刚')
    expect(ageInWords(Number.NaN)).toBe('刚刚')
  })
})

describe('times are those of China', () => {
  it('takes the day and the clock from UTC+8, whatever the zone of the run', () => {
    expect(dayInWords(morningMs)).toBe('11 月 23 日 周一')
    expect(clockTime(morningMs)).toBe('07:52')
    expect(dateInWords(morningMs)).toBe('2026 年 11 月 23 日')
    expect(stampInWords(morningMs)).toBe('2026-11-23 07:52')
  })
  it('changes the day at midnight in China', () => {
    const midnightMs = Date.UTC(2026, 10, 22, 16)
    expect(dayInWords(midnightMs - 1)).toBe('11 月 22 日 周日')
    expect(dayInWords(midnightMs)).toBe('11 月 23 日 周一')
    expect(clockTime(midnightMs)).toBe('00:00')
  })
  it('keeps a civil date on its own day', () => {
    expect(dayInWords('2026-01-01')).toBe('1 月 1 日 周四')
    expect(dayInWords('2028-02-29')).toBe('2 月 29 日 周二')
    expect(monthInWords('2026-03')).toBe('2026 年 3 月')
  })
  it('says a moment as seen from now', () => {
    expect(momentInWords(morningMs - 5 * minuteMs, morningMs)).toBe('07:47')
    expect(momentInWords(morningMs - 9 * hourMs, morningMs)).toBe('昨天 22:52')
    expect(momentInWords(morningMs - 17 * dayMs, morningMs)).toBe('11 月 6 日 07:52')
    expect(momentInWords(Date.UTC(2025, 11, 31, 1), morningMs)).toBe('2025 年 12 月 31 日 09:00')
  })
})

it('says sizes and minutes', () => {
  expect([860, 12_345, 1_258_291].map(sizeInWords)).toEqual(['860 B', '12 KB', '1.2 MB'])
  expect(minutesInWords(0.2)).toBe('约 1 分钟')
  expect(minutesInWords(4)).toBe('约 4 分钟')
  expect(minutesInWords(120)).toBe('约 120 分钟')
  expect(minutesInWords(121)).toBe('约 2 小时')
  expect(minutesInWords(605)).toBe('约 10 小时')
})
