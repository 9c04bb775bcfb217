// @vitest-environment happy-dom
/** The first page of the desk: what to look at, with its figure and its page, by roles, from the phone and from the endpoint. */
import 'fake-indexeddb/auto'
import { defineComponent, h } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import {
  deskSources as assessment,
  monthMatters,
} from '../../../../src/client/features/assessment/assessment.desk.ts'
import {
  deskSources as circulation,
  openMatters,
} from '../../../../src/client/features/circulation/circulation.desk.ts'
import { deskSources as ofDesk } from '../../../../src/client/features/desk/desk.desk.ts'
import DeskHomePage from '../../../../src/client/features/desk/DeskHomePage.vue'
import { deskSources as lessons } from '../../../../src/client/features/lessons/lessons.desk.ts'
import { deskSources as meetings } from '../../../../src/client/features/meetings/meetings.desk.ts'
import type { DeskSource } from '../../../../src/client/ui/desk-matters.ts'
import { arrive, fillBranch, meetingFields, setupPhone as setupBranch } from '../meetings/fixtures.ts'
import { lessonFields, NOW, openPage, setupPhone, type TestPhone } from '../lessons/fake-phone.ts'

let close = () => undefined as void
beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }))
})
afterEach(() => {
  close()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

const OFFICE = { label: '每周一课', order: 10, for: 'office' as const }
async function open(phone: TestPhone, sources: readonly DeskSource[], roles: string[]) {
  const home = defineComponent({
    render: () => h(DeskHomePage, { sources, roles: roles.map((role) => ({ role })) }),
  })
  const scorer = { label: '评分', order: 80, for: 'scorer' as const }
  const administrator = { label: '人员与激活码', order: 60, for: 'administrator' as const }
  const page = await openPage(
    phone,
    [
      { path: '/desk', component: home },
      { path: '/desk/lessons', component: home, meta: { desk: OFFICE } },
      { path: '/scoring', component: home, meta: { desk: scorer } },
      { path: '/desk/people', component: home, meta: { desk: administrator } },
    ],
    '/desk',
  )
  close = page.close
}
const linkTo = (path: string) =>
  document.querySelector(`a[href="${path}"]`)?.textContent?.replace(/\s+/g, ' ').trim()
const json = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }))

const source = (name: string, changes: Partial<DeskSource> = {}): DeskSource => ({
  order: 1,
  for: 'office',
  name,
  load: () =>
    Promise.resolve([
      { key: 'one', count: 3, unit: '份', title: `${name}的事`, second: '第二行', to: `/${name}` },
    ]),
  ...changes,
})

describe('the page', () => {
  it('shows only what the person’s roles are for, what is urgent first, and names what has nothing', async () => {
    const urgent = source('急', {
      order: 2,
      load: async () => [
        { key: 'u', count: 1, unit: '份', title: '请你确认', second: '', to: '/u', isUrgent: true },
      ],
    })
    const nothing = source('空', { order: 3, load: async () => [] })
    await open(setupPhone(), [source('常'), urgent, nothing, source('别', { for: 'scorer' })], ['office'])
    await eventually(() => expect(document.body.textContent).toContain('没有等着的：空。'))
    const headings = [...document.querySelectorAll('h2')].map((h2) => h2.textContent)
    expect(headings).toEqual(['先看这些', '正在进行'])
    expect(linkTo('/u')).toContain('1份 请你确认'.replace(' ', ''))
    expect(document.body.textContent).not.toContain('别的事')
  })
  it('shows what the phone holds when the endpoint can’t be asked, names the rest, and asks again', async () => {
    let isOnline = false
    const asked = source('传阅进度', {
      isAsked: true,
      load: async () => {
        if (!isOnline) throw new Error('offline')
        return [{ key: 'x', count: 2, unit: '份', title: '在传阅', second: '', to: '/x' }]
      },
    })
    await open(setupPhone(), [source('课'), asked], ['office'])
    await eventually(() => expect(document.body.textContent).toContain('暂时看不到：传阅进度'))
    await eventually(() => expect(document.body.textContent).toContain('课的事'))
    isOnline = true
    ;[...document.querySelectorAll('button')].find((b) => b.textContent?.includes('再试一次'))!.click()
    await eventually(() => expect(linkTo('/x')).toContain('在传阅'))
    expect(document.body.textContent).not.toContain('暂时看不到')
  })
  it('gives all figures the width of the longest, so that their words begin on one edge', async () => {
    const many = source('多', {
      order: 2,
      load: async () => [{ key: 'm', count: 303, unit: '份', title: '很多', second: '', to: '/m' }],
    })
    await open(setupPhone(), [source('少'), many], ['office'])
    await eventually(() => expect(linkTo('/m')).toContain('303'))
    const [few, most] = document.querySelectorAll<HTMLElement>('.figure b')
    const digitsOf = (figure: HTMLElement) =>
      figure.closest<HTMLElement>('[style*="--digits"]')?.style.getPropertyValue('--digits')
    expect([digitsOf(few!), digitsOf(most!)]).toEqual(['3', '3'])
  })
  it('puts 需处理 before all else', async () => {
    const phone = setupPhone()
    await phone.db.attention.add({ attentionId: 1, label: '签字' } as never)
    await open(phone, [], ['office'])
    await eventually(() => expect(linkTo('/me/delivery')).toContain('需处理'))
  })
  it('tells who has no desk whom it is for', async () => {
    await open(setupPhone(), [source('课')], [])
    await eventually(() => expect(document.body.textContent).toContain('工作台给党建科'))
    expect(document.body.textContent).not.toContain('课的事')
  })
})

describe('what the slices give', () => {
  it('a week without a lesson is urgent, one with a lesson is not', async () => {
    const phone = setupPhone()
    await open(phone, lessons as readonly DeskSource[], ['office'])
    await eventually(() => expect(linkTo('/desk/lessons')).toContain('0篇课在本周发布第 48 周'))
    expect(document.querySelector('h2')?.textContent).toBe('先看这些')
    await phone.give('lesson', 'l1', lessonFields())
    await phone.give('lesson', 'l2', lessonFields({ issueId: 'l2', publishAt: NOW + 3_600_000 }))
    await eventually(() => expect(linkTo('/desk/lessons')).toContain('1篇课已在本周发布'))
    expect(linkTo('/desk/lessons')).toContain('另有 1 篇定时发布')
    expect(document.querySelector('h2')?.textContent).toBe('正在进行')
  })
  it('documents past their day stand apart from those that run, with how many have not signed', () => {
    const one = (name: string, open: number, deadline: string) => ({ name, open, deadline, to: `/${name}` })
    const matters = openMatters(
      [
        one('甲', 3, '2026-11-20'),
        one('乙', 2, '2026-11-22'),
        one('丙', 4, '2026-11-25'),
        one('丁', 0, '2026-11-20'),
      ],
      NOW,
    )
    expect(matters.map(({ count, second, to, isUrgent }) => [count, second, to, isUrgent])).toEqual([
      [2, '还差 5 人次 · 甲 等 · 已过截止日 4 天', '/甲', true],
      [1, '还差 4 人 · 丙 · 明天截止', '/丙', false],
    ])
  })
  it('asks the endpoint for the bureau’s circulations, and counts no branch that was recalled', async () => {
    const counts = { toSign: 9, signed: 2, outdated: 1, excused: 0, waiting: 6 }
    const sent = {
      documentId: 'd1',
      documentNo: '〔2026〕31 号',
      title: '通知',
      deadline: '2026-11-24',
      revision: 1,
      dispatchedAt: 1,
      branchCount: 2,
      open: 1,
      behind: 1,
      overdue: 0,
      ...counts,
      waiting: 12,
      missing: 7,
    }
    const overview = { total: 1, more: false, counts: {}, missing: 7, years: [], units: [] }
    vi.stubGlobal('fetch', (path: string) =>
      json(path.includes('dispatched') ? { documentIds: ['d1'] } : { documents: [sent], ...overview }),
    )
    await open(setupPhone(), circulation as readonly DeskSource[], ['office'])
    await eventually(() => expect(linkTo('/desk/circulations?document=d1')).toContain('还差 7 人'))
  })
  it('a month: branches that can be frozen, and who has not handed in; scores only once it is over', () => {
    const unit = { unitId: 'b', name: '一', members: 5, submitted: 3, partyDone: 5, workDone: 5, frozen: 0 }
    const second = { ...unit, unitId: 'c', submitted: 5, partyDone: 4 }
    const running = monthMatters([unit, second], '2026-11', NOW)
    expect(running.map(({ key, count, isUrgent }) => [key, count, isUrgent])).toEqual([
      ['ready', 1, true],
      ['missing', 2, undefined],
    ])
    const over = monthMatters([second], '2026-10', NOW)
    expect(over.map(({ key, count, second: words }) => [key, count, words])).toEqual([
      ['unscored', 1, '党建还有 1 人没有完成评分'],
    ])
  })
  it('opinions of the last week, and for the administrator who is not activated', async () => {
    const opinion = (id: string, at: number) => ({ id, name: '王芳', text: '座椅', at })
    const person = { personId: 'p', staffNo: '1', name: '甲', units: [], roles: [] }
    vi.stubGlobal('fetch', (path: string) =>
      path.includes('opinions')
        ? json({ opinions: [opinion('1', NOW - 60_000), opinion('2', NOW - 9 * 86_400_000)] })
        : json({
            people: [
              { ...person, activated: true },
              { ...person, activated: false },
            ],
          }),
    )
    await open(setupPhone(), ofDesk, ['office', 'administrator'])
    await eventually(() => expect(linkTo('/desk/opinions')).toContain('1条意见建议近 7 天'))
    await eventually(() =>
      expect(document.body.textContent!.replace(/\s+/g, '')).toContain('1人还没有激活账号共2人'),
    )
  })
  it('an officer’s meetings: rolls that are not finished, and those without minutes', async () => {
    const phone = setupBranch('p0')
    await fillBranch(phone, 4)
    const old = { date: '2026-11-10', sittings: [{ id: 'st0', name: '', startsAt: 1, place: '' }] }
    const startsAt = Date.parse('2026-11-10T12:00:00+08:00')
    old.sittings[0]!.startsAt = startsAt
    await arrive(phone.db, 'meeting', 'old', meetingFields({ ...old, title: '支委会' }))
    await open({ phone, db: phone.db } as never, meetings as readonly DeskSource[], ['branch-officer'])
    await eventually(() => expect(linkTo('/meetings/old/minutes')).toContain('1个会议还没有纪要'))
    expect(linkTo('/meetings/old/roll/st0')).toContain('4人考勤没有记')
    for (const n of [1, 2]) {
      const sittings = [{ id: `st${n}`, name: '', startsAt: startsAt + n, place: '' }]
      await arrive(phone.db, 'meeting', `m${n}`, meetingFields({ ...old, sittings }))
    }
    await eventually(() => expect(linkTo('/branch')).toContain('3场会议的考勤没有记完最早的 支委会'))
    for (const n of [1, 2]) await phone.db.records('meeting').delete(`m${n}`)
    await arrive(phone.db, 'minutes', 'mi', { meetingId: 'old', unitId: 'b1', title: '', stage: 'fixed' })
    await eventually(() => expect(linkTo('/meetings/old/minutes')).toBeUndefined())
  })
  it('names no meetings and no circulations to a scorer who is nobody’s officer', async () => {
    const phone = setupBranch('p3')
    await fillBranch(phone, 4)
    const all = [...meetings, ...circulation, source('空', { for: 'scorer', load: async () => [] })]
    await open({ phone, db: phone.db } as never, all as readonly DeskSource[], ['section-scorer'])
    await eventually(() => expect(document.body.textContent).toContain('没有等着的：空。'))
  })
  it('has something for each role', () => {
    const all = [...lessons, ...circulation, ...assessment, ...meetings, ...ofDesk]
    expect(new Set(all.map((one) => one.for))).toEqual(new Set(['office', 'scorer', 'administrator']))
    expect(new Set(all.map((one) => `${one.for}:${one.name}`)).size).toBe(all.length)
  })
})
