/** The names of scopes, read. */
import type { ScopeKind } from './scopes.ts'

export interface ParsedScope {
  kind: ScopeKind
  unitId?: string
  personId?: string
}

const SEGMENT = /^[0-9A-Za-z_-]{1,64}$/

/** Parses a scope's name; undefined when it is not one. */
export function parseScope(scope: string): ParsedScope | undefined {
  const [kind, first, second, ...rest] = scope.split(':')
  if (rest.length > 0) return undefined
  if (kind === 'org') return first === undefined ? { kind } : undefined
  if (first === undefined || !SEGMENT.test(first)) return undefined
  if (kind === 'file') {
    return second !== undefined && SEGMENT.test(second)
      ? { kind, unitId: first, personId: second }
      : undefined
  }
  if (second !== undefined) return undefined
  if (kind === 'unit' || kind === 'desk') return { kind, unitId: first }
  if (kind === 'private') return { kind, personId: first }
  return undefined
}
