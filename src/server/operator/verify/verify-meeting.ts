/** `npm run admin -- verify-meeting FILE`: does an exported meeting hold: roll, votes, minutes and corrections. Needs the file alone. */
import { civilDate, civilTime } from '../../../shared/civil-time.ts'
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
import { openToCheck } from '../export/circulation-files.ts'
import type { OperatorCommand } from '../command.ts'

const MAX_BYTES = 64 * 1024 * 1024

export const verifyMeetingCommand: OperatorCommand = {
  name: 'verify-meeting',
  usage: ['npm run admin -- verify-meeting 文件    核对导出的会议：考勤、表决、纪要和更正，哪些成立'],
  run: async ({ store, words }) => {
    const [path, ...rest] = words
    if (path === undefined || rest.length > 0) return refuse('请给出一个要核对的文件。')
    const file = await openToCheck(path)
    if (file === undefined) return refuse(`打不开文件：${path}`)
    try {
      const raw = parse(file.size > MAX_BYTES ? '' : file.text(await file.whole()))
      if (!isMeetingBundle(raw)) return refuse('这个文件不是会议核对文件，或者没有下载完整。')
      const read = readMeetingBundle(raw)
      if (!read.ok) return refuse(read.sentence)
      const keys = await store.read((tx) => tx.records({ types: ['endpoint-key'] }))
      const known = keys.length === 0 ? null : new Set(keys.map(({ id }) => id))
      const verdict = await verifyMeeting(read, signatureHolds, known)
      tell(read.bundle, verdict)
      return meetingHolds(verdict)
    } finally {
      await file.close()
    }
  },
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function refuse(sentence: string): false {
  console.error(sentence)
  return false
}

const SEALS = {
  holds: (key: string) => `封签：成立，由本单位的密钥 ${key} 封签，导出后没有改过。`,
  unknown: (key: string) => `封签：导出后没有改过；这里没有密钥 ${key} 的底档，请向导出单位核对这八位。`,
  broken: () => '封签：不成立，文件在导出后被改过。',
} as const

function tell(bundle: SealedMeeting, verdict: MeetingVerdict): void {
  const { figures, methods, codes, votes, confirmed, seal, sealKey } = verdict
  console.log(`${bundle.unit.name} · ${bundle.meeting.fields.title} · ${bundle.meeting.fields.date}`)
  console.log(`导出：${moment(bundle.exportedAt)}，${bundle.exportedBy.name}`)
  console.log(SEALS[seal](sealKey))
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
      `  ${standing(one.findings)}  ${one.about === 'minutes' ? '纪要' : '更正'}，${one.confirmedBy}${one.confirmedAt === null ? '' : ` ${moment(one.confirmedAt)}`}确认${told(one.findings)}`,
    )
  if (confirmed.length === 0) console.log('  纪要还没有定稿')
}

type Findings = MeetingVerdict['votes'][number]['findings']
const standing = (findings: Findings): string => (holdsUp(findings) ? '成立  ' : '不成立')
const told = (findings: Findings): string =>
  findings.length === 0 ? '' : `：${findings.map((finding) => MEETING_FINDING_WORDS[finding]).join('；')}`

const moment = (ms: number): string => `${civilDate(ms)} ${civilTime(ms)}`
