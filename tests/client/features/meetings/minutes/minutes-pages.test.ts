// @vitest-environment happy-dom
/**
 * Guarantee to the recorder: what was typed is a draft on the disk a moment after each pause, also when the tab is killed; two who
 * write at once lose nothing; what the chair confirms is what was handed over. And 补学 asks those who owe it, when there is something
 * to read.
 */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { minutesDraftId } from '../../../../../src/shared/meetings/minutes/draft.ts'
import { fixedMinutesId } from '../../../../../src/shared/meetings/minutes/minutes.ts'
import { todayItems } from '../../../../../src/client/features/meetings/meetings.today.ts'
import { readMeeting } from '../../../../../src/client/features/meetings/detail/read-meeting.ts'
import MakeUpsPage from '../../../../../src/client/features/meetings/detail/MakeUpsPage.vue'
import MeetingPage from '../../../../../src/client/features/meetings/detail/MeetingPage.vue'
import {
  confirmCorrection,
  confirmMinutes,
  proposeCorrection,
  proposeMinutes,
  sendBack,
} from '../../../../../src/client/features/meetings/minutes/minutes-acts.ts'
import { minutesFacts } from '../../../../../src/client/features/meetings/minutes/minutes-facts.ts'
import MinutesPage from '../../../../../src/client/features/meetings/minutes/MinutesPage.vue'
import { bodyOf, sectionsOf } from '../../../../../src/client/features/meetings/minutes/sections.ts'
import RecordPage from '../../../../../src/client/features/meetings/record/RecordPage.vue'
import VotePage from '../../../../../src/client/features/meetings/votes/VotePage.vue'
import { eventually } from '../../../../support/eventually.ts'
import { actorOf, arrive, BRANCH, NOW, type TestPhone } from '../fixtures.ts'
import { carry, markOf, MT, open, phoneOf, today } from './minutes-world.ts'

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the draft', () => {
  it('of a recorder who is no officer is on the disk after a pause, and there again after a kill', async () => {
    const phone = await phoneOf('p2')
    const page = open(MinutesPage, phone)
    await eventually(() => expect(page.findAll('textarea')).toHaveLength(2))
    expect(page.text()).toContain('三楼会议室')
    await page.findAll('textarea')[1]!.setValue('讨论了转正。')
    await eventually(async () => {
      const row = await phone.store.get('minutes-draft', minutesDraftId('mt', 'p2'))
      expect(bodyOf(sectionsOf(row?.fields, MT.agenda, ''))).toBe('### 二、讨论转正\n\n讨论了转正。')
    })
    // Killed: nothing of the page is asked any more.
    const again = open(MinutesPage, phone)
    await eventually(() => expect(again.findAll('textarea')[1]!.element.value).toBe('讨论了转正。'))
    again.unmount()
    page.unmount()
  })

  it('without an agenda is one text under the one heading 内容; what stands before it, or an agenda that comes later, keeps them apart', () => {
    const [whole, ...more] = sectionsOf(undefined, '', '')
    expect(more).toEqual([])
    const written = { ...whole!, text: '学了一篇文章。' }
    expect(bodyOf([written])).toBe('学了一篇文章。')
    const added = { key: 'x1', heading: '补充', text: '另有一事。', order: 2 }
    expect(bodyOf([written, added])).toBe('学了一篇文章。\n\n### 补充\n\n另有一事。')
    const { key, heading, text, order } = written
    const later = sectionsOf({ sections: { [key]: { heading, text, order } } }, '一、学习', '')
    const [item] = later
    expect(bodyOf([{ ...item!, text: '读了。' }, ...later.slice(1)])).toBe(
      '### 一、学习\n\n读了。\n\n### 内容\n\n学了一篇文章。',
    )
  })

  it('of another is shown, and taken over as a copy: nothing of either goes', async () => {
    const phone = await phoneOf('p1')
    const [first] = sectionsOf(undefined, MT.agenda, '')
    const theirs = { unitId: BRANCH, meetingId: 'mt', writerId: 'p2', writerName: '王芳', title: '' }
    const sections = { [first!.key]: { heading: first!.heading, text: '王芳写的', order: 1 } }
    await arrive(phone.db, 'minutes-draft', minutesDraftId('mt', 'p2'), { ...theirs, sections })
    const page = open(MinutesPage, phone)
    await eventually(() => expect(page.text()).toContain('王芳也在写'))
    await page.findAll('textarea')[0]!.setValue('我写的')
    await page.get('button.open').trigger('click')
    await flushPromises()
    await page
      .findAll('button')
      .find((b) => b.text() === '并到我写的后面')!
      .trigger('click')
    await eventually(async () => {
      const own = await phone.store.get('minutes-draft', minutesDraftId('mt', 'p1'))
      expect(own?.fields.sections[first!.key]?.text).toBe('我写的\n\n王芳写的')
    })
    const other = await phone.store.get('minutes-draft', minutesDraftId('mt', 'p2'))
    expect(other?.fields.sections[first!.key]?.text).toBe('王芳写的')
    page.unmount()
  })

  it('begins with what an older version had kept', () =>
    expect(sectionsOf(undefined, '一、甲', '从前写的').map(({ text }) => text)).toEqual(['从前写的', '']))
})

describe('confirming', () => {
  async function handedOver() {
    const recorder = await phoneOf('p2')
    await recorder.store.edit(
      'minutes-draft',
      minutesDraftId('mt', 'p2'),
      {},
      {
        create: { unitId: BRANCH, meetingId: 'mt', writerId: 'p2', writerName: '王芳', title: '' },
      },
    )
    const view = (await readMeeting(recorder, 'mt'))!
    const id = await proposeMinutes(recorder, view.meeting, '议定两项。', [])
    const chair = await phoneOf('p0')
    await carry(recorder, chair, 'minutes-proposal', 'minutes-draft')
    return { recorder, chair, id }
  }

  it('is asked of the chair on 今日, of no other officer, and fixes the words as they were handed over', async () => {
    const { recorder, chair, id } = await handedOver()
    expect(await today(chair)).toContain(`confirm:${id}`)
    const officer = await phoneOf('p1')
    await carry(recorder, officer, 'minutes-proposal')
    expect((await today(officer)).filter((key) => key.startsWith('confirm'))).toEqual([])
    await arrive(chair.db, 'roll-mark', 'k1', markOf('p3', 'leave'))
    const view = (await readMeeting(chair, 'mt'))!
    await confirmMinutes(chair, view.meeting, view.open[0]!, minutesFacts(view))
    const fixed = await chair.store.get('minutes', fixedMinutesId('mt'))
    expect(fixed?.fields).toMatchObject({
      body: '议定两项。',
      writerId: 'p2',
      confirmedBy: 'p0',
      facts: { attendance: { expected: 8, leave: 1, unmarked: 7 }, away: [{ why: '请假（值班）' }] },
    })
    expect((await today(chair)).filter((key) => key.startsWith('confirm'))).toEqual([])
  })

  it('sent back it stands on the writer’s 今日 with the sentence', async () => {
    const { recorder, chair, id } = await handedOver()
    const view = (await readMeeting(chair, 'mt'))!
    await sendBack(
      chair,
      view.open.find((row) => row.id === id)!,
      '请补上第二项',
    )
    expect((await readMeeting(chair, 'mt'))!.open).toEqual([])
    await carry(chair, recorder, 'minutes-return')
    expect(await today(recorder)).toContain('back:mt')
    const page = open(MinutesPage, recorder)
    await eventually(() => expect(page.text()).toContain('请补上第二项'))
    page.unmount()
  })

  it('a correction leaves the first text readable, and stands under it on the page and on paper', async () => {
    const { recorder, chair } = await handedOver()
    const view = (await readMeeting(chair, 'mt'))!
    await confirmMinutes(chair, view.meeting, view.open[0]!, minutesFacts(view))
    await carry(chair, recorder, 'minutes')
    await proposeCorrection(recorder, view.meeting, '第二项应为两周内', '笔误')
    await carry(recorder, chair, 'minutes-proposal')
    const later = (await readMeeting(chair, 'mt'))!
    expect(later.open.map((row) => row.fields.about)).toEqual(['correction'])
    await confirmCorrection(chair, later.open[0]!)
    expect((await readMeeting(chair, 'mt'))!.open).toEqual([])
    for (const type of [MeetingPage, RecordPage]) {
      const page = open(type, chair)
      await eventually(() => expect(page.text()).toContain('定稿后的更正'))
      await eventually(() => expect(page.text()).toContain('议定两项。'))
      expect(page.text()).toContain('第二项应为两周内')
      expect(page.text()).toContain('笔误')
      page.unmount()
    }
  })
})

describe('a vote', () => {
  it('is entered with its arithmetic, refuses more votes than voters, and is kept as a fact', async () => {
    const phone = await phoneOf('p0')
    for (const [at, person] of ['p0', 'p1', 'p2', 'p3'].entries())
      await arrive(phone.db, 'roll-mark', `k${at}`, markOf(person, 'present'))
    const page = open(VotePage, phone)
    await eventually(() => expect(page.text()).toContain('能否表决'))
    expect(page.text()).toContain('可以表决')
    await page.get('textarea').setValue('同意转正')
    const [inFavour] = page.findAll('input[inputmode=numeric]')
    await inFavour!.setValue('5')
    expect(page.text()).toContain('多 1 票')
    await inFavour!.setValue('4')
    expect(page.text()).toContain('至少 4 票')
    await page
      .findAll('button')
      .find((b) => b.text() === '保存结果')!
      .trigger('click')
    await eventually(async () =>
      expect((await phone.db.records('resolution').toArray())[0]?.fields).toMatchObject({
        motion: '同意转正',
        inFavour: 4,
        votersExpected: 6,
        votersPresent: 4,
      }),
    )
    const view = (await readMeeting(phone, 'mt'))!
    expect(minutesFacts(view).resolutions[0]).toMatchObject({ motion: '同意转正', outcome: 'carried' })
    page.unmount()
  })
})

describe('补学', () => {
  const fix = (phone: TestPhone) =>
    arrive(phone.db, 'minutes', 'mt-fixed', {
      unitId: BRANCH,
      meetingId: 'mt',
      title: '大会',
      stage: 'fixed',
      body: '字'.repeat(900),
      confirmedAt: NOW,
    })
  const items = async (phone: TestPhone) =>
    (await todayItems.load({ phone, actor: await actorOf(phone), now: NOW })).filter(({ key }) =>
      key.startsWith('make-up'),
    )

  it('asks who was on shift once the minutes are fixed, with the minutes it takes; a corrected mark closes and opens it', async () => {
    const phone = await phoneOf('p3')
    await arrive(phone.db, 'roll-mark', 'k1', markOf('p3', 'leave'))
    expect(await items(phone)).toEqual([])
    await fix(phone)
    expect(await items(phone)).toMatchObject([{ key: 'make-up:mt', minutes: 5 }])
    await arrive(phone.db, 'roll-mark', 'k2', markOf('p3', 'present', { supersedes: ['k1'] }))
    expect(await items(phone)).toEqual([])
    await arrive(phone.db, 'roll-mark', 'k3', markOf('p3', 'absent', { supersedes: ['k2'] }))
    expect(await items(phone)).toHaveLength(1)
  })

  it('does not ask who came to another sitting', async () => {
    const sittings = ['st1', 'st2'].map((id) => ({ id, name: id, startsAt: NOW - 1000, place: '' }))
    const phone = await phoneOf('p3', { sittings })
    await fix(phone)
    await arrive(phone.db, 'roll-mark', 'k1', markOf('p3', 'leave'))
    await arrive(phone.db, 'roll-mark', 'k2', markOf('p3', 'present', { sittingId: 'st2' }))
    expect(await items(phone)).toEqual([])
  })

  it('shows an officer of 300 who is still open and since when, and who is done', async () => {
    const phone = await phoneOf('p0', {}, 300)
    await fix(phone)
    for (let at = 2; at < 300; at++) await arrive(phone.db, 'roll-mark', `k${at}`, markOf(`p${at}`, 'leave'))
    await arrive(phone.db, 'make-up', 'mu', {
      unitId: BRANCH,
      meetingId: 'mt',
      meetingTitle: '',
      personId: 'p5',
      sentence: '看过了',
      supersedes: [],
    })
    const page = open(MakeUpsPage, phone)
    await eventually(() => expect(page.text()).toContain('待补学 297'))
    expect(page.text()).toContain('已补学 1')
    expect(page.text()).toContain('起')
    page.unmount()
  })
})
