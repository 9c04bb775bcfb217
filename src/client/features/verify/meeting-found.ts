/** Of one meeting: the roll, each vote with its arithmetic, minutes and corrections. */
import type { SealedMeeting } from '../../../shared/meetings/bundle/bundle.ts'
import {
  holdingMinutes,
  MEETING_FINDING_WORDS,
  meetingHolds,
  STANDING_WORDS,
  standingOf,
  type ConfirmedVerdict,
  type MeetingFinding,
  type MeetingVerdict,
  type Standing,
  type VoteVerdict,
} from '../../../shared/meetings/bundle/verify.ts'
import { namedFiles } from '../../../shared/meetings/bundle/named-files.ts'
import { ROLL_METHOD_WORDS, ROLL_METHODS } from '../../../shared/meetings/mark-words.ts'
import { arithmeticInWords, votesInWords } from '../../../shared/meetings/voting/outcome.ts'
import { stampInWords } from '../../ui/moments.ts'
import type { Tone } from '../../ui/words.ts'
import { sealInWords, type Found, type FoundLine } from './found.ts'

export function meetingFound(bundle: SealedMeeting, verdict: MeetingVerdict): Found {
  const { unit, meeting, exportedAt, exportedBy } = bundle
  return {
    words: meetingHolds(verdict) ? '会议记录成立' : '有不成立的地方',
    seal: sealInWords(verdict.seal, verdict.sealKey),
    isBroken: verdict.seal === 'broken',
    notes: [
      `${unit.name} · ${meeting.fields.title} · ${meeting.fields.date}`,
      `${stampInWords(exportedAt)} 由 ${exportedBy.name} 导出`,
    ],
    lines: [
      line('roll', '考勤', rollNote(verdict), rollHolds(verdict) ? 'holds' : 'fails'),
      ...verdict.votes.map((vote) =>
        line(vote.id, `表决 · ${vote.fields.motion}`, voteNote(vote), standingOf(vote.findings)),
      ),
      ...verdict.confirmed.map((one) =>
        line(one.id, one.about === 'minutes' ? '纪要' : '更正', confirmedNote(one), standingOf(one.findings)),
      ),
    ],
    named: namedFiles(bundle, holdingMinutes(verdict)),
  }
}

const TONES: Record<Standing, Tone> = { holds: 'green', open: 'amber', fails: 'red' }
const line = (key: string, title: string, note: string, standing: Standing): FoundLine => ({
  key,
  title,
  note,
  tag: STANDING_WORDS[standing],
  tone: TONES[standing],
})
const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('；')
const told = (findings: readonly MeetingFinding[]): string =>
  findings.map((finding) => MEETING_FINDING_WORDS[finding]).join('；')

/** What was tapped has the seal alone to vouch for it. */
const rollHolds = ({ seal, codes }: MeetingVerdict): boolean => seal !== 'broken' && codes.fail.length === 0

function rollNote({ figures, methods, codes, seal }: MeetingVerdict): string {
  const how = ROLL_METHODS.filter((method) => methods[method] > 0).map(
    (method) => `${ROLL_METHOD_WORDS[method]} ${methods[method]}`,
  )
  return joined([
    `应到 ${figures.expected}，实到 ${figures.present}，请假 ${figures.leave}，缺席 ${figures.absent}`,
    figures.unmarked > 0 ? `未点 ${figures.unmarked}` : '',
    how.join('，'),
    codes.hold > 0 ? `扫码签名 ${codes.hold} 个成立` : '',
    codes.fail.length > 0 ? `扫码签名不成立或无法核对：${codes.fail.join('、')}` : '',
    seal === 'broken' ? MEETING_FINDING_WORDS.unsealed : '',
  ])
}

const voteNote = ({ fields, findings }: VoteVerdict): string =>
  joined([votesInWords(fields), arithmeticInWords(fields), told(findings)])

const confirmedNote = ({ confirmedBy, confirmedAt, isSigned, findings }: ConfirmedVerdict): string =>
  joined([
    `${confirmedBy}${confirmedAt === null ? '' : ` ${stampInWords(confirmedAt)}`} 确认`,
    isSigned ? '有设备签名' : '',
    told(findings),
  ])
