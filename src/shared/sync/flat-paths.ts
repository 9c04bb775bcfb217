/**
 * Drafts travel as flat paths (`answers/<indicator>/score`), so that two phones which edit different answers both keep theirs.
 * Objects are opened, arrays and everything else are leaves.
 */
import type { JsonObject, JsonValue } from './json.ts'

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

function isOpenable(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}

function checkKey(key: string): void {
  if (key === '' || key.includes('/') || FORBIDDEN.has(key))
    throw new TypeError(`not a path segment: ${JSON.stringify(key)}`)
}

/** `{ a: { b: 1 } }` → `{ 'a/b': 1 }`. @throws TypeError for keys that cannot be a path segment. */
export function flatten(value: JsonObject, prefix = '', into: JsonObject = {}): JsonObject {
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    checkKey(key)
    const path = prefix === '' ? key : `${prefix}/${key}`
    if (isOpenable(item)) flatten(item, path, into)
    else into[path] = item
  }
  return into
}

/** The inverse of {@link flatten}. @throws TypeError for a path that would reach a prototype or go through a leaf. */
export function unflatten(paths: JsonObject): JsonObject {
  const root: JsonObject = {}
  for (const [path, value] of Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const keys = path.split('/')
    keys.forEach(checkKey)
    let at = root
    for (const key of keys.slice(0, -1)) {
      const next = at[key]
      if (next === undefined || next === null) at[key] = {}
      else if (typeof next !== 'object' || Array.isArray(next))
        throw new TypeError(`path goes through a leaf: ${path}`)
      at = at[key] as JsonObject
    }
    at[keys[keys.length - 1]!] = value
  }
  return root
}
