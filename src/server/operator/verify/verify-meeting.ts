/**
 * `npm run admin -- verify-meeting FILE [ATTACHMENT…]`: does an exported meeting hold: roll, votes, minutes and corrections; and is
 * each file at hand one that the minutes name. Needs the files alone.
 */
import {
  NAMED_FILE_WORDS,
  formsOf,
  namedFiles,
  type NamedFile,
} from '../../../shared/meetings/bundle/named-files.ts'
import {
  isMeetingBundle,
  readMeetingBundle,
  type SealedMeeting,
} from '../../../shared/meetings/bundle/bundle.ts'
import {
  holdingMinutes,
  MEETING_FINDING_WORDS,
  meetingHolds,
  STANDING_WORDS,
  standingOf,
  verifyMeeting,
  type MeetingVerdict,
  type NamedKey,
} from '../../../shared/meetings/bundle/verify.ts'
import { ROLL_METHOD_WORDS, ROLL_METHODS } from '../../../shared/meetings/mark-words.ts'
import { arithmeticInWords, votesInWords } from '../../../shared/meetings/voting/outcome.ts'
import type { DeviceKey } from '../../../shared/org/device-key.ts'
import type { RecordStore } from '../../store/record-store.ts'
import { signatureHolds } from '../../auth/signatures.ts'
import type { OperatorCommand } from '../command.ts'
import { hashOf, openToCheck } from '../export/circulation-files.ts'
import { checkFile, momentInWords, refuse, SEAL_SENTENCES, textOf } from './exported-file.ts'

export const verifyMeetingCommand: OperatorCommand = {
  name: 'verify-meeting',
  usage: [
    'npm run admin -- verify-meeting 文件    核对导出的会议：考勤、表决、纪要和更正，哪些成立',
    'npm run admin -- verify-meeting 文件 附件…    同时核对手里的附件是不是纪要里的那一份',
  ],
  run: (context) => {
    const [path, ...atHand] = context.words
    return checkFile({ ...context, words: path === undefined ? [] : [path] }, async (file, known) => {
      const raw = parse(await textOf(file))
      if (!isMeetingBundle(raw)) return refuse('这个文件不是会议核对文件，或者没有下载完整。')
      const read = readMeetingBundle(raw)
      if (!read.ok) return refuse(read.sentence)
      const verdict = await verifyMeeting(read, signatureHolds, known, await deviceKeysOf(context.store))
      tell(read.bundle, verdict)
      let areNamed = true
      for (const one of atHand)
        areNamed = (await tellAtHand(namedFiles(read.bundle, holdingMinutes(verdict)), one)) && areNamed
      return meetingHolds(verdict) && areNamed
    })
  },
}

/** Of a store at hand; what lies in the file alone is vouched for by its seal. */
async function deviceKeysOf(store: RecordStore): Promise<NamedKey[]> {
  const rows = await store.read((tx) => tx.records({ types: ['device-key'] }))
  return rows.map(({ id, fields }) => ({ id, fields: JSON.parse(fields) as DeviceKey }))
}

/** @returns whether minutes that hold name it */
async function tellAtHand(named: readonly NamedFile[], path: string): Promise<boolean> {
  const file = await openToCheck(path)
  if (file === undefined) return refuse(`打不开文件：${path}`)
  try {
    // A copy: what was read may lie in memory that is shared.
    const bytes = new Uint8Array(await file.whole()).buffer
    const hashes = formsOf(bytes).map((form) => hashOf(new Uint8Array(form)))
    const found = named.find(({ sha256 }) => hashes.includes(sha256))
    if (found === undefined) return refuse(`  不是    ${path}：纪要里没有这个文件，或者它的内容改过`)
    if (found.isDoubted)
      return refuse(`  存疑    ${path}：名单里有“${found.name}”，但写着它的纪要没有核实，名单可能被改过`)
    console.log(`  是      ${path}：纪要里的${NAMED_FILE_WORDS[found.about]}“${found.name}”`)
    return true
  } finally {
    await file.close()
  }
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
  for (const { about, name, sha256 } of namedFiles(bundle, holdingMinutes(verdict)))
    console.log(`          ${NAMED_FILE_WORDS[about]} ${name}，SHA-256 ${sha256}`)
  if (confirmed.length === 0) console.log('  纪要还没有定稿')
}

type Findings = MeetingVerdict['votes'][number]['findings']
/** Three signs wide. */
function standing(findings: Findings): string {
  const word = STANDING_WORDS[standingOf(findings)]
  return word + '  '.repeat(3 - word.length)
}
const told = (findings: Findings): string =>
  findings.length === 0 ? '' : `：${findings.map((finding) => MEETING_FINDING_WORDS[finding]).join('；')}`
