/**
 * What of an exported meeting holds, and why the rest does not. Pure but for the check of a signature, which is handed in.
 *
 * Guarantees: minutes that are said to hold were confirmed by somebody who did not write them, by the rule of the meeting, and not a
 * word or figure of them was altered since that person's device signed it; a vote that is said to hold comes to its result by its
 * own rule and count; nothing that has the seal alone to vouch for it is said to hold where that is broken, the public key of a
 * signature neither; a code that is said to hold was signed by the person's own device, or by the officer who showed it and by
 * the person who read it.
 */
import { sealStateOf, type CheckSignature, type Filed, type SealState } from '../../bundle/filed.ts'
import { keyRevokedAt, type DeviceKey } from '../../org/device-key.ts'
import { attendanceLines } from '../attendance/attendance.ts'
import { checkProof, PROOF_FAILURE_WORDS } from '../codes/check-proof.ts'
import { ROLL_METHODS, type RollMethod } from '../mark-words.ts'
import { correctionStatement } from '../minutes/correction.ts'
import { minutesStatement } from '../minutes/minutes.ts'
import { confirmerOf } from '../minutes/who-confirms.ts'
import { rollLines } from '../roll.ts'
import { rollFigures, type RollFigures } from '../roll-figures.ts'
import { voteAnswer, votesOf, type VoteAnswer } from '../voting/outcome.ts'
import type { Resolution } from '../voting/resolution.ts'
import type { OpenedMeeting, SealedMeeting } from './bundle.ts'

export const MEETING_FINDING_WORDS = {
  'other-meeting': '不是这场会议的',
  'not-confirmer': '确认人不是会议的主持人',
  'own-words': '确认人就是写的人',
  'not-confirmed': '旧版定稿，没有确认人的签名',
  unsigned: '没有设备签名，以封签为准',
  'key-missing': '缺少设备公钥，签名无法核对',
  'key-of-other': '设备公钥不是确认人的',
  'key-revoked': '送达时签名的密钥已经停用',
  signature: '内容与签名不符，可能被改过',
  votes: '票数比到会有表决权的人多',
  roll: '与考勤不同：录入后考勤有更正',
  split: '同时有几种更正，尚未核定',
  withdrawn: '已作废',
  unsealed: '封签不成立，没有别的凭据',
  'key-unsealed': '封签不成立，签名的公钥可能被换过，请向确认人核对',
} as const
export type MeetingFinding = keyof typeof MEETING_FINDING_WORDS

/** Told, and no reason to doubt. */
const REMARKS: ReadonlySet<MeetingFinding> = new Set([
  'not-confirmed',
  'unsigned',
  'roll',
  'split',
  'withdrawn',
])
/** Open: nothing speaks against it, and what speaks for it has to be seen elsewhere. */
export type Standing = 'holds' | 'open' | 'fails'
export function standingOf(findings: readonly MeetingFinding[]): Standing {
  const doubts = findings.filter((finding) => !REMARKS.has(finding))
  if (doubts.length === 0) return 'holds'
  return doubts.every((finding) => finding === 'key-unsealed') ? 'open' : 'fails'
}
export const holdsUp = (findings: readonly MeetingFinding[]): boolean => standingOf(findings) === 'holds'
export const STANDING_WORDS: Record<Standing, string> = { holds: '成立', open: '待核对', fails: '不成立' }

export interface ConfirmedVerdict {
  id: string
  /** 纪要, 更正 */
  about: 'minutes' | 'correction'
  confirmedBy: string
  confirmedAt: number | null
  isSigned: boolean
  /** Of the device that signed, by the minutes themselves. */
  keyId: string | null
  findings: MeetingFinding[]
}

export interface VoteVerdict {
  id: string
  fields: Resolution
  answer: VoteAnswer
  findings: MeetingFinding[]
}

export interface MeetingVerdict {
  seal: SealState
  /** The first digits of the sealing key's id, to compare by eye or by telephone. */
  sealKey: string
  figures: RollFigures
  /** Marks that stand, by how they were made. */
  methods: Record<RollMethod, number>
  /** Codes that were read: how many hold, and of whom they do not, with the reason. */
  codes: { hold: number; fail: string[] }
  votes: VoteVerdict[]
  confirmed: ConfirmedVerdict[]
}

export type NamedKey = Pick<Filed<DeviceKey>, 'id' | 'fields'>

/**
 * @param known ids of endpoint keys that whoever checks has from elsewhere; null: has none
 * @param ownKeys keys of devices that whoever checks has from elsewhere
 */
export async function verifyMeeting(
  { bundle, raw }: OpenedMeeting,
  check: CheckSignature,
  known: ReadonlySet<string> | null,
  ownKeys: readonly NamedKey[] = [],
): Promise<MeetingVerdict> {
  const sittingIds = bundle.meeting.fields.sittings.map(({ id }) => id)
  const lines = attendanceLines(bundle.roster, bundle.marks, sittingIds)
  const heads = sittingIds.flatMap((id) => rollLines(bundle.roster, bundle.marks, id).flatMap((l) => l.heads))
  const methods = Object.fromEntries(ROLL_METHODS.map((method) => [method, 0])) as Record<RollMethod, number>
  const codes = { hold: 0, fail: [] as string[] }
  const claims = bundle.version === 1 ? undefined : (bundle.claims ?? [])
  for (const { fields } of heads) {
    if (fields.state !== 'cleared') methods[fields.method]++
    const standing = await checkProof(fields, bundle.deviceKeys, check, claims)
    if (standing === 'holds') codes.hold++
    else if (standing !== 'none') codes.fail.push(`${fields.name}（${PROOF_FAILURE_WORDS[standing]}）`)
  }
  const seal = await sealStateOf(raw, check, known)
  const bySeal = <V extends { findings: MeetingFinding[] }>(verdict: V, without: MeetingFinding): V =>
    seal === 'broken' ? { ...verdict, findings: [...verdict.findings, without] } : verdict
  const isOwnKey = (keyId: string | null): boolean =>
    bundle.deviceKeys.some((one) => one.id === keyId && ownKeys.some((own) => isSameKey(own, one)))
  const confirmed: ConfirmedVerdict[] = []
  for (const one of bundle.minutes) confirmed.push(await verifyMinutes(bundle, one, check))
  for (const one of bundle.corrections) confirmed.push(await verifyCorrection(bundle, one, check))
  return {
    seal,
    sealKey: bundle.seal.keyId.slice(0, 8),
    figures: rollFigures(lines),
    methods,
    codes,
    votes: verifyVotes(bundle).map((vote) => bySeal(vote, 'unsealed')),
    confirmed: confirmed.map((one) => {
      if (!one.isSigned) return bySeal(one, 'unsealed')
      return isOwnKey(one.keyId) || !holdsUp(one.findings) ? one : bySeal(one, 'key-unsealed')
    }),
  }
}

const isSameKey = (one: NamedKey, other: NamedKey): boolean =>
  one.id === other.id &&
  one.fields.publicKey === other.fields.publicKey &&
  one.fields.personId === other.fields.personId

/** For {@link namedFiles}. */
export const holdingMinutes =
  ({ confirmed }: Pick<MeetingVerdict, 'confirmed'>) =>
  (minutesId: string): boolean =>
    confirmed.some(({ id, about, findings }) => id === minutesId && about === 'minutes' && holdsUp(findings))

/** @returns whether nothing in it gives reason to doubt */
export const meetingHolds = (verdict: MeetingVerdict): boolean =>
  verdict.seal !== 'broken' &&
  verdict.codes.fail.length === 0 &&
  [...verdict.votes, ...verdict.confirmed].every(({ findings }) => holdsUp(findings))

export function nameIn(bundle: SealedMeeting, personId: string | null | undefined): string {
  const found = [...bundle.roster, ...bundle.names].find((one) => one.personId === personId)
  return found?.name ?? ''
}

type Signed = Pick<Filed<unknown>, 'author' | 'receivedAt'> & {
  fields: {
    unitId: string
    meetingId: string
    writerId: string | null
    confirmedBy: string | null
    keyId: string | null
    deviceSignature: string | null
  }
}

async function confirmFindings(
  bundle: SealedMeeting,
  { author, receivedAt, fields: f }: Signed,
  statement: string,
  check: CheckSignature,
): Promise<MeetingFinding[]> {
  const findings: MeetingFinding[] = []
  const { id, fields: m } = bundle.meeting
  if (f.meetingId !== id || f.unitId !== m.unitId) findings.push('other-meeting')
  const asked = confirmerOf(m, f.writerId ?? '')
  if (f.confirmedBy === f.writerId) findings.push('own-words')
  // The chair may have been changed afterwards: the meeting's own history is not in the file.
  else if (author !== f.confirmedBy || (asked !== null && asked !== f.confirmedBy))
    findings.push('not-confirmer')
  if (f.keyId === null || f.deviceSignature === null) return [...findings, 'unsigned']
  const key = bundle.deviceKeys.find((one) => one.id === f.keyId)?.fields
  if (key === undefined) return [...findings, 'key-missing']
  if (key.personId !== f.confirmedBy) findings.push('key-of-other')
  if (wasRevoked(f.keyId, bundle.deviceKeys, receivedAt)) findings.push('key-revoked')
  if (!(await check(key.publicKey, f.deviceSignature, statement))) findings.push('signature')
  return findings
}

/** A key that was revoked afterwards still speaks for what had arrived before. */
function wasRevoked(keyId: string, keys: readonly Filed<DeviceKey>[], at: number): boolean {
  const revokedAt = keyRevokedAt(keyId, keys)
  return revokedAt !== null && revokedAt < at
}

async function verifyMinutes(
  bundle: SealedMeeting,
  one: SealedMeeting['minutes'][number],
  check: CheckSignature,
): Promise<ConfirmedVerdict> {
  const { id, fields: f } = one
  // Of an older version of the app: fixed by an officer, without a second person.
  const findings: MeetingFinding[] =
    f.proposalId === null ? ['not-confirmed'] : await confirmFindings(bundle, one, minutesStatement(f), check)
  return {
    id,
    about: 'minutes',
    confirmedBy: nameIn(bundle, f.confirmedBy),
    confirmedAt: f.confirmedAt,
    isSigned: f.deviceSignature !== null,
    keyId: f.keyId,
    findings,
  }
}

async function verifyCorrection(
  bundle: SealedMeeting,
  one: SealedMeeting['corrections'][number],
  check: CheckSignature,
): Promise<ConfirmedVerdict> {
  const { id, fields: f } = one
  return {
    id,
    about: 'correction',
    confirmedBy: nameIn(bundle, f.confirmedBy),
    confirmedAt: f.confirmedAt,
    isSigned: f.deviceSignature !== null,
    keyId: f.keyId,
    findings: await confirmFindings(bundle, one, correctionStatement(f), check),
  }
}

function verifyVotes(bundle: SealedMeeting): VoteVerdict[] {
  const { id, fields: m } = bundle.meeting
  return votesOf(bundle.resolutions).flatMap(({ heads }) =>
    heads.map(({ id: voteId, fields: f }) => {
      const findings: MeetingFinding[] = []
      const now = rollFigures(rollLines(bundle.roster, bundle.marks, f.sittingId))
      if (f.meetingId !== id || !m.sittings.some((sitting) => sitting.id === f.sittingId))
        findings.push('other-meeting')
      if (f.inFavour + f.against + f.abstained > f.votersPresent) findings.push('votes')
      if (now.votersPresent !== f.votersPresent || now.votersExpected !== f.votersExpected)
        findings.push('roll')
      if (heads.length > 1) findings.push('split')
      if (f.withdrawn) findings.push('withdrawn')
      return { id: voteId, fields: f, answer: voteAnswer(f), findings }
    }),
  )
}
