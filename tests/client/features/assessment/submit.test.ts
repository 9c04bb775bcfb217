import { beforeEach, describe, expect, it } from 'vitest'
import { readSide } from '../../../../src/client/features/assessment/side-state.ts'
import { readMonths } from '../../../../src/client/features/assessment/self/months/months.ts'
import { submitSide } from '../../../../src/client/features/assessment/self/submit/submit.ts'
import { readActor } from '../../../../src/client/storage/actor.ts'
import { monthResultId } from '../../../../src/shared/assessment/month-result.ts'
import { selfAssessmentId } from '../../../../src/shared/assessment/self-assessment.ts'
import { createTestPhone, facts, MONTH, NOW, seedOrg, type TestPhone } from './fixtures.ts'

const draftId = selfAssessmentId('p1', MONTH, 'party')
const create = { personId: 'p1', month: MONTH, side: 'party' as const, setId: 'setP' }
const side = async (phone: TestPhone, which: 'party' | 'work' = 'party') =>
  readSide(phone.db, await readActor(phone.db, 'p1', NOW), MONTH, which)

const freeze = (phone: TestPhone, personId = 'p1') =>
  phone.put('month-result', monthResultId(personId, MONTH, 'party'), {
    personId,
    name: '周敏',
    unitId: 'b1',
    month: MONTH,
    side: 'party',
    setId: 'setP',
    lines: [],
    adjustments: [],
    total: 19,
    partyTotal: 19,
    workTotal: null,
    frozenBy: 'o',
    supersedes: [],
  })

let phone: TestPhone
beforeEach(async () => {
  phone = createTestPhone()
  await seedOrg(phone)
  await phone.store.edit('self-assessment', draftId, { 'answers/i1/score': 4.5 }, { create })
})

describe('submitting', () => {
  it('makes a frozen copy: a later edit changes the draft and not what was submitted', async () => {
    expect((await side(phone)).status).toBe('draft')
    expect((await submitSide(phone, MONTH, 'party')).type).toBe('submitted')
    await phone.store.edit('self-assessment', draftId, { 'answers/i1/score': 5, 'answers/i2/sentence': '补' })
    const [fact] = await facts(phone.db, 'submission')
    expect(fact?.fields.answers).toEqual({ i1: { score: 4.5, sentence: '', evidence: '' } })
    expect(fact?.scope).toBe('file:b1:p1')
    expect((await side(phone)).status).toBe('changed')
  })
  it('the same again makes no second fact', async () => {
    await submitSide(phone, MONTH, 'party')
    expect((await submitSide(phone, MONTH, 'party')).type).toBe('same')
    expect(await facts(phone.db, 'submission')).toHaveLength(1)
    expect((await side(phone)).status).toBe('submitted')
  })
  it('again after a change supersedes the earlier one', async () => {
    await submitSide(phone, MONTH, 'party')
    await phone.store.edit('self-assessment', draftId, { 'answers/i2/score': 3 })
    await submitSide(phone, MONTH, 'party')
    const both = await facts(phone.db, 'submission')
    const second = both.find((row) => row.fields.supersedes.length > 0)
    expect(both).toHaveLength(2)
    expect(second?.fields.supersedes).toEqual([both.find((row) => row !== second)?.id])
    expect((await side(phone)).submission?.id).toBe(second?.id)
  })
  it('after 定稿 nothing is submitted', async () => {
    await freeze(phone)
    expect((await submitSide(phone, MONTH, 'party')).type).toBe('frozen')
    expect(await facts(phone.db, 'submission')).toHaveLength(0)
    expect((await side(phone)).status).toBe('frozen')
  })
  it('each side goes to its own unit', async () => {
    const workId = selfAssessmentId('p1', MONTH, 'work')
    const work = { ...create, side: 'work' as const, setId: 'setW' }
    await phone.store.edit('self-assessment', workId, { 'answers/i1/score': 1 }, { create: work })
    await submitSide(phone, MONTH, 'work')
    expect((await facts(phone.db, 'submission'))[0]?.scope).toBe('file:s1:p1')
    expect((await side(phone)).status).toBe('draft')
  })
})

describe('months', () => {
  it('shows this month, and an earlier one only when something stands there', async () => {
    const actor = await readActor(phone.db, 'p1', NOW)
    expect((await readMonths(phone.db, actor)).map((m) => m.month)).toEqual(['2026-11'])
    const october = selfAssessmentId('p1', '2026-10', 'party')
    const changes = { 'answers/i1/score': 2 }
    await phone.store.edit('self-assessment', october, changes, { create: { ...create, month: '2026-10' } })
    expect((await readMonths(phone.db, actor)).map((m) => m.month)).toEqual(['2026-11', '2026-10'])
  })
  it('without a section there is no unit for the work side', async () => {
    const other = createTestPhone()
    await seedOrg(other, { section: false })
    expect((await side(other, 'work')).unitId).toBeNull()
    expect((await side(other)).unitId).toBe('b1')
  })
})
