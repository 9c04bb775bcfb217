/**
 * Which sign-offs of a bundle hold, and why the others don't. Pure but for the check of a signature, which is handed in.
 *
 * Guarantees: a sign-off that is said to hold names this circulation and a revision of it by its hash, is of a recipient, was
 * made by whom it says, was not altered since its device signed it, and had arrived, in this very form, when the endpoint says so.
 */
import {
  checkByEndpoint,
  sealStateOf,
  type CheckSignature,
  type Filed,
  type SealState,
} from '../../bundle/filed.ts'
import type { DeviceKey } from '../../org/device-key.ts'
import { canonicalJson, sha256Hex } from '../../sync/canonical.ts'
import { countersignatureStatement, type Countersignature } from '../signing/countersignature.ts'
import { signedSha256 } from '../document/signed-sha256.ts'
import { signOffStatement, type SignOff } from '../signing/sign-off.ts'
import { standingOf as standingBeside } from '../signing/settlement.ts'
import { substitutionAt } from '../signing/substitution.ts'
import type { SealedBundle } from './bundle.ts'

export const FINDING_WORDS = {
  'other-circulation': '不是这次传阅的签字',
  'unknown-revision': '签的版本或文件指纹不在这次传阅里',
  'not-recipient': '签字人不在传阅名单里',
  'not-by-person': '不是本人操作，也没有代签或补录的记录',
  'substitute-ended': '签字时代签已经结束，或从未由他人指定',
  'key-missing': '缺少设备公钥，设备签名无法核对',
  'key-of-other': '设备公钥不是操作人的',
  'key-revoked': '送达时签字设备的密钥已经停用',
  'device-signature': '内容与设备签名不符，可能被改过',
  uncountersigned: '没有送达回执，不能证明何时送达',
  'countersignature-content': '内容与送达回执不符，可能被改过',
  countersignature: '送达回执的签名不对',
} as const
export type Finding = keyof typeof FINDING_WORDS

export interface SignOffVerdict {
  signOffId: string
  personId: string
  /** As the circulation has it; empty for somebody who is not in it. */
  name: string
  fields: SignOff
  /** By the endpoint's clock; null without a countersignature that holds. */
  receivedAt: number | null
  /** Signed by a device key. Some browsers have none; then the receipt alone tells. */
  hasDeviceSignature: boolean
  /** Who signed or entered it for the person, as far as the file says a name; empty for the own hand. */
  actedBy: string
  /** Beside another of the same person and revision: which one counts. null: it stands alone, or they say the same. */
  beside: Beside | null
  /** Empty: it holds. */
  findings: Finding[]
}

/**
 *   counts  an officer settled on it
 *   kept    an officer settled on another
 *   open    they differ, and nobody has settled it
 */
export type Beside = 'counts' | 'kept' | 'open'
export const BESIDE_WORDS = {
  counts: '核定以此为准',
  kept: '并存保留，核定以另一份为准',
  open: '与另一份并存，尚未核定',
} as const

/**
 *   holds     everything about it was checked
 *   unproved  nothing speaks against it, but it has no receipt: signed before there were any, or taken away
 *   fails     something speaks against it
 */
export type Standing = 'holds' | 'unproved' | 'fails'
export const STANDING_WORDS = { holds: '成立', unproved: '无回执', fails: '不成立' } as const

export function standingOf({ findings }: Pick<SignOffVerdict, 'findings'>): Standing {
  if (findings.length === 0) return 'holds'
  return findings.every((finding) => finding === 'uncountersigned') ? 'unproved' : 'fails'
}

/** 共 14 个签字，1 个成立，13 个没有回执、不能证明. Of none nothing holds. */
export function countsInWords(lines: readonly SignOffVerdict[]): string {
  if (lines.length === 0) return '这次传阅没有签字'
  const count = (standing: Standing) => lines.filter((line) => standingOf(line) === standing).length
  const [holds, unproved, fails] = [count('holds'), count('unproved'), count('fails')]
  const others = [
    unproved > 0 ? `${unproved} 个没有回执、不能证明` : '',
    fails > 0 ? `${fails} 个不成立` : '',
  ].filter((part) => part !== '')
  return [`共 ${lines.length} 个签字`, others.length === 0 ? '全部成立' : `${holds} 个成立`, ...others].join(
    '，',
  )
}

/** The one line that is read where no other is: not “all hold” of a file from which a sign-off may have been taken. */
export function sumInWords({ seal, lines }: Pick<BundleVerdict, 'seal' | 'lines'>): string {
  return seal === 'broken' ? `封签不成立，不能证明签字齐全；${countsInWords(lines)}` : countsInWords(lines)
}

export interface BundleVerdict {
  seal: SealState
  /** The first digits of the sealing key's id, to compare by eye or by telephone. */
  sealKey: string
  lines: SignOffVerdict[]
}

/** @param known ids of endpoint keys that whoever checks has from elsewhere; null: has none */
export async function verifyBundle(
  bundle: SealedBundle,
  check: CheckSignature,
  known: ReadonlySet<string> | null,
): Promise<BundleVerdict> {
  const checkBy = checkByEndpoint(bundle.endpointKeys, check)
  const lines: SignOffVerdict[] = []
  for (const signOff of bundle.signOffs) lines.push(await verifySignOff(bundle, signOff, check, checkBy))
  return {
    seal: await sealStateOf(bundle, check, known),
    sealKey: bundle.seal.keyId.slice(0, 8),
    lines,
  }
}

/** @param checkBy of an endpoint key of the bundle */
async function verifySignOff(
  bundle: SealedBundle,
  signOff: Filed<SignOff>,
  check: CheckSignature,
  checkBy: CheckSignature,
): Promise<SignOffVerdict> {
  const { fields } = signOff
  const receipt = bundle.countersignatures.find((c) => c.fields.signOffId === signOff.id)?.fields
  const received =
    receipt === undefined ? ['uncountersigned' as const] : await receiptFindings(signOff, receipt, checkBy)
  const receivedAt = received.length === 0 ? receipt!.receivedAt : null
  return {
    signOffId: signOff.id,
    personId: fields.personId,
    name: nameOf(bundle, fields.personId),
    fields,
    receivedAt,
    hasDeviceSignature: fields.deviceSignature !== null,
    actedBy: fields.signedBy === fields.personId ? '' : nameOf(bundle, fields.signedBy),
    beside: besideOf(bundle, signOff),
    findings: [
      ...ofPlace(bundle, fields, receivedAt ?? signOff.receivedAt),
      ...(await ofDevice(bundle.deviceKeys, fields, receivedAt ?? signOff.receivedAt, check)),
      ...received,
    ],
  }
}

function nameOf({ circulation, changes }: SealedBundle, personId: string): string {
  const frozen = circulation.fields.recipients.find((r) => r.personId === personId)
  const added = changes.find(({ fields }) => fields.change === 'add' && fields.personId === personId)
  const named = changes.find(({ fields }) => fields.substituteId === personId)
  return frozen?.name ?? added?.fields.name ?? named?.fields.substituteName ?? ''
}

/** Does it belong here, and did somebody act who may? */
function ofPlace({ circulation, changes }: SealedBundle, f: SignOff, at: number): Finding[] {
  const { id, fields: c } = circulation
  const findings: Finding[] = []
  if (f.circulationId !== id || f.documentId !== c.documentId || f.unitId !== c.unitId)
    findings.push('other-circulation')
  if (!c.revisions.some((r) => r.revision === f.revision && signedSha256(r) === f.sha256))
    findings.push('unknown-revision')
  const ofPerson = changes.filter(({ fields: x }) => x.circulationId === id && x.personId === f.personId)
  const own = ofPerson.map(({ fields }) => fields)
  const isRecipient =
    c.recipients.some((r) => r.personId === f.personId) || own.some(({ change }) => change === 'add')
  if (!isRecipient) findings.push('not-recipient')
  const isSubstitute = own.some((x) => x.change === 'substitute' && x.substituteId === f.signedBy)
  const isRightHand = { 'in-person': f.signedBy === f.personId, substitute: isSubstitute, paper: true }
  if (!isRightHand[f.mode]) findings.push('not-by-person')
  if (f.mode === 'substitute' && isSubstitute) {
    // Nobody names themself: such a change names nobody.
    const named = ofPerson.filter(({ author, fields }) => author !== fields.substituteId)
    if (substitutionAt(f, named, at) === 'ended') findings.push('substitute-ended')
  }
  return findings
}

function besideOf(
  { signOffs, settlements = [] }: SealedBundle,
  { id, fields: f }: Filed<SignOff>,
): Beside | null {
  const ofSame = signOffs.filter(
    ({ fields: s }) =>
      s.circulationId === f.circulationId && s.personId === f.personId && s.revision === f.revision,
  )
  const own = settlements.filter(({ author, fields }) => author === fields.settledBy)
  const { counts, isOpen, settledBy } = standingBeside(ofSame, own)
  if (settledBy === undefined) return isOpen ? 'open' : null
  return counts?.id === id ? 'counts' : 'kept'
}

/** A key that was revoked afterwards still speaks for what had arrived before. */
async function ofDevice(
  keys: readonly Filed<DeviceKey>[],
  f: SignOff,
  at: number,
  check: CheckSignature,
): Promise<Finding[]> {
  if (f.keyId === null || f.deviceSignature === null) return []
  const key = keys.find(({ id }) => id === f.keyId)?.fields
  if (key === undefined) return ['key-missing']
  const findings: Finding[] = []
  if (key.personId !== f.signedBy) findings.push('key-of-other')
  const isRevoked = keys.some(
    ({ id, fields: { revokedAt, supersedes } }) =>
      revokedAt != null && revokedAt < at && (id === f.keyId || (supersedes ?? []).includes(f.keyId!)),
  )
  if (isRevoked) findings.push('key-revoked')
  if (!(await check(key.publicKey, f.deviceSignature, signOffStatement(f)))) findings.push('device-signature')
  return findings
}

/** Does the endpoint's word hold for this very sign-off? @param checkBy of an endpoint key, by its id */
export async function receiptFindings(
  { id, fields }: Pick<Filed<SignOff>, 'id' | 'fields'>,
  receipt: Countersignature,
  checkBy: CheckSignature,
): Promise<Finding[]> {
  const isOfThis =
    receipt.signOffSha256 === sha256Hex(canonicalJson(fields)) &&
    receipt.signOffId === id &&
    receipt.personId === fields.personId &&
    receipt.circulationId === fields.circulationId
  if (!isOfThis) return ['countersignature-content']
  const holds = await checkBy(receipt.keyId, receipt.signature, countersignatureStatement(receipt))
  return holds ? [] : ['countersignature']
}
