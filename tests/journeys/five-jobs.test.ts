/**
 * Each job from one phone to another, offline and back, with a lost answer and a duplicate on the way. Phones on
 * fake-indexeddb, the real app, a real SQLite file. Nothing may be there twice, nothing may be missing.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { coverageOf } from '../../src/shared/circulation/coverage/coverage.ts'
import { signOffStatement, type SignOff } from '../../src/shared/circulation/signing/sign-off.ts'
import { rollLines } from '../../src/shared/meetings/roll.ts'
import { rollFigures } from '../../src/shared/meetings/roll-figures.ts'
import { rosterOf } from '../../src/shared/meetings/roster.ts'
import { quorumOf } from '../../src/shared/meetings/quorum.ts'
import { meetingKindId } from '../../src/server/commands/make-bureau.ts'
import { reflectionId } from '../../src/shared/lessons/reflection.ts'
import { selfAssessmentId } from '../../src/shared/assessment/self-assessment.ts'
import { scoreSheetId } from '../../src/shared/assessment/score-sheet.ts'
import { branchId, personIdOf, sectionId, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { layGround, uid } from '../support/samples.ts'

const first = branchId('第一支部')
const idle = async (...phones: JourneyPhone[]) => {
  for (const p of phones) {
    expect(p.phone.delivery.summary.value.attention).toBe(0)
    expect(await p.phone.db.outbox.count()).toBe(0)
  }
}

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

/** Back online over a bad line: the first answer is lost, the next request arrives twice. */
async function comeBack(p: JourneyPhone) {
  p.line.online = true
  p.line.faults.push(
    { path: '/api/push', fault: 'answer-lost' },
    { path: '/api/push', fault: 'request-twice' },
  )
  await p.sync()
  await p.sync()
  await p.sync()
}
const storedOf = (type: string) => endpoint.store.read((tx) => tx.records({ types: [type] }))
const signOffsOf = async (circulationId: string) =>
  (await storedOf('sign-off')).filter((r) => r.fields.includes(`"circulationId":"${circulationId}"`))

describe('每周一课', () => {
  it('is read offline, marked 已学 once, and its reflection reaches only the own second phone until it is shared', async () => {
    const member = await setupPhone(endpoint, '1003')
    await member.sync()
    expect(await member.phone.db.records('lesson').count()).toBe(1)
    member.line.online = false
    const { personId } = (await member.phone.db
      .records('membership')
      .where('fields.personId')
      .equals(personIdOf('1003'))
      .first())!.fields
    const receipt = {
      personId,
      unitId: first,
      lessonId: uid(1),
      week: '2026-W48',
      lessonTitle: '示例一课',
      lessonRevision: 1,
      learned: true,
    }
    await member.phone.store.put('lesson-receipt', receipt)
    await member.phone.store.edit(
      'reflection',
      reflectionId(personId, uid(1)),
      { text: '先问一句' },
      { create: { personId, lessonId: uid(1) } },
    )
    await member.phone.store.edit('reflection', reflectionId(personId, uid(1)), { text: '先问一句为什么。' })
    await member.sync()
    expect(await member.phone.db.outbox.count()).toBe(2)
    await member.reopen()
    await comeBack(member)
    await idle(member)
    expect(await storedOf('lesson-receipt')).toHaveLength(1)

    const second = await setupPhone(endpoint, '1003')
    await second.sync()
    expect((await second.phone.store.get('reflection', reflectionId(personId, uid(1))))?.fields.text).toBe(
      '先问一句为什么。',
    )
    const secretary = await setupPhone(endpoint, '1001')
    await secretary.sync()
    expect(await secretary.phone.db.records('reflection').count()).toBe(0)
    expect(await secretary.phone.db.records('lesson-receipt').count()).toBe(1)
    await second.phone.store.put('shared-reflection', {
      personId,
      name: '王芳',
      unitId: first,
      lessonId: uid(1),
      text: '先问一句为什么。',
    })
    await second.sync()
    await secretary.sync()
    expect(await secretary.phone.db.records('shared-reflection').count()).toBe(1)
  })
})

describe('文件传阅', () => {
  async function sign(p: JourneyPhone): Promise<SignOff> {
    const c = (await p.phone.store.get('circulation', ground.circulation))!
    const revision = c.fields.revisions[0]!
    const draft = {
      unitId: first,
      circulationId: c.id,
      documentId: c.fields.documentId,
      documentNo: c.fields.documentNo,
      personId: p.session.person.id,
      signedBy: p.session.person.id,
      revision: revision.revision,
      sha256: revision.file.sha256,
      mode: 'in-person' as const,
      signature: { kind: 'drawn' as const, width: 1000, height: 500, strokes: [[10, 10, 400, 300]] },
      opinion: '同意',
      signedAt: p.phone.now(),
      keyId: await p.phone.deviceKeys.keyId(),
      changeId: null,
      supersedes: [],
    }
    const fields = { ...draft, deviceSignature: await p.phone.deviceKeys.sign(signOffStatement(draft)) }
    await p.phone.store.put('sign-off', fields)
    return fields
  }

  it('is read from the phone’s copy and signed offline; the office sees it once, with a signature that holds', async () => {
    const member = await setupPhone(endpoint, '1003')
    await member.sync()
    await member.phone.blobs.keep(ground.sha256)
    member.line.online = false
    await member.reopen()
    expect(await (await member.phone.blobs.get(ground.sha256))?.text()).toContain('示例文件')
    const signed = await sign(member)
    expect(signed.deviceSignature).toMatch(/^[\w-]{86}$/)
    await comeBack(member)
    await idle(member)
    expect(await signOffsOf(ground.circulation)).toHaveLength(1)

    const secretary = await setupPhone(endpoint, '1001')
    await secretary.sync()
    const c = (await secretary.phone.store.get('circulation', ground.circulation))!
    const coverage = coverageOf(c, [], await secretary.phone.db.records('sign-off').toArray())
    expect({ signed: coverage.signed, waiting: coverage.waiting, toSign: coverage.toSign }).toEqual({
      signed: 1,
      waiting: 1,
      toSign: 2,
    })
  })

  it('moves a sign-off to 需处理 that was made after a recall of which the phone had not heard', async () => {
    const member = await setupPhone(endpoint, '1003')
    await member.sync()
    member.line.online = false
    const office = await setupPhone(endpoint, '9001')
    const answer = await office.fetch('/api/commands/recall-circulation', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: crypto.randomUUID(), documentId: uid(3) }),
    })
    expect(answer.status).toBe(200)
    endpoint.clock.advance(1000)
    await sign(member)
    member.line.online = true
    await member.sync()
    const [item] = await member.phone.db.attention.toArray()
    expect(item?.code).toBe('circulation-recalled')
    expect(await signOffsOf(ground.circulation)).toHaveLength(0)
    expect(await member.phone.delivery.exportText(item!.attentionId)).toContain('同意')
  })
})

describe('会议与考勤', () => {
  it('is created and taken offline by two officers; everything merges, contradictions are kept, figures agree', async () => {
    const secretary = await setupPhone(endpoint, '1001')
    const other = await setupPhone(endpoint, '1007')
    await secretary.sync()
    await other.sync()
    secretary.line.online = false
    const sittingId = uid(77)
    const meetingId = await secretary.phone.store.put('meeting', {
      unitId: first,
      kindId: meetingKindId('支部党员大会'),
      title: '冬季支部党员大会',
      date: '2026-11-23',
      sittings: [{ id: sittingId, name: '晚班场次', startsAt: endpoint.clock.now(), place: '' }],
    })
    const mark = (
      p: JourneyPhone,
      staffNo: string,
      name: string,
      state: 'present' | 'absent' | 'leave',
      leaveKind: 'duty' | null = null,
    ) =>
      p.phone.store.put('roll-mark', {
        unitId: first,
        meetingId,
        sittingId,
        personId: personIdOf(staffNo),
        name,
        state,
        leaveKind,
        method: 'tap',
        markedBy: p.session.person.id,
      })
    await mark(secretary, '1001', '陈静', 'present')
    await mark(secretary, '1002', '李明', 'present')
    await mark(secretary, '1003', '王芳', 'present')
    await mark(secretary, '1004', '赵磊', 'leave', 'duty')
    await comeBack(secretary)
    await idle(secretary)
    await other.sync()
    other.line.online = false
    await mark(other, '1005', '周敏', 'present')
    await mark(other, '1002', '李明', 'present')
    await mark(other, '1003', '王芳', 'absent')
    await comeBack(other)
    await secretary.sync()

    const figuresOn = async (p: JourneyPhone) => {
      const m = (await p.phone.store.get('meeting', meetingId))!.fields
      const kind = (await p.phone.store.get('meeting-kind', m.kindId))!.fields
      const memberships = (await p.phone.db.records('membership').toArray()).map((r) => r.fields)
      const roles = (await p.phone.db.records('role').toArray()).map((r) => r.fields)
      const lines = rollLines(
        rosterOf(m, kind, memberships, roles),
        await p.phone.db.records('roll-mark').toArray(),
        sittingId,
      )
      const figures = rollFigures(lines)
      return { figures, quorum: quorumOf(kind.quorum!, figures) }
    }
    const here = await figuresOn(secretary)
    expect(here).toEqual(await figuresOn(other))
    // Six members; 预备 has no vote; 王芳 is contradictory, 郑洁 not marked.
    expect(here.figures).toMatchObject({
      expected: 6,
      present: 3,
      leave: 1,
      contradictions: 1,
      votersExpected: 5,
      votersPresent: 3,
    })
    expect(here.quorum).toMatchObject({ holds: true, needed: 3 })
    const member = await setupPhone(endpoint, '1003')
    await member.sync()
    expect(await member.phone.db.records('roll-mark').count()).toBe(2)
  })
})

describe('自评', () => {
  it('is written offline, submitted to each side apart, and meets only in the month’s result', async () => {
    const member = await setupPhone(endpoint, '1003')
    await member.sync()
    member.line.online = false
    const personId = member.session.person.id
    const month = '2026-11'
    for (const [side, setId, unitId] of [
      ['party', uid(5), first],
      ['work', uid(6), sectionId('综合科')],
    ] as const) {
      const id = selfAssessmentId(personId, month, side)
      await member.phone.store.edit(
        'self-assessment',
        id,
        { 'answers/a/score': 59.5 },
        { create: { personId, month, side, setId } },
      )
      await member.phone.store.edit('self-assessment', id, {
        'answers/b/score': 40,
        'answers/b/sentence': '走访两户，均有回音。',
      })
      const draft = (await member.phone.store.get('self-assessment', id))!
      await member.phone.store.put('submission', {
        personId,
        name: '王芳',
        unitId,
        month,
        side,
        setId,
        answers: draft.fields.answers!,
      })
    }
    await comeBack(member)
    await idle(member)
    const secretary = await setupPhone(endpoint, '1001')
    const scorer = await setupPhone(endpoint, '1005')
    await secretary.sync()
    await scorer.sync()
    expect((await secretary.phone.db.records('submission').toArray()).map((r) => r.fields.side)).toEqual([
      'party',
    ])
    expect((await scorer.phone.db.records('submission').toArray()).map((r) => r.fields.side)).toEqual([
      'work',
    ])

    const score = (p: JourneyPhone, unitId: string, side: 'party' | 'work', setId: string, a: number) =>
      p.phone.store.edit(
        'score-sheet',
        scoreSheetId(unitId, personId, month, side),
        { 'scores/a/score': a, 'scores/a/reason': '缺一次', 'scores/b/score': 40, done: true },
        { create: { unitId, personId, month, side, setId, name: '王芳' } },
      )
    await score(secretary, first, 'party', uid(5), 58)
    await score(scorer, sectionId('综合科'), 'work', uid(6), 57.5)
    await secretary.sync()
    await scorer.sync()
    await secretary.sync()
    expect(await secretary.phone.db.records('score-sheet').count()).toBe(1)

    const office = await setupPhone(endpoint, '9001')
    const freeze = () =>
      office.fetch('/api/commands/freeze-month', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: crypto.randomUUID(), month, unitIds: [first] }),
      })
    expect(await (await freeze()).json()).toMatchObject({ results: 2 })
    expect(await (await freeze()).json()).toMatchObject({ results: 0 })
    await member.sync()
    const results = (await member.phone.db.records('month-result').toArray()).filter(
      (r) => r.fields.month === month,
    )
    expect(
      results.map((r) => [r.fields.side, r.fields.total, r.fields.partyTotal, r.fields.workTotal]).sort(),
    ).toEqual([
      ['party', 98, 98, 97.5],
      ['work', 97.5, 98, 97.5],
    ])
    await score(secretary, first, 'party', uid(5), 60)
    await secretary.sync()
    expect((await secretary.phone.db.attention.toArray()).map((i) => i.code)).toEqual(['month-frozen'])
  })
})

describe('口袋书', () => {
  it('keeps a chapter for offline reading and reopens where one stopped, on another phone too', async () => {
    await endpoint.put('book-chapter', uid(20), {
      bookId: uid(2),
      order: 0,
      title: '第一章',
      sha256: ground.chapterSha,
      sizeBytes: 30,
      paragraphs: 2,
    })
    const reader = await setupPhone(endpoint, '1006')
    await reader.sync()
    const chapter = (await reader.phone.db.records('book-chapter').toArray())[0]!
    await reader.phone.blobs.keep(chapter.fields.sha256)
    reader.line.online = false
    await reader.reopen()
    expect(await (await reader.phone.blobs.get(chapter.fields.sha256))?.text()).toContain('第二段')
    const personId = reader.session.person.id
    await reader.phone.store.edit(
      'reading-position',
      uid(90),
      { paragraph: 1 },
      { create: { personId, bookId: uid(2), chapterId: uid(20) } },
    )
    await comeBack(reader)
    await idle(reader)
    const second = await setupPhone(endpoint, '1006')
    await second.sync()
    expect((await second.phone.store.get('reading-position', uid(90)))?.fields.paragraph).toBe(1)
  })
})
