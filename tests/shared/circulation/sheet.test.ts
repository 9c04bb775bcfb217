import { describe, expect, it } from 'vitest'
import { notesOf } from '../../../src/shared/circulation/export/sheet-table.ts'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import { sheetOf, type SheetFacts } from '../../../src/shared/circulation/sheet.ts'
import type { RecipientChange } from '../../../src/shared/circulation/recipient-change.ts'
import type { SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'

const sha = (n: number): string => String(n).repeat(64)
const revisions = [1, 2].map((revision) => ({
  revision,
  file: { sha256: sha(revision), name: '通知.pdf', mime: 'application/pdf', sizeBytes: 1 },
  pages: 1,
  readingSha256: null,
  at: revision,
  note: '',
}))
const circulation = {
  id: 'c',
  fields: {
    unitId: 'b',
    documentId: 'd',
    documentNo: '',
    title: '通知',
    revisions,
    recipients: [
      { personId: 'p1', name: '甲' },
      { personId: 'p2', name: '乙' },
    ],
    dispatchedAt: 0,
    dispatchedBy: 'o',
    deadline: '2026-11-25',
    state: 'open',
  } as unknown as Circulation,
}
const signOff = (id: string, personId: string, revision: number, part: Partial<SignOff> = {}) => ({
  id,
  fields: {
    circulationId: 'c',
    personId,
    revision,
    sha256: sha(revision),
    mode: 'in-person',
    signedAt: revision,
    ...part,
  } as SignOff,
})
const excuse = {
  id: 'x',
  fields: {
    circulationId: 'c',
    personId: 'p2',
    name: '乙',
    change: 'excuse',
    reason: '长期病假',
  } as RecipientChange,
}
const facts = (part: Partial<SheetFacts> = {}): SheetFacts => ({
  circulation,
  changes: [],
  signOffs: [signOff('s1', 'p1', 1), signOff('s2', 'p1', 2), signOff('s3', 'p1', 2, { mode: 'paper' })],
  ...part,
})

describe('the sheet', () => {
  it('shows of each person the newest revision that was signed, own hand and paper entry beside each other', () => {
    const { rows } = sheetOf(facts())
    expect(rows.map((row) => [row.name, row.state, row.signOffs.map(({ id }) => id)])).toEqual([
      ['甲', 'signed', ['s2', 's3']],
      ['乙', 'waiting', []],
    ])
  })

  it('says beside it what was signed of an older revision, with the opinion: nothing that was written is left out', () => {
    const opinion = '请甲同志汇总意见。'
    const older = signOff('s1', 'p1', 1, { opinion, signedAt: Date.parse('2026-11-20T09:12:00+08:00') })
    const [first] = sheetOf(facts({ signOffs: [older, ...facts().signOffs.slice(1)] })).rows
    const notes = first!.signOffs.map((shown) => notesOf(first!, shown))
    expect(notes[0]).toContain('此前签过第 1 版（2026-11-20 09:12，本人签），意见：请甲同志汇总意见。')
    expect(notes[1]!.join()).not.toContain('此前')
    const [alone] = sheetOf(facts({ signOffs: [older] })).rows
    expect(notesOf(alone!, alone!.signOffs[0]).join()).not.toContain('此前')
  })

  it('has the reason of who need not sign', () => {
    expect(sheetOf(facts({ changes: [excuse] })).rows[1]).toMatchObject({
      state: 'excused',
      reason: '长期病假',
    })
  })
})

describe('its code', () => {
  const code = (part: Partial<SheetFacts> = {}): string => sheetOf(facts(part)).code

  it('is the same for the same facts in any order, and whatever happens to the circulation’s state', () => {
    expect(code()).toMatch(/^[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}$/)
    expect(code({ signOffs: facts().signOffs.toReversed() })).toBe(code())
    const recalled = { ...circulation, fields: { ...circulation.fields, state: 'recalled' as const } }
    expect(code({ circulation: recalled })).toBe(code())
    expect(
      code({ signOffs: [...facts().signOffs, signOff('other', 'p2', 1, { circulationId: 'else' })] }),
    ).toBe(code())
  })

  it('is another when a sign-off, a change, a name or the bytes are other', () => {
    const { fields } = circulation
    const named = [{ personId: 'p1', name: '假' }, fields.recipients[1]!]
    const others = [
      code({ signOffs: facts().signOffs.slice(1) }),
      code({ signOffs: [signOff('s1', 'p1', 1, { opinion: '不同意' }), ...facts().signOffs.slice(1)] }),
      code({ changes: [excuse] }),
      code({ circulation: { ...circulation, fields: { ...fields, recipients: named } } }),
      code({ circulation: { ...circulation, fields: { ...fields, revisions: revisions.slice(0, 1) } } }),
      code({ circulation: { ...circulation, id: 'd' } }),
    ]
    expect(new Set([code(), ...others]).size).toBe(7)
  })
})
