import { describe, expect, it } from 'vitest'
import {
  filterLessons,
  lessonWeeks,
  visibleLessons,
  weekInWords,
} from '../../../../src/client/features/lessons/list/lesson-list.ts'
import { learnedState, type ReceiptRow } from '../../../../src/client/features/lessons/receipts.ts'
import {
  defaultWeek,
  newDraft,
  problemsOf,
  publishInstant,
} from '../../../../src/client/features/lessons/desk/lesson-draft.ts'
import { todayItems } from '../../../../src/client/features/lessons/lessons.today.ts'
import type { TodayPhone } from '../../../../src/client/ui/today.ts'
import { readActor } from '../../../../src/client/storage/actor.ts'
import { DAY, giveUnits, lessonFields, ME, NOW, setupPhone } from './fake-phone.ts'

const row = (id: string, changes: Parameters<typeof lessonFields>[0] = {}) => ({
  id,
  fields: lessonFields({ issueId: id, ...changes }),
})
const receipt = (id: string, learned: boolean, supersedes: string[], observedAt = NOW): ReceiptRow => ({
  id,
  observedAt,
  pending: 0,
  fields: {
    personId: ME.id,
    unitId: 'b1',
    lessonId: 'l1',
    week: '2026-W48',
    lessonTitle: '',
    lessonRevision: 1,
    learned,
    supersedes,
  },
})

describe('visibleLessons', () => {
  it('prefers the copy of the first own unit and remembers all copies', () => {
    const copies = ['b2', 'b1'].map((unitId) => row(`x-${unitId}`, { issueId: 'x', unitId }))
    const [entry] = visibleLessons(copies, NOW, ['b1', 'b2'])
    expect(entry?.lesson.id).toBe('x-b1')
    expect(entry?.copyIds).toEqual(['x-b1', 'x-b2'])
  })
  it('shows a lesson from its minute on', () => {
    const rows = [row('a', { publishAt: NOW + 1 })]
    expect(visibleLessons(rows, NOW, [])).toEqual([])
    expect(visibleLessons(rows, NOW + 1, [])).toHaveLength(1)
  })
})

describe('weeks', () => {
  it('stand newest first, in the order of the columns', () => {
    const columns = new Map(['c1', 'c2'].map((id, order) => [id, { name: id, order, hidden: false }]))
    const rows = [row('a', { columnId: 'c2' }), row('b'), row('c', { week: '2026-W47' })]
    const weeks = lessonWeeks(visibleLessons(rows, NOW, []), columns, '2026-W48')
    expect(weeks.map(({ entries }) => entries.map(({ lesson }) => lesson.id))).toEqual([['b', 'a'], ['c']])
  })
  it('are named with the year only when it is another one', () => {
    expect(weekInWords('2026-W47', '2026-W48')).toBe('第 47 周 · 11 月 16 日')
    expect(weekInWords('2025-W47', '2026-W48')).toBe('2025 年第 47 周 · 11 月 17 日')
  })
  it('are narrowed by column and by words of the title', () => {
    const entries = visibleLessons([row('a', { title: '三种 样子' }), row('b', { columnId: 'c2' })], NOW, [])
    expect(filterLessons(entries, null, '种样').map(({ lesson }) => lesson.id)).toEqual(['a', 'b'])
    expect(filterLessons(entries, 'c2', '').map(({ lesson }) => lesson.id)).toEqual(['b'])
  })
})

describe('learnedState', () => {
  it('counts equal marks of two phones once and supersedes both', () => {
    expect(learnedState([receipt('a', true, []), receipt('b', true, [])])).toMatchObject({
      learned: true,
      headIds: ['a', 'b'],
    })
  })
  it('holds what was said last where two phones differ', () => {
    const rows = [
      receipt('a', true, []),
      receipt('b', false, ['a'], NOW + 1),
      receipt('c', true, ['a'], NOW + 2),
    ]
    expect(learnedState(rows)).toMatchObject({ learned: true, headIds: ['b', 'c'] })
  })
})

describe('a draft at the desk', () => {
  it('begins with next Monday late in the week', () => {
    expect(defaultWeek(NOW)).toBe('2026-W48')
    expect(defaultWeek(NOW + 2 * DAY)).toBe('2026-W49')
  })
  it('is published at the hour of the wall clock in China', () => {
    expect(publishInstant('2026-11-23T08:30')).toBe(Date.parse('2026-11-23T00:30:00Z'))
  })
  it('says what is missing, and asks a revision what it changed', () => {
    expect(Object.keys(problemsOf(newDraft('x', NOW)))).toEqual(['columnId', 'title', 'body'])
    const revised = { ...newDraft('x', NOW), columnId: 'c1', title: '题', body: '文', revision: 1 }
    expect(Object.keys(problemsOf(revised))).toEqual(['revisionNote'])
  })
})

describe('for 今日', () => {
  it('takes no mark and no place of another person for one’s own', async () => {
    const phone = setupPhone()
    await phone.give('lesson', 'fresh', lessonFields({ issueId: 'fresh', title: 'fresh' }))
    const { fields } = receipt('r', true, [])
    await phone.give('lesson-receipt', 'r', { ...fields, personId: 'other', lessonId: 'fresh' })
    const place = { bookId: 'fresh', chapterId: 'fresh', paragraph: 2 }
    await phone.give('reading-position', 'p', { personId: 'other', ...place })
    const actor = await readActor(phone.db, ME.id, NOW)
    const items = await todayItems.load({ phone: phone.phone as unknown as TodayPhone, actor, now: NOW })
    expect(items.map(({ key, second }) => [key, second])).toEqual([['fresh', '']])
  })
  it('says what was learned today, and then no longer counts the next one as today’s', async () => {
    const phone = setupPhone()
    for (const id of ['learned', 'next'])
      await phone.give('lesson', id, lessonFields({ issueId: id, title: id }))
    const actor = await readActor(phone.db, ME.id, NOW)
    const load = async (now: number) => {
      let done = 0
      const items = await todayItems.load({
        phone: phone.phone as unknown as TodayPhone,
        actor,
        now,
        done: (count) => (done += count),
      })
      return [done, ...items.map(({ key, group, due }) => `${key} ${group} ${due?.count ?? 1}`)]
    }
    expect(await load(NOW)).toEqual([0, 'learned now 1', 'next week 1'])
    const { fields } = receipt('r', true, [])
    await phone.give('lesson-receipt', 'r', { ...fields, lessonId: 'learned' }, NOW)
    expect(await load(NOW)).toEqual([1, 'next now 0'])
    expect(await load(NOW + DAY)).toEqual([0, 'next now 1'])
  })
  it('puts the lesson that was begun first and leaves out what is learned, withdrawn or to come', async () => {
    const phone = setupPhone()
    await giveUnits(phone)
    await phone.give('column', 'c1', { name: '廉政提醒', order: 1, hidden: false })
    for (const [id, changes] of Object.entries({
      learned: {},
      fresh: {},
      begun: {},
      withdrawn: { withdrawn: true },
      future: { publishAt: NOW + DAY },
      old: { week: '2026-W47' },
    }))
      await phone.give('lesson', id, lessonFields({ issueId: id, title: id, ...changes }))
    await phone.db.records('lesson-receipt').put({
      id: 'r',
      scope: 'x',
      rev: 1,
      schemaVersion: 1,
      author: ME.id,
      observedAt: NOW,
      receivedAt: NOW,
      pending: 0,
      fields: { ...receipt('r', true, []).fields, lessonId: 'learned' },
    })
    const { readingPositionId } = await import('../../../../src/shared/books/marks.ts')
    await phone.give('reading-position', readingPositionId(ME.id, 'begun'), {
      personId: ME.id,
      bookId: 'begun',
      chapterId: 'begun',
      paragraph: 2,
    })
    const actor = await readActor(phone.db, ME.id, NOW)
    const items = await todayItems.load({ phone: phone.phone as unknown as TodayPhone, actor, now: NOW })
    expect(items.map(({ key, group }) => [key, group])).toEqual([
      ['begun', 'now'],
      ['fresh', 'week'],
    ])
    expect(items[0]?.lead).toEqual({ column: '廉政提醒', body: '本周一课 · 第 48 周' })
    expect(items[0]?.second).toBe('读到第 3 段')
    expect(await items[0]?.more?.()).toEqual({ second: '读到第 3 段，共 4 段', minutes: 1 })
    expect(items[1]?.more).toBeUndefined()
  })
})
