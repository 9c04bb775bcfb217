/** `npm run admin -- verify-meeting FILE`: does an exported meeting hold: roll, votes, minutes and corrections. Needs the file alone. */
import {
  isMeetingBundle,
  readMeetingBundle,
  type SealedMeeting,
} from '../../../shared/meetings/bundle/bundle.ts'
import {
  holdsUp,
  MEETING_FINDING_WORDS,
  meetingHolds,
  verifyMeeting,
  type MeetingVerdict,
} from '../../../shared/meetings/bundle/verify.ts'
import { ROLL_METHOD_WORDS, ROLL_METHODS } from '../../../shared/meetings/mark-words.ts'
import { arithmeticInWords, votesInWords } from '../../../shared/meetings/voting/outcome.ts'
import { signatureHolds } from '../../auth/signatures.ts'
import type { OperatorCommand } from '../command.ts'
import { checkFile, momentInWords, refuse, SEAL_SENTENCES, textOf } from './exported-file.ts'

export const verifyMeetingCommand: OperatorCommand = {
  name: 'verify-meeting',
  usage: ['npm run admin -- verify-meeting 文件    核对导出的会议：考勤、表决、纪要和更正，哪些成立'],
  run: (context) =>
    checkFile(context, async (file, known) => {
      const raw = parse(await textOf(file))
      if (!isMeetingBundle(raw)) return refuse('这个文件不是会议核对文件，或者没有下载完整。')
      const read = readMeetingBundle(raw)
      if (!read.ok) return refuse(read.sentence)
      const verdict = await verifyMeeting(read, signatureHolds, known)
      tell(read.bundle, verdict)
      return meetingHolds(verdict)
    }),
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function tell(bundle: SealedMeeting, verdict: MeetingVerdict): void {
  const { figures, methods, codes, votes, confirmed, seal, sealKey } = verdict
  console.log(`${bundle.unit.name} · ${bundle.meeting.fields.title} · ${bundle.meeting.fields.date}`)
  console.log(`导出：${momentInWords(bundle.exportedAt)}，${bundle.exportedBy.name}`)
  console.log(SEAL_SENTENCES[seal](sealKey))
  const how = ROLL_METHODS.filter((method) => methods[method] > 0).map(
    (method) => `${ROLL_METHOD_WORDS[method]} ${methods[method]}`,
  )
  console.log(
    `考勤：应到 ${figures.expected}，实到 ${figures.present}，请假 ${figures.leave}，缺席 ${figures.absent}，未点 ${figures.unmarked}（${how.join('，')}）`,
  )
  if (codes.hold + codes.fail.length > 0)
    console.log(
      `扫码签名：${codes.hold} 个成立${codes.fail.length === 0 ? '' : `，${codes.fail.length} 个不成立或无法核对：${codes.fail.join('、')}`}`,
    )
  for (const { fields, findings } of votes)
    console.log(
      `  ${standing(findings)}  表决 ${fields.motion}：${votesInWords(fields)}。${arithmeticInWords(fields)}${told(findings)}`,
    )
  for (const one of confirmed)
    console.log(
      `  ${standing(one.findings)}  ${one.about === 'minutes' ? '纪要' : '更正'}，${one.confirmedBy}${one.confirmedAt === null ? '' : ` ${momentInWords(one.confirmedAt)}`}确认${told(one.findings)}`,
    )
  if (confirmed.length === 0) console.log('  纪要还没有定稿')
}

type Findings = MeetingVerdict['votes'][number]['findings']
const standing = (findings: Findings): string => (holdsUp(findings) ? '成立  ' : '不成立')
const told = (findings: Findings): string =>
  findings.length === 0 ? '' : `：${findings.map((finding) => MEETING_FINDING_WORDS[finding]).join('；')}`
