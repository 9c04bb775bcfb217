/** What a valibot schema accepts, as plain JSON: the same for the same wire, whatever order or file it is written in. */
import { canonicalJson, sha256Hex } from '../../src/shared/sync/canonical.ts'
import type { JsonObject, JsonValue } from '../../src/shared/sync/json.ts'

type Part = Readonly<Record<string, unknown>>
const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null

/** Rules whose function is the schema's own. */
const WRITTEN_HERE = new Set(['check', 'raw_check', 'partial_check', 'transform', 'raw_transform'])

/** A rule of a pipe: its kind and its limit. A rule that is a function is known by its message: those have one each. */
function ruleOf(rule: Part): JsonValue {
  const { type, requirement, message } = rule
  if (requirement instanceof RegExp) return { rule: String(type), matches: String(requirement) }
  if (typeof requirement === 'number' || typeof requirement === 'string')
    return { rule: String(type), limit: requirement }
  if (!WRITTEN_HERE.has(String(type))) return { rule: String(type) }
  if (typeof message !== 'string')
    throw new Error(`the rule ${String(type)} needs a message: it is pinned by it`)
  return { rule: String(type), message }
}

const entriesOf = (entries: unknown): JsonObject =>
  Object.fromEntries(Object.entries(entries as Record<string, Part>).map(([key, of]) => [key, shapeOf(of)]))

const listOf = (parts: unknown): JsonValue[] => (parts as Part[]).map(shapeOf)

/** @throws for a kind of schema that it does not know: it must not be pinned as if it said nothing */
export function shapeOf(schema: unknown): JsonValue {
  if (!isPart(schema)) throw new Error('not a schema')
  const { type } = schema
  const rules = Array.isArray(schema.pipe) ? (schema.pipe as Part[]).slice(1).map(ruleOf) : []
  const shape = kindOf(String(type), schema)
  return rules.length === 0 ? { type: String(type), ...shape } : { type: String(type), ...shape, rules }
}

function kindOf(type: string, schema: Part): JsonObject {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'unknown':
      return {}
    case 'literal':
      return { literal: schema.literal as JsonValue }
    case 'picklist':
      return { options: [...(schema.options as string[])].sort() }
    case 'custom':
      return { message: String(schema.message) }
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return { entries: entriesOf(schema.entries) }
    case 'array':
      return { item: shapeOf(schema.item) }
    case 'record':
      return { key: shapeOf(schema.key), value: shapeOf(schema.value) }
    case 'tuple':
      return { items: listOf(schema.items) }
    case 'union':
      return {
        options: listOf(schema.options).sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)),
      }
    case 'optional':
    case 'nullable':
    case 'nullish':
      return {
        wrapped: shapeOf(schema.wrapped),
        standsFor: (schema.default as JsonValue | undefined) ?? null,
      }
    default:
      throw new Error(`a schema of the kind ${type} is not known here: teach shapeOf what it accepts`)
  }
}

export const shapeHash = (shape: JsonValue): string => sha256Hex(canonicalJson(shape))
