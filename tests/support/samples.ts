/**
 * A valid record of each type, by someone who may write it. Tests that loop over the registry ask here: a new type without a
 * sample fails them on the day it is added.
 */
import { canonicalJson } from '../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { columnId, meetingKindId } from '../../src/server/commands/make-bureau.ts'
import { circulationId, confirmationId } from '../../src/shared/circulation/circulation.ts'
import { minutesDraftId } from '../../src/shared/meetings/minutes/draft.ts'
import { yearPlanId } from '../../src/shared/meetings/year/year-plan.ts'
import { shiftRosterId } from '../../src/shared/org/shifts/shift-roster.ts'
import { monthResultId } from '../../src/shared/assessment/month-result.ts'
import { branchId, groupId, MONDAY, personIdOf, sectionId, type TestEndpoint } from './endpoint.ts'

export interface Sample {
  type: string
  id: string
  fields: JsonObject
  /** Staff number of a writer who may. */
  by: string
  /** Staff number of someone else who reads it afterwards; null: nobody else may. */
  readBy: string | null
}

const first = branchId('第一支部')
const group = groupId('第一小组', '第一支部')
const member = personIdOf('1003')
const officer = personIdOf('1001')
/** Ids that are told apart at a glance. */
export const uid = (n: number): string => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`
const ADMIN = '0001'
/** What the member wrote of two meetings, the second with fixed minutes. */
const WRITTEN_BY_MEMBER = uid(71)
const CORRECTION_BY_MEMBER = uid(72)
/** The code of the sample's sitting, as the officer's phone signed it once. */
const SHOWN = {
  publicKey: 'BFUNDguuaBuGxDbOJBEEWrBiMELa-h4KQrZh8ZLta01kvOakfKpZ4TOEIXK0GVnEZJFc5laYHsFDP1lnAEA5orA',
  step: 59846400,
  signature: '46QwXyO5Ov5qHHJhFh-a9INS7oN0ai5CqNjseAlU1j6hpEZUHGuSVGjzAV-dreijgQR40EFlgs53wleJcaGjQA',
}
/** A circulation that no other sample asks about. */
const ELSEWHERE = uid(69)

const INDICATORS = [
  { id: 'a', title: '参加会议', max: 60 },
  { id: 'b', title: '联系群众', max: 40 },
]

/** No person writes these; the endpoint adds them to what it accepts. */
export const MADE_BY_ENDPOINT = ['countersignature', 'endpoint-key', 'circulation-export']

/** Types that the recorded traffic of version 1 doesn't know: a recording is never made anew. */
export const ADDED_SINCE_VERSION_1: readonly string[] = [
  'resolution',
  'minutes-draft',
  'minutes-proposal',
  'minutes-return',
  'minutes-correction',
  'reminder',
  'roll-claim',
  'shift-roster',
  'year-plan',
  'signed-for',
  'sign-off-settlement',
]

/** What the samples stand on: a lesson, a document confirmed by a second person, a circulation, a meeting, sets, a result. */
export async function layGround(endpoint: TestEndpoint) {
  const bytes = new TextEncoder().encode('# 示例文件\n\n第一段。\n')
  const sha256 = await endpoint.putFile(bytes, 'text/markdown', 'desk:root')
  const file = { sha256, name: '示例.md', mime: 'text/markdown', sizeBytes: bytes.length }
  const revision = { revision: 1, file, pages: null, readingSha256: null, at: MONDAY, note: '' }
  const head = {
    documentNo: '办公室〔2026〕31 号',
    title: '示例通知',
    issuer: '办公室',
    receivedOn: null,
    urgency: '平件',
    instructions: '',
  }
  const chapterSha = await endpoint.putFile(
    new TextEncoder().encode('章节正文。\n\n第二段。'),
    'text/markdown',
    'org',
  )
  await endpoint.put('lesson', uid(1), {
    issueId: uid(1),
    unitId: null,
    week: '2026-W48',
    columnId: columnId('廉政提醒'),
    title: '示例一课',
    body: '正文。\n\n第二段。',
    publishAt: MONDAY - 1000,
  })
  await endpoint.put('book', uid(2), { title: '学以致用（示例）', edition: '第一版' })
  await endpoint.put(
    'document',
    uid(3),
    {
      ownerUnitId: 'root',
      ...head,
      nonClassifiedBy: personIdOf('9001'),
      nonClassifiedAt: MONDAY,
      revisions: [revision],
    },
    personIdOf('9001'),
  )
  await endpoint.put(
    'document-confirmation',
    confirmationId(uid(3), 1),
    {
      ownerUnitId: 'root',
      documentId: uid(3),
      revision: 1,
      sha256,
      confirmedBy: personIdOf('9002'),
      title: '示例通知',
    },
    personIdOf('9002'),
  )
  const circulation = circulationId(uid(3), first)
  await endpoint.put('circulation', circulation, {
    unitId: first,
    documentId: uid(3),
    ...head,
    revisions: [revision],
    recipients: [
      { personId: member, name: '王芳' },
      { personId: officer, name: '陈静' },
    ],
    dispatchedAt: MONDAY,
    dispatchedBy: personIdOf('9001'),
    deadline: '2026-11-30',
    state: 'open',
  })
  await endpoint.put('meeting', uid(4), {
    unitId: first,
    kindId: meetingKindId('支部党员大会'),
    title: '十一月支部党员大会',
    date: '2026-11-23',
    sittings: [{ id: uid(40), name: '晚班场次', startsAt: MONDAY, place: '三楼会议室' }],
  })
  await endpoint.put('device-key', uid(85), {
    personId: officer,
    unitId: group,
    deviceId: uid(86),
    publicKey: SHOWN.publicKey,
    enrolledAt: MONDAY,
  })
  await layMinutes(endpoint)
  await endpoint.put('indicator-set', uid(5), {
    name: '党建指标（示例）',
    side: 'party',
    version: 1,
    sample: true,
    validFrom: '2026-01-01',
    indicators: INDICATORS,
  })
  await endpoint.put('indicator-set', uid(6), {
    name: '业务指标（示例）',
    side: 'work',
    version: 1,
    sample: true,
    validFrom: '2026-01-01',
    indicators: INDICATORS,
  })
  await endpoint.put('month-result', monthResultId(member, '2026-09', 'party'), {
    personId: member,
    name: '王芳',
    unitId: first,
    month: '2026-09',
    side: 'party',
    setId: uid(5),
    lines: [],
    total: 95,
    partyTotal: 95,
    workTotal: null,
    frozenBy: personIdOf('9001'),
  })
  await endpoint.put('sign-off', uid(61), besideSignOff('paper', officer, sha256), officer)
  await endpoint.put('sign-off', uid(62), besideSignOff('substitute', member, sha256), member)
  return { sha256, chapterSha, circulation, revision, head, file }
}

/** Of another circulation, for 1007: a paper entry, and what 1003 signed instead. */
const besideSignOff = (mode: 'paper' | 'substitute', signedBy: string, sha256: string): JsonObject => ({
  unitId: first,
  circulationId: ELSEWHERE,
  documentId: uid(3),
  personId: personIdOf('1007'),
  signedBy,
  revision: 1,
  sha256,
  mode,
  signature: mode === 'paper' ? { kind: 'paper' } : { kind: 'typed', name: '王芳' },
  signedAt: MONDAY,
  keyId: null,
  deviceSignature: null,
})

/** Of the group: its scopes hold nothing else, so that recorded traffic meets the revisions that it met. */
async function layMinutes(endpoint: TestEndpoint): Promise<void> {
  const before = uid(70)
  await endpoint.put('meeting', before, {
    unitId: group,
    kindId: meetingKindId('支部党员大会'),
    title: '十月支部党员大会',
    date: '2026-10-23',
    sittings: [{ id: uid(73), name: '晚班场次', startsAt: MONDAY - 1000, place: '' }],
    recorderId: member,
  })
  await endpoint.put('minutes', `${before}-fixed`, {
    unitId: group,
    meetingId: before,
    title: '十月支部党员大会',
    stage: 'fixed',
    body: '议定两项。',
  })
  const proposal = { unitId: group, keeperId: member, writerId: member, proposedAt: MONDAY - 1000 }
  await endpoint.put(
    'minutes-proposal',
    WRITTEN_BY_MEMBER,
    { ...proposal, meetingId: before, title: '十月支部党员大会', about: 'minutes', body: '议定两项。' },
    member,
  )
  await endpoint.put(
    'minutes-proposal',
    CORRECTION_BY_MEMBER,
    {
      ...proposal,
      meetingId: before,
      title: '十月支部党员大会',
      about: 'correction',
      body: '第二项应为两周内完成。',
      why: '笔误',
    },
    member,
  )
}

export function samples(ground: Awaited<ReturnType<typeof layGround>>): Sample[] {
  const { sha256, chapterSha, circulation, revision, head } = ground
  const own = (type: string, n: number, fields: JsonObject): Sample => ({
    type,
    id: uid(n),
    fields: { personId: member, ...fields },
    by: '1003',
    readBy: null,
  })
  const place = { bookId: uid(2), chapterId: uid(20), paragraph: 3 }
  return [
    {
      type: 'unit',
      id: uid(101),
      fields: { kind: 'branch', name: '第三支部', parentId: 'root' },
      by: ADMIN,
      readBy: '1003',
    },
    {
      type: 'person',
      id: member,
      fields: { personId: member, staffNo: '1003', name: '王芳芳' },
      by: ADMIN,
      readBy: '1003',
    },
    {
      type: 'membership',
      id: uid(103),
      fields: {
        personId: personIdOf('2002'),
        unitId: first,
        name: '马强',
        memberKind: 'full',
        votingRight: true,
        primary: false,
        from: '2026-11-01',
        to: null,
      },
      by: ADMIN,
      readBy: '1003',
    },
    {
      type: 'role',
      id: uid(104),
      fields: {
        personId: personIdOf('1004'),
        unitId: first,
        role: 'branch-officer',
        title: '宣传委员',
        from: '2026-11-01',
        to: null,
      },
      by: ADMIN,
      readBy: '1003',
    },
    {
      type: 'shift-roster',
      id: shiftRosterId(first, '2026-12'),
      fields: {
        unitId: first,
        month: '2026-12',
        days: { [member]: { '01': 'early', '02': 'night', '03': 'rest' } },
        hours: { night: '22:00-08:00' },
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'device-key',
      id: uid(105),
      fields: {
        personId: member,
        unitId: first,
        deviceId: uid(50),
        publicKey: 'B'.repeat(87),
        enrolledAt: MONDAY,
      },
      by: '1003',
      readBy: '1001',
    },
    {
      type: 'opinion',
      id: uid(106),
      fields: { personId: member, text: '希望夜班也能看到通知。' },
      by: '1003',
      readBy: null,
    },
    { type: 'column', id: uid(107), fields: { name: '身边榜样', order: 9 }, by: '9001', readBy: '1003' },
    {
      type: 'lesson',
      id: uid(108),
      fields: {
        issueId: uid(108),
        unitId: first,
        week: '2026-W48',
        columnId: columnId('通知要求'),
        title: '支部一课',
        body: '正文',
        publishAt: MONDAY,
      },
      by: '9001',
      readBy: '1003',
    },
    {
      type: 'lesson-receipt',
      id: uid(109),
      fields: {
        personId: member,
        unitId: first,
        lessonId: uid(1),
        week: '2026-W48',
        lessonRevision: 1,
        learned: true,
      },
      by: '1003',
      readBy: '1001',
    },
    own('reflection', 110, { lessonId: uid(1), lessonTitle: '示例一课', text: '先问一句为什么。' }),
    {
      type: 'shared-reflection',
      id: uid(111),
      fields: { personId: member, name: '王芳', unitId: first, lessonId: uid(1), text: '先问一句为什么。' },
      by: '1003',
      readBy: '1004',
    },
    { type: 'book', id: uid(112), fields: { title: '温故知新（示例）' }, by: '9001', readBy: '1006' },
    {
      type: 'book-chapter',
      id: uid(113),
      fields: { bookId: uid(2), order: 0, title: '第一章', sha256: chapterSha, sizeBytes: 30, paragraphs: 2 },
      by: '9001',
      readBy: '1006',
    },
    own('reading-position', 114, place),
    own('highlight', 115, { ...place, quote: '只录一次', start: 0, end: 4 }),
    own('note', 116, { ...place, text: '记下' }),
    own('recall-card', 117, { bookId: uid(2), front: '问', back: '答', dueOn: '2026-11-24' }),
    {
      type: 'document',
      id: uid(118),
      fields: {
        ownerUnitId: 'root',
        ...head,
        title: '第二份示例',
        nonClassifiedBy: personIdOf('9001'),
        nonClassifiedAt: MONDAY,
        revisions: [revision],
      },
      by: '9001',
      readBy: '9002',
    },
    {
      type: 'document-confirmation',
      id: uid(119),
      fields: {
        ownerUnitId: 'root',
        documentId: uid(3),
        revision: 1,
        sha256,
        confirmedBy: personIdOf('9002'),
      },
      by: '9002',
      readBy: '9001',
    },
    {
      type: 'circulation',
      id: uid(120),
      fields: {
        unitId: branchId('第二支部'),
        documentId: uid(3),
        ...head,
        revisions: [revision],
        recipients: [{ personId: personIdOf('2002'), name: '马强' }],
        dispatchedAt: MONDAY,
        dispatchedBy: personIdOf('9001'),
        deadline: '2026-11-30',
      },
      by: '9001',
      readBy: '2002',
    },
    {
      type: 'recipient-change',
      id: uid(121),
      fields: {
        unitId: first,
        circulationId: circulation,
        personId: member,
        name: '王芳',
        change: 'excuse',
        reason: '借调外单位',
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'sign-off',
      id: uid(122),
      fields: {
        unitId: first,
        circulationId: circulation,
        documentId: uid(3),
        personId: member,
        signedBy: member,
        revision: 1,
        sha256,
        mode: 'in-person',
        signature: { kind: 'typed', name: '王芳' },
        signedAt: MONDAY,
        keyId: null,
        deviceSignature: null,
      },
      by: '1003',
      readBy: '1001',
    },
    {
      type: 'signed-for',
      id: uid(161),
      fields: {
        personId: member,
        unitId: first,
        circulationId: ELSEWHERE,
        signOffId: uid(62),
        forPersonId: personIdOf('1007'),
        forName: '郑洁',
        revision: 1,
        sha256,
        signedAt: MONDAY,
      },
      by: '1003',
      readBy: '1001',
    },
    {
      type: 'sign-off-settlement',
      id: uid(162),
      fields: {
        unitId: first,
        circulationId: ELSEWHERE,
        personId: personIdOf('1007'),
        name: '郑洁',
        revision: 1,
        countsId: uid(61),
        besideIds: [uid(62)],
        settledBy: officer,
        reason: '以纸质原件为准',
      },
      by: '1001',
      readBy: '1007',
    },
    {
      type: 'reminder',
      id: uid(160),
      fields: {
        unitId: first,
        circulationId: circulation,
        personId: officer,
        name: '陈静',
        byPersonId: personIdOf('1007'),
        byName: '郑洁',
        revision: 1,
        at: MONDAY,
      },
      by: '1007',
      readBy: '1001',
    },
    {
      type: 'meeting-kind',
      id: uid(123),
      fields: {
        name: '座谈会',
        unitKinds: ['branch'],
        roster: 'members',
        cadence: null,
        quorum: null,
        passing: null,
      },
      by: '9001',
      readBy: '1003',
    },
    {
      type: 'year-plan',
      id: yearPlanId(first, 2027),
      fields: {
        unitId: first,
        year: 2027,
        countedFrom: '2027-03-10',
        items: { one: [meetingKindId('主题党日'), '2027-03-15', '学雷锋'] },
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'meeting',
      id: uid(124),
      fields: {
        unitId: first,
        kindId: meetingKindId('主题党日'),
        title: '主题党日',
        date: '2026-11-25',
        sittings: [{ id: uid(41), name: '早班场次', startsAt: MONDAY }],
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'roll-mark',
      id: uid(125),
      fields: {
        unitId: first,
        meetingId: uid(4),
        sittingId: uid(40),
        personId: member,
        name: '王芳',
        state: 'present',
        method: 'tap',
        markedBy: officer,
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'roll-claim',
      id: uid(129),
      fields: {
        unitId: first,
        meetingId: uid(4),
        sittingId: uid(40),
        personId: member,
        name: '王芳',
        shownBy: officer,
        keyId: uid(85),
        step: SHOWN.step,
        signature: SHOWN.signature,
      },
      by: '1003',
      readBy: '1001',
    },
    {
      type: 'make-up',
      id: uid(126),
      fields: { unitId: first, meetingId: uid(4), personId: member, sentence: '已补学材料。' },
      by: '1003',
      readBy: '1001',
    },
    {
      type: 'minutes',
      id: uid(127),
      fields: { unitId: first, meetingId: uid(4), title: '纪要', stage: 'fixed', body: '议定两项。' },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'resolution',
      id: uid(140),
      fields: {
        unitId: first,
        meetingId: uid(4),
        sittingId: uid(40),
        motion: '同意示例事项',
        secret: true,
        inFavour: 2,
        against: 0,
        abstained: 0,
        expected: 3,
        present: 2,
        votersExpected: 3,
        votersPresent: 2,
        quorum: null,
        passing: { comparator: '>', part: [1, 2], base: 'voters', article: '示例', toBeChecked: true },
        recordedBy: officer,
        recordedAt: MONDAY,
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'minutes-draft',
      id: minutesDraftId(uid(4), officer),
      fields: {
        unitId: first,
        meetingId: uid(4),
        title: '十一月支部党员大会',
        writerId: officer,
        writerName: '陈静',
        sections: { a1: { heading: '一、示例', text: '示例一句。', order: 1 } },
      },
      by: '1001',
      readBy: '1007',
    },
    {
      type: 'minutes-proposal',
      id: uid(141),
      fields: {
        unitId: first,
        meetingId: uid(4),
        title: '十一月支部党员大会',
        about: 'correction',
        keeperId: officer,
        writerId: officer,
        writerName: '陈静',
        body: '第二项应为两周内完成。',
        why: '笔误',
        proposedAt: MONDAY,
      },
      by: '1001',
      readBy: '1007',
    },
    {
      type: 'minutes-return',
      id: uid(143),
      fields: {
        unitId: group,
        meetingId: uid(70),
        proposalId: WRITTEN_BY_MEMBER,
        writerId: member,
        returnedBy: officer,
        sentence: '请补上第二项。',
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'minutes-correction',
      id: uid(144),
      fields: {
        unitId: group,
        meetingId: uid(70),
        minutesId: `${uid(70)}-fixed`,
        title: '十月支部党员大会',
        what: '第二项应为两周内完成。',
        why: '笔误',
        writerId: member,
        proposalId: CORRECTION_BY_MEMBER,
        confirmedBy: officer,
        confirmedAt: MONDAY,
        keyId: null,
        deviceSignature: null,
      },
      by: '1001',
      readBy: '1003',
    },
    {
      type: 'indicator-set',
      id: uid(128),
      fields: {
        name: '岗位评议（示例）',
        side: 'post',
        version: 1,
        validFrom: '2026-01-01',
        indicators: INDICATORS,
      },
      by: '9001',
      readBy: '1003',
    },
    own('self-assessment', 129, {
      month: '2026-11',
      side: 'party',
      setId: uid(5),
      answers: { a: { score: 55.5, sentence: '到会三次。', evidence: '' } },
    }),
    {
      type: 'submission',
      id: uid(130),
      fields: {
        personId: member,
        name: '王芳',
        unitId: first,
        month: '2026-11',
        side: 'party',
        setId: uid(5),
        answers: { a: { score: 55.5, sentence: '到会三次。', evidence: '' } },
      },
      by: '1003',
      readBy: '1001',
    },
    {
      type: 'score-sheet',
      id: uid(131),
      fields: {
        unitId: sectionId('综合科'),
        personId: member,
        name: '王芳',
        month: '2026-11',
        side: 'work',
        setId: uid(6),
        scores: { a: { score: 58, reason: '', evidence: '', scorerId: personIdOf('1005'), at: MONDAY } },
        adjustments: {},
        done: false,
      },
      by: '1005',
      readBy: null,
    },
    {
      type: 'month-result',
      id: monthResultId(member, '2026-10', 'party'),
      fields: {
        personId: member,
        name: '王芳',
        unitId: first,
        month: '2026-10',
        side: 'party',
        setId: uid(5),
        lines: [],
        total: 96,
        partyTotal: 96,
        workTotal: null,
        frozenBy: personIdOf('9001'),
      },
      by: '9001',
      readBy: '1003',
    },
    {
      type: 'appeal',
      id: uid(133),
      fields: {
        personId: member,
        unitId: first,
        resultId: monthResultId(member, '2026-09', 'party'),
        month: '2026-09',
        text: '第九项有记录，请复核。',
      },
      by: '1003',
      readBy: '1001',
    },
  ]
}

/** Parents first: `samples` is in the order of the registry, and an appeal follows its result. */
export const sameFields = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)
