/**
 * A sign-off is a fact: who, which revision and hash, when by the phone, in which way, with what hand, signed by the device.
 * It is never changed and never replaced: signing an older revision stays as it is, and the newer one is asked for.
 */
import * as v from 'valibot'
import { Count, Id, Ids, LongText, Millis, RequiredText, Sha256, ShortText } from '../../fields.ts'
import { isMemberOf, isOfficerOf } from '../../org/actor.ts'
import { defineRecord, type ParentRecord } from '../../sync/define-record.ts'
import { canonicalJson, sha256Hex } from '../../sync/canonical.ts'
import { fileScope } from '../../sync/scopes.ts'
import type { Circulation } from '../circulation.ts'
import {
  COUNTERSIGNATURE,
  countersignatureId,
  countersignatureStatement,
  unsignedCountersignature,
} from './countersignature.ts'
import type { RecipientChange } from '../recipient-change.ts'
import { signedSha256 } from '../document/signed-sha256.ts'
import { substitutionAt } from './substitution.ts'

export const SIGN_OFF_MODES = ['in-person', 'paper', 'substitute'] as const
export const SIGN_OFF_MODE_WORDS = { 'in-person': '本人签', paper: '纸质补录', substitute: '代签' } as const

/** The hand, as strokes in a box: each stroke is x, y, x, y … in whole units. Small, sharp on paper, nothing to execute. */
export const Handwriting = v.object({
  kind: v.literal('drawn'),
  width: v.pipe(Count, v.minValue(1), v.maxValue(4000)),
  height: v.pipe(Count, v.minValue(1), v.maxValue(4000)),
  strokes: v.pipe(
    v.array(v.pipe(v.array(v.pipe(v.number(), v.safeInteger())), v.maxLength(4000))),
    v.minLength(1),
    v.maxLength(200),
  ),
})
export const TypedName = v.object({ kind: v.literal('typed'), name: RequiredText })
export const PaperSignature = v.object({ kind: v.literal('paper') })
export const Signature = v.variant('kind', [Handwriting, TypedName, PaperSignature])
export type Signature = v.InferOutput<typeof Signature>

/** What a sign-off takes of them; and letters of each. */
export const MOST_UNSHOWN_PARTS = 500
export const MOST_UNSHOWN_LETTERS = 200

/** A part of a file that the device of who signed could not show. */
const UnshownPart = v.object({
  /** 0 is 正文, 1 the first attachment. */
  file: Count,
  /** From 1; 0 where the file as a whole is meant. */
  page: Count,
  what: ShortText,
})
export type UnshownPart = v.InferOutput<typeof UnshownPart>

const SignOffFields = v.object({
  unitId: Id,
  circulationId: Id,
  documentId: Id,
  documentNo: v.optional(ShortText, ''),
  /** Whose sign-off it is; with a substitute, the person who was to sign. */
  personId: Id,
  /** Who acted on the device: the person, the substitute, or the officer who enters a paper signature. */
  signedBy: Id,
  revision: v.pipe(Count, v.minValue(1)),
  /** `signedSha256` of the revision: of its only file, or of the list of all. */
  sha256: Sha256,
  mode: v.picklist(SIGN_OFF_MODES),
  signature: Signature,
  opinion: v.optional(LongText, ''),
  /** Of a paper entry: the picture of the paper. No default: what older phones signed keeps its hash. */
  scanSha256: v.optional(Sha256),
  /** What the device could not show, and the signer declared to have read elsewhere. No default, as above; never empty. */
  seenElsewhere: v.optional(v.pipe(v.array(UnshownPart), v.minLength(1), v.maxLength(MOST_UNSHOWN_PARTS))),
  /** The recipient-change that added the person after dispatch, or named the substitute; null for a frozen recipient. */
  changeId: v.optional(v.nullable(Id), null),
  /** Device time (UTC ms), part of what is signed. */
  signedAt: Millis,
  /** The device-key record that checks `deviceSignature`; both null where the browser has no WebCrypto. */
  keyId: v.nullable(Id),
  deviceSignature: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  supersedes: v.optional(Ids, []),
})
export type SignOff = v.InferOutput<typeof SignOffFields>

function changeOf(f: SignOff, parents: readonly ParentRecord[]): RecipientChange | undefined {
  const change = parents.find((p) => p.type === 'recipient-change')?.fields as RecipientChange | undefined
  const isOfThis = change?.circulationId === f.circulationId && change.personId === f.personId
  return isOfThis ? change : undefined
}

const isRecipient = (c: Circulation, f: SignOff, parents: readonly ParentRecord[]): boolean =>
  c.recipients.some((r) => r.personId === f.personId) || changeOf(f, parents)?.change === 'add'

export const signOff = defineRecord({
  type: 'sign-off',
  schemaVersion: 1,
  schema: SignOffFields,
  indexes: ['circulationId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.circulationId}:${f.revision}:${f.personId}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [
    { type: 'circulation', id: f.circulationId },
    ...(f.changeId == null ? [] : [{ type: 'recipient-change', id: f.changeId }]),
  ],
  related: (f) =>
    f.mode === 'substitute'
      ? [{ type: 'recipient-change', subject: `${f.circulationId}:${f.personId}` }]
      : [],
  blobs: (f) => (f.scanSha256 === undefined ? [] : [f.scanSha256]),
  deviceSignature: (f) =>
    f.keyId === null || f.deviceSignature === null
      ? null
      : { keyId: f.keyId, signature: f.deviceSignature, statement: signOffStatement(f) },
  countersign: (id, f, at) => {
    const unsigned = unsignedCountersignature(id, f, at)
    return {
      type: COUNTERSIGNATURE,
      id: countersignatureId(id),
      statement: countersignatureStatement(unsigned),
      fields: (signature) => ({ ...unsigned, signature }),
    }
  },
  canWrite: ({ actor, next, parents, related = [], observedAt }) => {
    const c = parents.find((p) => p.type === 'circulation')?.fields as Circulation | undefined
    if (c === undefined || c.unitId !== next.unitId || c.documentId !== next.documentId) return 'forbidden'
    if (actor.personId !== next.signedBy) return 'forbidden'
    // Signed before the recall, it is kept whenever it arrives: the signer did not know, and the record is to be whole.
    // An archive refuses nothing: it has ceased to ask, and who signed under way is not lost.
    if (c.state === 'recalled' && next.signedAt >= (c.stateAt ?? 0)) return 'circulation-recalled'
    if (!c.revisions.some((r) => r.revision === next.revision && signedSha256(r) === next.sha256))
      return 'unknown-revision'
    if (next.scanSha256 !== undefined && next.mode !== 'paper') return 'invalid-fields'
    if (next.mode === 'paper') {
      if (next.seenElsewhere !== undefined) return 'invalid-fields'
      if (!isOfficerOf(actor, next.unitId, observedAt)) return 'forbidden'
      return isRecipient(c, next, parents) || 'not-recipient'
    }
    if (next.mode === 'in-person') {
      if (actor.personId !== next.personId) return 'forbidden'
      return isRecipient(c, next, parents) || 'not-recipient'
    }
    // No one signs for another except as the substitute that an officer has recorded.
    const change = changeOf(next, parents)
    const isSubstitute = change?.change === 'substitute' && change.substituteId === next.signedBy
    if (!isSubstitute || !isMemberOf(actor, next.unitId, observedAt)) return 'forbidden'
    const changes = related.map((r) => ({ ...r, fields: r.fields as unknown as RecipientChange }))
    return substitutionAt(next, changes, actor.now) !== 'ended' || 'frozen'
  },
  refusals: {
    frozen:
      '签字时代签已经结束，这次代签没有收下。仍要代签的，请支部重新指定你，再点“再送一次”；不用再签的，可以放弃。',
  },
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'with its circulation',
  label: (f) => {
    const act = f.mode === 'substitute' ? '代签' : '签字'
    return f.documentNo === '' ? act : `${act} · ${f.documentNo}`
  },
})
type SignedPart = Pick<
  SignOff,
  | 'circulationId'
  | 'documentId'
  | 'revision'
  | 'sha256'
  | 'personId'
  | 'signedBy'
  | 'mode'
  | 'keyId'
  | 'signature'
  | 'signedAt'
> & {
  opinion?: string | undefined
  scanSha256?: string | undefined
  seenElsewhere?: UnshownPart[] | undefined
}

/**
 * What the device key signs, as canonical JSON: everything that the person is held to, and nothing else.
 * Source: README, decisions.
 */
export function signOffStatement(f: SignedPart): string {
  return canonicalJson({
    purpose: 'window-hall/sign-off',
    version: 1,
    circulation: f.circulationId,
    document: f.documentId,
    revision: f.revision,
    sha256: f.sha256,
    person: f.personId,
    signedBy: f.signedBy,
    mode: f.mode,
    key: f.keyId,
    signatureSha256: sha256Hex(canonicalJson(f.signature)),
    opinionSha256: sha256Hex(f.opinion ?? ''),
    ...(f.scanSha256 === undefined ? {} : { scanSha256: f.scanSha256 }),
    ...(f.seenElsewhere === undefined ? {} : { seenElsewhere: f.seenElsewhere }),
    signedAt: f.signedAt,
  })
}
