// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { h } from 'vue'
import CirculationListPage from '../../../../src/client/features/circulation/list/CirculationListPage.vue'
import { circulationItems } from '../../../../src/client/features/circulation/circulation.today.ts'
import { followUpLines } from '../../../../src/client/features/circulation/follow-up/follow-up-lines.ts'
import {
  oldestInWords,
  reminderTerms,
} from '../../../../src/client/features/circulation/follow-up/follow-up-words.ts'
import { NO_PLANS } from '../../../../src/client/features/circulation/follow-up/reminder-plans.ts'
import ProgressPage from '../../../../src/client/features/circulation/progress/ProgressPage.vue'
import ReaderPage from '../../../../src/client/features/circulation/reader/ReaderPage.vue'
import { shownReminder } from '../../../../src/client/features/circulation/reminder-lines.ts'
import ConfirmHost from '../../../../src/client/ui/feedback/ConfirmHost.vue'
import type { Actor } from '../../../../src/shared/org/actor.ts'
import type { Reminder } from '../../../../src/shared/circulation/reminding/reminder.ts'
import {
  circulationFields,
  mountAt,
  NOW,
  OFFICER,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  until,
} from './fixtures.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SHA = 'a'.repeat(64)
const circulation = stored('c1', 'unit:b1', circulationFields([revisionOf(1, SHA)]))
const reminderOf = (personId: string, receivedAt: number, part: Partial<Reminder> = {}) =>
  stored<Reminder>(
    `${personId}-${receivedAt}`,
    `file:b1:${personId}`,
    {
      unitId: 'b1',
      circulationId: 'c1',
      documentNo: '',
      personId,
      name: personId,
      byPersonId: 'p1',
      byName: '陈思远',
      forPersonIds: [],
      revision: 1,
      at: receivedAt,
      ...part,
    },
    { receivedAt },
  )

let parts: ReturnType<typeof setupPhone>
beforeEach(async () => {
  parts = setupPhone()
  await parts.db.records('circulation').put(circulation)
})
afterEach(() => {
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})
const remindersHere = () => parts.db.records('reminder').toArray()
const click = (words: string) => {
  const found = [...document.querySelectorAll('button')].find((b) => b.textContent?.includes(words))
  if (found === undefined) throw new Error(`no button ${words} in ${document.body.textContent}`)
  found.click()
}

describe('whom an officer follows up', () => {
  const states = [
    { personId: 'p1', name: '甲', state: 'waiting' as const },
    { personId: 'p2', name: '乙', state: 'outdated' as const },
    { personId: 'p3', name: '丙', state: 'signed' as const },
    { personId: 'p4', name: '丁', state: 'excused' as const },
    { personId: 'p5', name: '戊', state: 'waiting' as const },
  ]
  const old = [1, 2, 3].map((n) => reminderOf('p5', NOW - n * 2 * DAY))
  const second = { ...revisionOf(2, 'b'.repeat(64)), at: NOW - HOUR }
  const sent = {
    id: 'c1',
    fields: circulationFields([revisionOf(1, SHA), second], { dispatchedAt: NOW - 3 * DAY }),
  }
  const ground = { reminders: [...old, reminderOf('p1', NOW - HOUR)], withPhone: new Set(['p1']) }
  const lines = followUpLines(sent, states, ground, NOW)

  it('are those who have not signed, each with since when, how often reminded, and whether a phone is known', () => {
    expect(
      lines.map((l) => [l.personId, (NOW - l.askedAt) / HOUR, l.reminders.length, l.bar, l.hasPhone]),
    ).toEqual([
      ['p1', 72, 1, 'too-soon', true],
      ['p2', 1, 0, null, false],
      ['p5', 72, 3, 'too-many', false],
    ])
    expect(oldestInWords(lines, NOW)).toBe('3 人未签，最早的 3 天前发出')
  })
  it('and the words say who is left out, and when the rest will see it', () => {
    const terms = reminderTerms(lines, NOW)
    expect(terms.ready.map(({ personId }) => personId)).toEqual(['p2'])
    expect(terms.leftOut).toBe('1 人 24 小时内催过，1 人已催满三次，这一次不催。')
    expect(terms.when).toBe('现在不在 08:00—20:00 之间，对方今天 08:00 以后、手机联网时才看到。')
    expect(reminderTerms(lines, NOW + HOUR).when).toContain('只在 08:00—20:00 之间显示')
    expect(reminderTerms(lines, NOW + 13 * HOUR).when).toContain('对方明天 08:00 以后')
  })
})

describe('on the officer’s phone, with no network', () => {
  const page = { render: () => [h(ProgressPage), h(ConfirmHost)] }
  beforeEach(async () => {
    await parts.db.records('role').put(stored('r', 'unit:b1', OFFICER))
    const key = { personId: 'p2', unitId: 'b1', deviceId: 'd', deviceName: '', publicKey: 'k', enrolledAt: 1 }
    await parts.db
      .records('device-key')
      .put(stored('k', 'unit:b1', { ...key, revokedAt: null, supersedes: [] }))
    await parts.db.records('sign-off').put(stored('own', 'file:b1:p2', signOffFields('p2', 1, SHA)))
  })

  it('one press reminds all who have not signed and nobody else; what waits is told as waiting', async () => {
    const { wrapper } = await mountAt(page, '/circulation/:id/progress', '/circulation/c1/progress', parts)
    await until(() => wrapper.text().includes('催阅 2 人'))
    expect(wrapper.text()).toContain('没有登记手机')
    click('催阅 2 人')
    await until(() => document.body.textContent!.includes('催 2 人签《关于延时服务的通知》'))
    expect(document.body.textContent).toContain('对方今天 08:00 以后、手机联网时才看到')
    const yes = document.querySelectorAll<HTMLButtonElement>(
      '[role=dialog] button, [role=alertdialog] button',
    )
    ;[...yes].find((b) => b.textContent?.includes('催阅 2 人'))!.click()
    await until(async () => (await remindersHere()).length === 2)
    expect((await remindersHere()).map(({ fields }) => fields.personId).sort()).toEqual(['p1', 'p3'])
    await until(() => wrapper.text().includes('催阅 07:52 陈思远（待送达）'))
    expect(wrapper.text()).toContain('现在没有可催的人')
    expect(wrapper.text()).toContain('2 人 24 小时内催过')
    expect(wrapper.text()).not.toContain('已送达')
    wrapper.unmount()
  })

  it('who was reminded three times is left out, and a no writes nothing', async () => {
    await parts.db.records('reminder').bulkPut([1, 2, 3].map((n) => reminderOf('p3', NOW - n * 2 * DAY)))
    const { wrapper } = await mountAt(page, '/circulation/:id/progress', '/circulation/c1/progress', parts)
    await until(() => wrapper.text().includes('1 人已催满三次'))
    expect(wrapper.text()).toContain('催阅第 3 次')
    click('催阅 1 人')
    await until(() => document.body.textContent!.includes('催 1 人签'))
    click('取消')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await remindersHere()).toHaveLength(3)
    wrapper.unmount()
  })

  it('nobody is reminded of what is archived or recalled', async () => {
    for (const end of [{ state: 'recalled' as const }, { expiresOn: '2026-11-22' }]) {
      await parts.db.records('circulation').put({ ...circulation, fields: { ...circulation.fields, ...end } })
      const { wrapper } = await mountAt(page, '/circulation/:id/progress', '/circulation/c1/progress', parts)
      await until(() => wrapper.text().includes('应签'))
      expect(wrapper.text()).not.toContain('催阅')
      wrapper.unmount()
    }
  })
})

describe('on the phone of who is reminded', () => {
  const actor: Actor = { personId: 'p1', now: NOW, memberships: [], roles: [], unitsById: new Map() }

  it('it is shown in the list and on 今日 with who and when, within the hours only', async () => {
    // Made last night; the phone's clock stands at 07:52.
    await parts.db.records('reminder').put(reminderOf('p1', NOW - 10 * HOUR))
    const { wrapper } = await mountAt(CirculationListPage, '/circulation', '/circulation', parts)
    await until(() => wrapper.text().includes('关于延时服务的通知'))
    expect(wrapper.text()).not.toContain('催阅')
    wrapper.unmount()
    expect((await circulationItems(parts.phone, actor, NOW))[0]?.second).not.toContain('催阅')
    expect((await circulationItems(parts.phone, actor, NOW + HOUR))[0]?.second).toBe(
      '催阅：陈思远 昨天 21:52 · 办公室〔2026〕31 号 · 11 月 25 日 周三截止',
    )
    await parts.db.records('reminder').put(reminderOf('p1', NOW - 20 * HOUR))
    const second = await mountAt(CirculationListPage, '/circulation', '/circulation', parts)
    await until(() => second.wrapper.text().includes('催阅：陈思远 昨天 11:52'))
    second.wrapper.unmount()
  })

  it('and at the foot of the document while it is to be signed, not afterwards', async () => {
    await parts.db.records('reminder').put(reminderOf('p1', NOW - 20 * HOUR))
    const { wrapper } = await mountAt(ReaderPage, '/circulation/:id', '/circulation/c1', parts)
    await until(() => wrapper.text().includes('催阅：陈思远 昨天 11:52'))
    await parts.db.records('sign-off').put(stored('own', 'file:b1:p1', signOffFields('p1', 1, SHA)))
    await until(() => !wrapper.text().includes('催阅'))
    wrapper.unmount()
  })

  it('a reminder of an older revision, of another document or of another person is not', () => {
    const made = NOW - 20 * HOUR
    const shown = (r: ReturnType<typeof reminderOf>, revision = 1) =>
      shownReminder([r], 'c1', revision, { ...NO_PLANS, personId: 'p1' }, NOW)
    expect(shown(reminderOf('p1', made))).toBeDefined()
    expect(shown(reminderOf('p1', made), 2)).toBeUndefined()
    expect(shown(reminderOf('p1', made, { circulationId: 'c2' }))).toBeUndefined()
  })
})
