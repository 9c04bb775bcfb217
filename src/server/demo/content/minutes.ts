/** A meeting of the first branch with a vote, minutes that the recorder wrote and the chair confirmed, and a correction. */
import { civilInstant } from '../../../shared/civil-time.ts'
import { correctionId } from '../../../shared/meetings/minutes/correction.ts'
import { fixedMinutesId, type MinutesFacts } from '../../../shared/meetings/minutes/minutes.ts'
import { arithmeticInWords, votesInWords } from '../../../shared/meetings/voting/outcome.ts'
import type { MeetingKind } from '../../../shared/meetings/meeting-kind.ts'
import { meetingKindId } from '../../commands/make-bureau.ts'
import { keepFile } from '../../import/run/import-job.ts'
import { STAFF } from '../accounts.ts'
import { daysFrom, demoId, personIdOf, type DemoContext } from '../context.ts'
import { FIRST_BRANCH_ID } from '../people/units.ts'
import { SAMPLE_MARK } from './read-texts.ts'

const TITLE = `第三季度支部党员大会${SAMPLE_MARK}`
const KIND = '支部党员大会'
const RECORDER = '1003'
const MOTION = '同意《党员联系群众“1+10”办法》（示例）'
const AGENDA = '一、支委会报告第三季度工作\n二、讨论本支部党员联系群众办法，表决\n三、其他'
const BODY = `### 一、支委会报告第三季度工作

本季度开主题党日三次，到会率比上季度高；夜班同志补学都已完成。

### 二、讨论本支部党员联系群众办法，表决

- 每名党员固定联系十名服务对象，每月至少回访一次。
- 回访中听到的问题，当天告诉值班长。
- 表决结果见决议。

### 三、其他

岁末高峰的值班表下周公布，先征求各班意见。`

const METHOD = `# 党员联系群众“1+10”办法（示例）

一、每名党员固定联系十名服务对象。

二、每季度至少回访一次，重点对象每月一次。

三、回访中听到的问题，当天告诉值班长。
`

interface Where {
  meetingId: string
  sittingId: string
}

export async function fillVoted(context: DemoContext, { meetingId, sittingId }: Where): Promise<void> {
  const date = daysFrom(context.today, -40)
  const at = (time: string, days = 0) => civilInstant(daysFrom(date, days), time)
  const [chair, writer] = [personIdOf(STAFF.secretary), personIdOf(RECORDER)]
  const ofMeeting = { unitId: FIRST_BRANCH_ID, meetingId, title: TITLE }
  const kindRow = await context.tx.record('meeting-kind', meetingKindId(KIND))
  const { quorum, passing } = JSON.parse(kindRow!.fields) as MeetingKind
  const members = context.people.filter((row) => row.branch === '窗口第一支部' && row.partyStatus !== 'none')
  const away = new Set(['1009', '1016', '1018', '1019', '1022'])
  const voters = members.filter((row) => row.partyStatus === 'full')
  const votersPresent = voters.filter((row) => !away.has(row.staffNo)).length
  const vote = {
    unitId: FIRST_BRANCH_ID,
    meetingId,
    sittingId,
    motion: MOTION,
    secret: true,
    inFavour: votersPresent - 2,
    against: 0,
    abstained: 2,
    expected: members.length,
    present: members.length - away.size,
    votersExpected: voters.length,
    votersPresent,
    quorum,
    passing: passing!,
    recordedBy: chair,
    recordedAt: at('19:40'),
  }
  const voteId = demoId('resolution', meetingId)
  await context.put('resolution', voteId, vote, chair, at('19:40'))

  const proposed = { ...ofMeeting, keeperId: chair, writerId: writer, writerName: nameOf(context, RECORDER) }
  const proposalId = demoId('minutes-proposal', meetingId)
  const bytes = new TextEncoder().encode(METHOD)
  const sha256 = await keepFile(context.parts, context.tx, bytes, 'text/markdown')
  const name = '党员联系群众“1+10”办法（示例）.md'
  const files = [{ sha256, name, mime: 'text/markdown', sizeBytes: bytes.length }]
  const first = { ...proposed, about: 'minutes', body: BODY, files, proposedAt: at('09:10', 1) }
  await context.put('minutes-proposal', proposalId, first, writer, first.proposedAt)
  const facts: MinutesFacts = {
    unitName: '窗口第一支部',
    kindName: KIND,
    date,
    sittings: [{ name: '全体', startsAt: at('18:30'), place: '三楼会议室', present: vote.present }],
    chair: nameOf(context, STAFF.secretary),
    recorder: nameOf(context, RECORDER),
    guests: ['党建科 沈若谷'],
    agenda: AGENDA,
    attendance: {
      expected: vote.expected,
      present: vote.present,
      late: 1,
      leave: away.size - 1,
      absent: 1,
      unmarked: 0,
      votersExpected: vote.votersExpected,
      votersPresent,
    },
    away: [
      ['1009', '请假（值班）'],
      ['1016', '请假（值班）'],
      ['1018', '请假（事）'],
      ['1022', '请假（病）'],
      ['1019', '缺席'],
    ].map(([staffNo, why]) => ({ name: nameOf(context, staffNo!), why: why! })),
    resolutions: [
      {
        id: voteId,
        motion: MOTION,
        inFavour: vote.inFavour,
        against: 0,
        abstained: 2,
        secret: true,
        outcome: 'carried',
        arithmetic: `${votesInWords(vote)}。${arithmeticInWords(vote)}（${vote.passing.article}${vote.passing.toBeChecked ? '，待核' : ''}）`,
      },
    ],
    attachments: [],
  }
  const confirmed = { ...ofMeeting, writerId: writer, confirmedBy: chair, keyId: null, deviceSignature: null }
  const minutesId = fixedMinutesId(meetingId)
  const fixed = {
    ...confirmed,
    stage: 'fixed',
    body: BODY,
    proposalId,
    facts,
    files,
    confirmedAt: at('17:20', 1),
  }
  await context.put('minutes', minutesId, fixed, chair, fixed.confirmedAt)

  const what = '第二项“每月至少回访一次”应为“每季度至少回访一次，重点对象每月一次”。'
  const why = '与表决时宣读的稿子对不上，记录时漏写。'
  const changeId = demoId('minutes-proposal', meetingId, 'correction')
  const change = { ...proposed, about: 'correction', body: what, why, proposedAt: at('10:00', 3) }
  await context.put('minutes-proposal', changeId, change, writer, change.proposedAt)
  const correction = { ...confirmed, minutesId, what, why, proposalId: changeId, confirmedAt: at('16:00', 3) }
  await context.put('minutes-correction', correctionId(changeId), correction, chair, correction.confirmedAt)
}

const nameOf = (context: DemoContext, staffNo: string): string =>
  context.people.find((row) => row.staffNo === staffNo)?.name ?? ''
