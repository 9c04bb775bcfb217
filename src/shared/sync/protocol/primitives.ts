/** Shapes that several messages share. */
import * as v from 'valibot'
import type { JsonObject } from '../json.ts'
import { parseScope } from '../parse-scope.ts'

export const Id = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, 'not an id'))
export const ScopeName = v.pipe(
  v.string(),
  v.maxLength(160),
  v.check((scope) => parseScope(scope) !== undefined, 'not a scope'),
)
export const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in hex'))
export const Millis = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8_640_000_000_000_000))
export const Counter = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
export const Revision = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
export const TypeName = v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,40}$/, 'not a record type'))
export const Hlc = v.pipe(
  v.string(),
  v.regex(/^[0-9a-z]{9}-[0-9a-z]{4}-[0-9A-Za-z_-]{1,64}$/, 'not a hybrid clock'),
)
export const Fields = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
)
