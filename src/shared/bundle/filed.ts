/**
 * What every sealed file of this app has in common: records as they lie at the endpoint, parsed by their definitions, and the
 * endpoint's seal over all of it as canonical JSON.
 */
import * as v from 'valibot'
import { Id, Millis } from '../fields.ts'
import type { EndpointKey } from '../org/endpoint-key.ts'
import { endpointKeyId } from '../org/endpoint-key.ts'
import { canonicalJson } from '../sync/canonical.ts'
import { parseFields, type RecordDefinition } from '../sync/define-record.ts'

export interface Filed<Fields> {
  id: string
  author: string
  /** By the phone, and by the endpoint (UTC ms). */
  observedAt: number
  receivedAt: number
  fields: Fields
}

/** The endpoint's signature over {@link sealStatement}, raw r‖s, base64url. */
export interface Seal {
  keyId: string
  signature: string
}
export const SealFields = v.strictObject({ keyId: Id, signature: v.pipe(v.string(), v.maxLength(200)) })

/** What is wrong with a value, for who checks the file: what the validator says by itself is English, and about types. */
const troubleInWords = (message: string): string => (/\p{Script=Han}/u.test(message) ? message : '不合格式')

/** @param issue the first of them */
export const unreadInWords = (issue: v.BaseIssue<unknown>): string =>
  `这份文件有一处读不懂，可能被改过（${v.getDotPath(issue) ?? ''} ${troubleInWords(issue.message)}）。`

/** One record of the definition. */
export const filed = <Fields>(definition: RecordDefinition<string, Fields>) =>
  v.pipe(
    v.object({
      id: Id,
      author: v.pipe(v.string(), v.maxLength(64)),
      observedAt: Millis,
      receivedAt: Millis,
      fields: v.unknown(),
    }),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const parsed = parseFields(definition, dataset.value.fields)
      if (parsed.ok) return { ...dataset.value, fields: parsed.fields }
      const what = troubleInWords(parsed.message)
      addIssue({ message: `${definition.type} ${dataset.value.id}，${parsed.path}：${what}` })
      return NEVER
    }),
  )
/** More than any branch has; a file that says more is not one of ours. */
export const allFiled = <Fields>(definition: RecordDefinition<string, Fields>) =>
  v.pipe(v.array(filed(definition)), v.maxLength(20_000))

/** What the seal signs: all of it but the seal. */
export function sealStatement(bundle: object): string {
  const { seal: _, ...rest } = bundle as { seal?: unknown }
  return canonicalJson(rest)
}

/** @returns whether it is the signature of the statement by the key: ECDSA P-256, raw point, raw r‖s, base64url */
export type CheckSignature = (publicKey: string, signature: string, statement: string) => Promise<boolean>

/**
 *   holds    unaltered since the export, by a key that is known here
 *   unknown  unaltered since the export, by a key that nobody here can vouch for
 *   broken   altered, or never sealed by this key
 */
export type SealState = 'holds' | 'unknown' | 'broken'

/** By an endpoint key of the file, by its id: an id that its key does not hash to names another key. */
export function checkByEndpoint(
  keys: readonly Filed<EndpointKey>[],
  check: CheckSignature,
): (keyId: string, signature: string, statement: string) => Promise<boolean> {
  const known = new Map(
    keys
      .filter(({ id, fields }) => id === endpointKeyId(fields.publicKey))
      .map(({ id, fields }) => [id, fields.publicKey]),
  )
  return async (keyId, signature, statement) => {
    const publicKey = known.get(keyId)
    return publicKey !== undefined && (await check(publicKey, signature, statement))
  }
}

/** @param known ids of endpoint keys that whoever checks has from elsewhere; null: has none */
export async function sealStateOf(
  bundle: { seal: Seal; endpointKeys: readonly Filed<EndpointKey>[] },
  check: CheckSignature,
  known: ReadonlySet<string> | null,
): Promise<SealState> {
  const { seal } = bundle
  const isSealed = await checkByEndpoint(bundle.endpointKeys, check)(
    seal.keyId,
    seal.signature,
    sealStatement(bundle),
  )
  if (!isSealed) return 'broken'
  return known?.has(seal.keyId) === true ? 'holds' : 'unknown'
}
