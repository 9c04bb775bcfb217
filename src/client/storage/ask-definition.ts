/**
 * What a record's definition says about fields that lie on this phone. Total: fields that the definition cannot read (a row
 * that was damaged on the disk, one that a newer version wrote) name no other record and no file, and stop neither page nor queue.
 */
import type { AnyDefinition, ParentRef } from '../../shared/sync/define-record.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import type { Scope } from '../../shared/sync/scopes.ts'
import { definitionOf } from '../../shared/sync/registry.ts'

function ask<T>(question: () => T, otherwise: T): T {
  try {
    return question()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return otherwise
    throw error
  }
}

/** SHA-256 of the files that the fields name. */
export const blobsIn = (type: string, fields: JsonObject): readonly string[] =>
  ask(() => definitionOf(type)?.blobs?.(fields) ?? [], [])

/** Where files that the fields name are sent. @param scope the record's own */
export const uploadScopeIn = (type: string, fields: JsonObject, scope: Scope): Scope =>
  ask(() => definitionOf(type)?.uploadScopeOf?.(fields) ?? scope, scope)

export const parentsIn = (type: string, fields: JsonObject): readonly ParentRef[] =>
  ask(() => definitionOf(type)?.parents?.(fields) ?? [], [])

/** What stands in the queue and in 需处理 always has a name. */
const NAMELESS = '内容读不出的一条记录'

export const labelOf = (definition: AnyDefinition, fields: JsonObject): string =>
  ask(() => definition.label(fields), NAMELESS)
