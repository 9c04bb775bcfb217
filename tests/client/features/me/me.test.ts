import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { definitions } from '../../../../src/shared/sync/registry.ts'
import { detailInWords, fieldLines } from '../../../../src/client/features/me/delivery/field-lines.ts'
import { groupWaiting } from '../../../../src/client/features/me/delivery/group-waiting.ts'
import { fingerprintOf } from '../../../../src/client/ui/device/key-fingerprint.ts'
import { exportHoldings } from '../../../../src/client/features/me/holds/export-holdings.ts'
import { typeWord } from '../../../../src/client/features/me/holds/type-words.ts'
import { signOutWords } from '../../../../src/client/features/me/useSignOut.ts'
import { openPhoneDatabase } from '../../../../src/client/storage/db.ts'

const waiting = (seq: number, label: string, at: number, held = false) => ({
  seq,
  label,
  at,
  held,
  type: 'roll-mark',
  id: `id-${seq}`,
})

describe('送达与存储', () => {
  it('shows a roll as one line with the time of its oldest mark', () => {
    const groups = groupWaiting([waiting(1, '考勤', 5), waiting(2, '签字', 6), waiting(3, '考勤', 4)])
    expect(groups.map(({ label, count, at }) => [label, count, at])).toEqual([
      ['考勤', 2, 4],
      ['签字', 1, 6],
    ])
  })
  it('shows the words of a refused record, without ids and hashes', () => {
    const lines = fieldLines({
      personId: '0189',
      answers: { a1: { score: 9, sentence: '每周一次' } },
      sha256: 'ab',
    })
    expect(lines).toEqual([
      { name: '分数', text: '9' },
      { name: '说明', text: '每周一次' },
    ])
  })
  it('never shows an empty box', () => {
    expect(fieldLines({ personId: '0189' })[0]?.text).toContain('复制内容')
  })
})

describe('signing out', () => {
  it('says how many wait and what happens to them', () => {
    const text = signOutWords({ waiting: 3, attention: 1, drafts: [], isOffline: true })
    expect(text).toContain('还有 3 条待送达')
    expect(text).toContain('另有 1 条需处理')
    expect(text).toContain('现在没有网络')
  })
  it('promises nothing about a queue that is empty', () => {
    const text = signOutWords({ waiting: 0, attention: 0, drafts: [], isOffline: false })
    expect(text).toContain('都已送达')
  })
  it('names what is half written, and does not say that everything was delivered', () => {
    const draft = (label: string) => ({ key: label, label, value: '' })
    const drafts = [draft('会议纪要'), draft('申诉'), draft('申诉')]
    const text = signOutWords({ waiting: 0, attention: 0, drafts, isOffline: false })
    expect(text).toContain('没写完的会议纪要、申诉 2 份，留在本机')
    expect(text).not.toContain('都已送达')
    expect(text).not.toContain('清除')
    const unread = signOutWords({ waiting: 0, attention: 0, drafts: null, isOffline: false })
    expect(unread).not.toContain('都已送达')
  })
})

describe('a refused write in words', () => {
  it('shows no code of the program', () => {
    const fields = {
      state: 'leave',
      leaveKind: 'duty',
      mode: 'in-person',
      month: '2026-11',
      week: '2026-W07',
    }
    const texts = fieldLines(fields).map(({ text }) => text)
    expect(texts).toEqual(['请假', '值班', '本人签', '2026 年 11 月', '2026 年第 7 周'])
    expect(detailInWords('body: Invalid length: Expected <=5000 but received 6000')).toBeNull()
    expect(detailInWords('title: 不能为空')).toBe('不能为空')
    expect(detailInWords(undefined)).toBeNull()
  })
})

describe('本机内容', () => {
  it('has a Chinese word for every type', () => {
    for (const { type } of definitions) expect(typeWord(type), type).not.toBe('其他内容')
  })
  it('exports every row that the phone holds, and what waits', async () => {
    const db = openPhoneDatabase('p1')
    await db.rows('opinion').put({
      id: 'o1',
      scope: 'file:root:p1',
      rev: 0,
      schemaVersion: 1,
      author: 'p1',
      fields: { personId: 'p1', text: '建议' },
      observedAt: 1,
      receivedAt: null,
      pending: 1,
    })
    const person = { id: 'p1', name: '单文娟', staffNo: '1001' }
    const whole = JSON.parse(await exportHoldings({ db, person, now: () => 0 })) as {
      内容: Record<string, { fields: { text: string } }[]>
    }
    db.close()
    expect(whole.内容['意见建议']?.[0]?.fields.text).toBe('建议')
  })
  it('shows a key as groups that two people can compare', () => {
    expect(fingerprintOf('BAAA')).toMatch(/^([0-9A-F]{4} ){5}[0-9A-F]{4}$/)
  })
})
