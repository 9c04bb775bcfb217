/**
 * A record type is one declarative value that phone and endpoint share. Storage, sync, endpoint and SQL are generic:
 * a new type is one file with `defineRecord` and one line in registry.ts.
 */
import * as v from 'valibot'
import type { Actor } from '../org/actor.ts'
import type { JsonObject } from './json.ts'
import type { RejectionCode } from './protocol/errors.ts'
import type { Scope } from './scopes.ts'

/**
 * fact     immutable, own id; a correction is a new fact that lists what it `supersedes`
 * draft    merged path by path, last writer wins by hybrid clock
 * content  written by desks with the base revision; a stale base is refused
 */
export type ConflictKind = 'fact' | 'draft' | 'content'

export interface ParentRef {
  type: string
  id: string
  /** An optional parent is looked up and handed to `canWrite`, but its absence does not defer the record. */
  optional?: true
}

export interface ParentRecord {
  type: string
  id: string
  fields: JsonObject
}

/** All records of this type that are about the same, or that concern this person, or the one of this id. */
export type RelatedRef = { type: string } & ({ subject: string } | { person: string } | { id: string })

export interface RelatedRecord extends ParentRecord {
  /** By the endpoint's clock. */
  receivedAt: number
}

export interface WriteQuestion<Fields> {
  actor: Actor
  next: Fields
  /** The record as it stands, if it exists. */
  current: Fields | undefined
  /** Those of `parents(next)` that exist. */
  parents: ParentRecord[]
  /** What stands under `related(next, parents)`. */
  related?: readonly RelatedRecord[]
  /** When the writer saw or did it, by the phone (UTC ms). Roles are judged at this moment, within the grace. */
  observedAt: number
}

export interface DeviceSignature {
  /** The device-key record. */
  keyId: string
  /** Whose key it has to be, where it is not the author's own. */
  person?: string
  /** ECDSA P-256 over SHA-256 of the statement, raw r‖s, base64url. */
  signature: string
  /** Canonical JSON. */
  statement: string
}

/** What the endpoint adds to a fact that it accepts: a record of the same scope that says so, signed with its own key. */
export interface Countersign {
  type: string
  id: string
  /** Canonical JSON. */
  statement: string
  fields: (signature: string) => JsonObject
}

/** `true`, or the code of the refusal that the writer will read. */
export type Verdict = true | RejectionCode

export interface RecordDefinition<Type extends string = string, Fields = JsonObject> {
  type: Type
  schemaVersion: number
  schema: v.GenericSchema<unknown, Fields>
  /** From version n to n + 1, keyed by n. */
  upgrade?: Record<number, (fields: JsonObject) => JsonObject>
  /** Key paths inside `fields` that screens look records up by on the phone. */
  indexes: readonly string[]
  scopeOf: (fields: Fields) => Scope
  /** Facts: what it is about, so that heads and contradictions can be found. */
  subject?: (fields: Fields) => string
  /** The person whom it concerns; the endpoint keeps it in a column of its own for access and for office questions. */
  personOf?: (fields: Fields) => string
  /** Facts: which earlier facts this one corrects. */
  supersedes?: (fields: Fields) => readonly string[]
  parents?: (fields: Fields) => readonly ParentRef[]
  /**
   * Records of other ids that `canWrite` has to see; none of them need exist. Asked a second time with what was found, and no
   * third time: what one finds may name another.
   */
  related?: (
    fields: Fields,
    parents: readonly ParentRecord[],
    found: readonly RelatedRecord[],
  ) => readonly RelatedRef[]
  /** SHA-256 of files that must have arrived before the record is accepted, and that its readers may read. */
  blobs?: (fields: Fields) => readonly string[]
  /**
   * Where the writer's phone sends these files, where the writer may put none into the record's scope: one that the writer may
   * read. Accepting the record gives them to its own readers.
   */
  uploadScopeOf?: (fields: Fields) => Scope
  /** Facts that device keys sign inside their fields: the endpoint checks each on arrival. null: not signed. */
  deviceSignature?: (fields: Fields) => DeviceSignature | readonly DeviceSignature[] | null
  /** Facts that the endpoint countersigns on arrival, in the same act that accepts them. */
  countersign?: (id: string, fields: Fields, at: { receivedAt: number; keyId: string }) => Countersign
  /** Content that may be deleted outright; what others rest on is closed or withdrawn instead. Drafts always may. */
  deletable?: true
  /** Written together with its parent and telling nothing beyond it: refused with it, it is told, sent again and given up with it. */
  companion?: true
  canWrite: (question: WriteQuestion<Fields>) => Verdict
  /** What the writer reads of a refusal where the table's sentence (protocol/errors.ts) speaks of something else. */
  refusals?: Partial<Record<RejectionCode, string>>
  conflict: ConflictKind
  /** Months on the phone after the record was received; 'always' for what the app cannot work without. */
  keepOnPhone: number | 'always'
  /** Why and how long the endpoint keeps it, in words for the function inventory. */
  retention: string
  /** One line in Chinese that stays readable in the outbox and in 需处理. */
  label: (fields: Fields) => string
}

// oxlint-disable-next-line typescript/no-explicit-any -- a list of definitions of different fields has no narrower type
export type AnyDefinition = RecordDefinition<string, any>

/** The fields of a definition: `FieldsOf<typeof lesson>`. */
export type FieldsOf<Definition> = Definition extends RecordDefinition<string, infer Fields> ? Fields : never

export function defineRecord<const Type extends string, Schema extends v.GenericSchema<unknown, unknown>>(
  definition: Omit<RecordDefinition<Type, v.InferOutput<Schema>>, 'schema' | 'type'> & {
    type: Type
    schema: Schema
  },
): RecordDefinition<Type, v.InferOutput<Schema>> {
  return definition as unknown as RecordDefinition<Type, v.InferOutput<Schema>>
}

export type FieldsResult<Fields> = { ok: true; fields: Fields } | { ok: false; path: string; message: string }

/**
 * Validates fields against a definition. Unknown fields survive at every depth, so that an older app does not strip what a
 * newer one wrote, and what a newer one signed is checked as it was signed.
 */
export function parseFields<Fields>(
  definition: RecordDefinition<string, Fields>,
  raw: unknown,
): FieldsResult<Fields> {
  const result = v.safeParse(definition.schema, raw)
  if (!result.success) {
    const issue = result.issues[0]
    return { ok: false, path: v.getDotPath(issue) ?? '', message: issue.message }
  }
  return { ok: true, fields: overlay(raw, result.output) as Fields }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was parsed, over what was sent: the parsed value wins wherever the schema knows one. */
function overlay(raw: unknown, parsed: unknown): unknown {
  if (Array.isArray(parsed) && Array.isArray(raw) && raw.length === parsed.length) {
    return parsed.map((item, at) => overlay(raw[at], item))
  }
  if (!isObject(parsed) || !isObject(raw)) return parsed
  const known = Object.entries(parsed).map(([key, item]) => [
    key,
    Object.hasOwn(raw, key) ? overlay(raw[key], item) : item,
  ])
  const unknown = Object.entries(raw).filter(([key]) => !Object.hasOwn(parsed, key))
  return Object.fromEntries([...known, ...unknown])
}

/** Brings fields of an older schema version up to the definition's; newer ones are returned as they are. */
export function upgradeFields(
  definition: AnyDefinition,
  fields: JsonObject,
  fromVersion: number,
): JsonObject {
  let result = fields
  for (let version = fromVersion; version < definition.schemaVersion; version++) {
    result = definition.upgrade?.[version]?.(result) ?? result
  }
  return result
}
