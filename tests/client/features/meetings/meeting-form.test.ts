// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import {
  addSitting,
  draftToMeeting,
  guestsOf,
  meetingToDraft,
  problemsOf,
  titleFor,
  type MeetingDraft,
} from '../../../../src/client/features/meetings/form/meeting-form.ts'
import MeetingFormPage from '../../../../src/client/features/meetings/form/MeetingFormPage.vue'
import { useMeetingForm } from '../../../../src/client/features/meetings/form/use-meeting-form.ts'
import { countOf } from '../../../../src/client/features/meetings/model/count-of.ts'
import { groupMeetings } from '../../../../src/client/features/meetings/list/group-meetings.ts'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import type { Meeting } from '../../../../src/shared/meetings/meeting.ts'
import { fillBranch, meetingFields, NOW, setupPhone, type TestPhone } from './fixtures.ts'

const draft = (changes: Partial<MeetingDraft> = {}): MeetingDraft => ({
  id: 'new',
  unitId: 'b1',
  kindId: 'general',
  title: ' 11 月支部党员大会 ',
  titleIsOwn: false,
  sittings: [{ id: 's', name: '全体', at: '2026-11-23T20:45', place: '' }],
  chairId: '',
  recorderId: 'p0',
  agenda: '',
  guests: '林科长、 王主任，林科长',
  ...changes,
})

describe('the form of a meeting', () => {
  it('becomes a record in civil time, whatever the zone of the phone', () => {
    expect(draftToMeeting(draft())).toMatchObject({
      title: '11 月支部党员大会',
      date: '2026-11-23',
      chairId: null,
      recorderId: 'p0',
      sittings: [{ startsAt: civilInstant('2026-11-23', '20:45') }],
      guests: [{ name: '林科长' }, { name: '王主任' }],
    })
  })
  it('keeps what it does not show when a meeting is changed', () => {
    const plain = meetingFields({ state: 'held' }) as Meeting
    const sittings = plain.sittings.map((sitting) => ({ ...sitting, room: 'of a newer version' }))
    const guests = ['党建科 沈若谷', '组织处、宣传处', '同名', '同名'].map((name, at) => ({
      name,
      personId: `g${at}`,
    }))
    const standing = { ...plain, sittings, guests, extra: 1 } as unknown as Meeting
    const back = draftToMeeting({ ...meetingToDraft('mt', standing), title: '改名' }, standing)
    expect(back).toEqual({ ...standing, title: '改名' })
  })
  it('names sittings by shift', () => {
    const two = addSitting(draft().sittings, 't')
    expect(two.map((s) => s.name)).toEqual(['早班场', '晚班场'])
    expect(addSitting(two, 'u').at(-1)?.name).toBe('第 3 场')
  })
  it('fills in the title', () => {
    expect(titleFor('支部党员大会', '2026-11-23T20:45', NOW)).toBe('11 月支部党员大会')
    expect(titleFor('支委会', '2027-01-05T12:00', NOW)).toBe('2027 年 1 月支委会')
    expect(titleFor('', '2027-01-05T12:00', NOW)).toBe('')
  })
  it('says what is missing', () => {
    expect(problemsOf(draft()).any).toBe(false)
    const sittings = [
      { id: 's', name: '早班场', at: '', place: '' },
      { id: 't', name: '早班场', at: '2026-11-23T20:45', place: '' },
    ]
    const problems = problemsOf(draft({ title: ' ', kindId: '', sittings }))
    expect(problems).toMatchObject({ any: true, title: '请写会议名称', kindId: '请选择会议类型' })
    expect(problems.sittings).toEqual({ s: { at: '请选择日期和时间' }, t: { name: '场次名称重复' } })
  })
  it('reads names and counts as people type them', () => {
    expect(guestsOf('').length).toBe(0)
    expect(guestsOf('张三,李四；王五\n张三').map((g) => g.name)).toEqual(['张三', '李四', '王五'])
    expect(guestsOf('党建科 沈若谷、 入党积极分子　施嘉树 ').map((g) => g.name)).toEqual([
      '党建科 沈若谷',
      '入党积极分子 施嘉树',
    ])
    // One more is written: who stood there is still the same person.
    const asked = meetingFields({ guests: [{ name: '党建科 沈若谷', personId: 'g1' }] }) as Meeting
    const more = { ...meetingToDraft('mt', asked), guests: '党建科 沈若谷、王主任' }
    expect(draftToMeeting(more, asked).guests).toEqual([
      { name: '党建科 沈若谷', personId: 'g1' },
      { name: '王主任', personId: null },
    ])
    expect(['12', '１２', ' 3 ', '', '-1', '1.5', 'x'].map(countOf)).toEqual([
      12,
      12,
      3,
      null,
      null,
      null,
      null,
    ])
  })
})

describe('the list of meetings', () => {
  it('keeps today among what comes, and the past by month', () => {
    const row = (id: string, date: string, state = 'planned') => {
      const sittings = [{ id: `s${id}`, name: '全体', startsAt: civilInstant(date, '20:45'), place: '' }]
      return { id, pending: 0 as const, fields: meetingFields({ date, sittings, state }) as Meeting }
    }
    const groups = groupMeetings(
      [
        row('next', '2026-12-01'),
        row('today', '2026-11-23'),
        row('off', '2026-12-05', 'cancelled'),
        row('old', '2026-10-05'),
      ],
      NOW,
    )
    expect(groups.coming.map((m) => m.id)).toEqual(['today', 'next'])
    expect(groups.past.map(({ month, meetings }) => [month, ...meetings.map((m) => m.id)])).toEqual([
      ['2026-12', 'off'],
      ['2026-10', 'old'],
    ])
  })
})

describe('saving', () => {
  let phone: TestPhone
  beforeEach(async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    phone = setupPhone('p0')
    await fillBranch(phone, 4)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })
  const openForm = (id?: string) => {
    let form!: ReturnType<typeof useMeetingForm>
    const Host = defineComponent({
      setup() {
        form = useMeetingForm(id)
        return () => h('p')
      },
    })
    const host = mount(Host, { global: { provide: { [phoneKey as symbol]: phone } } })
    return { form, host }
  }

  const mountForm = () => {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
    })
    return mount(MeetingFormPage, {
      attachTo: document.body,
      global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
    })
  }

  it('does not save without a file that is still being read', async () => {
    let goOn!: () => void
    const read = new Promise<void>((go) => (goOn = go))
    phone.blobs = { put: () => read.then(() => 'a'.repeat(64)) } as unknown as TestPhone['blobs']
    const page = mountForm()
    await eventually(() => expect(page.text()).toContain('保存会议'))
    await eventually(() => page.get('option[value=general]'))
    await page.get('select').setValue('general')
    const input = page.get('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: [new File(['名单'], '名单.txt')] })
    await input.trigger('change')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(await phone.db.records('meeting').count()).toBe(0)
    goOn()
    await eventually(() => expect(page.find('[aria-label="移除 名单.txt"]').exists()).toBe(true))
    await page.get('form').trigger('submit')
    await eventually(async () => expect(await phone.db.records('meeting').count()).toBe(1))
    const [meeting] = await phone.db.records('meeting').toArray()
    expect(meeting?.fields.attachments.map(({ name }) => name)).toEqual(['名单.txt'])
    page.unmount()
  })
  it('leads to the first field that is missing', async () => {
    const page = mountForm()
    await eventually(() => expect(page.text()).toContain('保存会议'))
    await page.get('form').trigger('submit')
    await eventually(() => expect(document.activeElement?.tagName).toBe('SELECT'))
    expect(document.querySelector(`label[for="${document.activeElement?.id}"]`)?.textContent).toContain(
      '会议类型',
    )
    page.unmount()
  })
  it('is one meeting for a double tap, and waits in the outbox without a network', async () => {
    const { form } = openForm()
    await eventually(() => expect(form.draft.value).toBeDefined())
    await eventually(() => expect(form.kinds.value).toHaveLength(1))
    if (form.draft.value) form.draft.value.kindId = 'general'
    await eventually(() => expect(form.draft.value?.title).toBe('11 月支部党员大会'))
    const [first, second] = await Promise.all([form.save(), form.save()])
    expect([first, second].filter((id) => id !== undefined)).toHaveLength(1)
    expect(await phone.db.records('meeting').count()).toBe(1)
    expect(await phone.db.outbox.count()).toBe(1)
    expect(await phone.db.meta.get('kept:meeting:new')).toBeUndefined()
  })
  it('keeps a half-written form over a restart', async () => {
    const first = openForm()
    await eventually(() => expect(first.form.draft.value).toBeDefined())
    if (first.form.draft.value) first.form.draft.value.agenda = '一、学习'
    await eventually(async () => expect(await phone.db.meta.get('kept:meeting:new')).toBeDefined())
    first.host.unmount()
    const again = openForm()
    await eventually(() => expect(again.form.draft.value?.agenda).toBe('一、学习'))
    expect(again.form.restored.value).toBe(true)
  })
  it('changes a meeting under its own id', async () => {
    await phone.store.put('meeting', meetingFields(), { id: 'mt' })
    const { form } = openForm('mt')
    await eventually(() => expect(form.draft.value?.title).toBe('11 月支部党员大会'))
    if (form.draft.value) form.draft.value.title = '改期的大会'
    await eventually(async () => expect(await form.save()).toBe('mt'))
    expect((await phone.store.get('meeting', 'mt'))?.fields.title).toBe('改期的大会')
    expect(await phone.db.records('meeting').count()).toBe(1)
  })
})
