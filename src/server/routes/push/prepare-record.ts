/**
 * A mutation made into the row that it asks for, as far as this needs nothing of the store: upgraded, parsed, its columns
 * derived, its ledger entry sealed. For facts and content it is done before anything is locked; a draft is merged first.
 */
import { randomBytes } from 'node:crypto'
import { DAY_MS } from '../../../shared/civil-time.ts'
import {
  parseFields,
  upgradeFields,
  type AnyDefinition,
  type ParentRef,
} from '../../../shared/sync/define-record.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import { isLedgered, sealRecord, type RecordSeal } from '../../../shared/sync/ledger.ts'
import type { RejectionCode } from '../../../shared/sync/protocol/errors.ts'
import type { Mutation } from '../../../shared/sync/protocol/push.ts'
import { parseScope } from '../../../shared/sync/parse-scope.ts'
import { definitionOf } from '../../../shared/sync/registry.ts'
import { canonicalJson, sha256Hex } from '../../../shared/sync/canonical.ts'
import { ENDPOINT_AUTHOR } from '../../auth/countersign-key.ts'
import type { StoredRecord } from '../../store/record-store.ts'

export interface PreparedRecord {
  ok: true
  fields: JsonObject
  /** The row but for what the lock gives it: number and time. */
  row: Omit<StoredRecord, 'scopeId' | 'rev' | 'receivedAt'>
  parents: readonly ParentRef[]
  blobs: readonly string[]
  seal: RecordSeal | undefined
}

export interface Unusable {
  ok: false
  code: RejectionCode
  detail?: string
}

export type Prepared = PreparedRecord | Unusable

/** Fields after a mutation, before they are checked. */
export interface NextFields {
  fields: JsonObject
  schemaVersion: number
  clocks: string | null
  history: string | null
}

/** A mutation that breaks the program is refused like any other bad one; it must not stand at the head of a queue for ever. */
export const isBadInput = (problem: unknown): boolean =>
  problem instanceof TypeError || problem instanceof RangeError

export function prepareWhole(definition: AnyDefinition, m: Mutation, author: string): Prepared {
  try {
    return prepareRecord(definition, m, author, {
      fields: upgradeFields(definition, m.fields, m.schemaVersion),
      schemaVersion: Math.max(m.schemaVersion, definition.schemaVersion),
      clocks: null,
      history: null,
    })
  } catch (problem) {
    if (isBadInput(problem)) return { ok: false, code: 'invalid-fields' }
    throw problem
  }
}

/** What a row is made of besides its fields. */
type RowSource = Pick<Mutation, 'type' | 'id' | 'scope' | 'observedAt' | 'hash'>

export function prepareRecord(
  definition: AnyDefinition,
  m: RowSource,
  author: string,
  next: NextFields,
): Prepared {
  const parsed = parseFields(definition, next.fields)
  if (!parsed.ok) return { ok: false, code: 'invalid-fields', detail: `${parsed.path}: ${parsed.message}` }
  const fields = parsed.fields as JsonObject
  if (definition.scopeOf(fields) !== m.scope) return { ok: false, code: 'scope-mismatch' }
  const row = {
    type: m.type,
    id: m.id,
    schemaVersion: next.schemaVersion,
    deleted: false,
    fields: JSON.stringify(fields),
    author,
    observedAt: keptTime(m.scope, m.observedAt),
    hash: definition.conflict === 'fact' ? m.hash : null,
    clocks: next.clocks,
    history: next.history,
    person: definition.personOf?.(fields) ?? null,
    subject: definition.subject?.(fields) ?? null,
  }
  return {
    ok: true,
    fields,
    row,
    parents: definition.parents?.(fields) ?? [],
    blobs: definition.blobs?.(fields) ?? [],
    seal: isLedgered(m.type, m.scope) ? sealRecord({ ...row, scope: m.scope }, newSalt()) : undefined,
  }
}

/** A fact that the endpoint itself adds. @throws when it is none: a mistake of the program */
export function prepareOwn(type: string, id: string, fields: JsonObject, now: number): PreparedRecord {
  const definition = definitionOf(type)!
  const source = {
    type,
    id,
    scope: definition.scopeOf(fields),
    observedAt: now,
    hash: sha256Hex(canonicalJson(fields)),
  }
  const next = { fields, schemaVersion: definition.schemaVersion, clocks: null, history: null }
  const prepared = prepareRecord(definition, source, ENDPOINT_AUTHOR, next)
  if (!prepared.ok) throw new Error(`${type}: ${prepared.code} ${prepared.detail ?? ''}`)
  return prepared
}

const newSalt = () => randomBytes(16).toString('base64url')

/** Private records keep their times to the day only: when somebody reads or writes is nobody's business. */
export function keptTime(scope: string, ms: number): number {
  return parseScope(scope)?.kind === 'private' ? Math.floor(ms / DAY_MS) * DAY_MS : ms
}
