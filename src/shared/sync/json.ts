/** Plain JSON, the only thing that a record holds. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue
}

/** Half a surrogate pair, as a text cut by length leaves it, has no UTF-8 and could be neither hashed nor sent. */
const LONE_SURROGATE = /\p{Surrogate}/gu

/** The same value with every text well formed; what was broken becomes U+FFFD. */
export function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replace(LONE_SURROGATE, '\uFFFD')
  if (Array.isArray(value)) return value.map(wellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wellFormed(item)]))
}
