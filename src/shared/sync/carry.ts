/**
 * Carrying: what one phone hands to another so that this one can deliver it. Each mutation is signed by its author's device
 * over the hash of its payload; position in the queue and carrier are not part of it, so it is the same mutation whoever
 * brings it.
 */
import * as v from 'valibot'
import { Id, Millis, RequiredText, ShortText } from '../fields.ts'
import { canonicalJson, sha256Hex } from './canonical.ts'
import type { JsonObject } from './json.ts'
import { Fields, Hlc, ScopeName, TypeName } from './protocol/primitives.ts'
import { Signed } from './protocol/push.ts'

export const CARRY_FORMAT = 'window-hall-carry'
/**
 *   1  facts of one meeting's roll; the meeting itself beside them, or an edit of it, which an older app passes over
 *   2  the same with a meeting that only the phone which made it has: an older app can't take the roll of it
 */
export const CARRY_VERSION = 2
/** A meeting of 300 with each person corrected several times. */
const MAX_CARRIED = 2000

/** Facts, and content as it was first written: they rest on no revision. Nobody edits anything on the way. */
export const CarriedRecord = v.object({
  type: TypeName,
  id: Id,
  scope: ScopeName,
  op: v.literal('put'),
  schemaVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  fields: Fields,
  baseRev: v.literal(0),
  hlc: Hlc,
  observedAt: Millis,
  signed: Signed,
})
export type CarriedRecord = v.InferOutput<typeof CarriedRecord>

/** All of content as it reads after an edit, and the endpoint's revision on which that was made. */
export const CarriedEdit = v.object({
  ...CarriedRecord.entries,
  baseRev: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
})
export type CarriedEdit = v.InferOutput<typeof CarriedEdit>

export type Carried = CarriedRecord | CarriedEdit

export const isEdit = (record: Carried): record is CarriedEdit => record.baseRev > 0

export const CarryBundle = v.object({
  format: v.literal(CARRY_FORMAT),
  version: v.picklist([1, CARRY_VERSION]),
  meetingId: Id,
  /** To say what it is about before anything is looked up. */
  title: ShortText,
  from: v.object({ personId: Id, name: RequiredText }),
  madeAt: Millis,
  /** For a phone that has never heard of it. */
  meeting: v.optional(CarriedRecord),
  /** What was changed of it, and the endpoint has not heard. */
  edit: v.optional(CarriedEdit),
  /** Fields of the meeting that were changed since what is here, and stay behind: to be said, and no more. */
  behind: v.optional(v.pipe(v.array(ShortText), v.maxLength(30))),
  facts: v.pipe(v.array(CarriedRecord), v.maxLength(MAX_CARRIED)),
})
export type CarryBundle = v.InferOutput<typeof CarryBundle>

const Envelope = v.looseObject({ format: v.literal(CARRY_FORMAT), version: v.number(), sum: v.string() })

/** One line of JSON with a checksum over all of it: a file that was cut or retyped is told apart from one that is foreign. */
export function bundleText(bundle: CarryBundle): string {
  return JSON.stringify({ ...bundle, sum: sha256Hex(canonicalJson(bundle)) })
}

export type BundleProblem = 'foreign' | 'newer' | 'damaged'

/** @returns the bundle, or why it is none */
export function readBundleText(text: string): CarryBundle | BundleProblem {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return text.trimStart().startsWith('{"format":"' + CARRY_FORMAT) ? 'damaged' : 'foreign'
  }
  const envelope = v.safeParse(Envelope, json)
  if (!envelope.success) return 'foreign'
  const { sum, ...whole } = envelope.output
  if (whole.version > CARRY_VERSION) return 'newer'
  const bundle = v.safeParse(CarryBundle, whole)
  return bundle.success && sha256Hex(canonicalJson(whole as JsonObject)) === sum ? bundle.output : 'damaged'
}
