/**
 * The pull cursor: epoch, the day it was made and a revision for each scope, packed as varints and sealed with the endpoint's
 * key, so that nobody can ask by a made-up one which scopes there are. Opaque to phones; about 5 bytes a scope.
 */
import { createHmac } from 'node:crypto'

export interface Cursor {
  epoch: string
  /** Days since 1970, UTC: before it, everything up to these revisions was seen. */
  day: number
  revByScope: Map<number, number>
}

/** The first part of the epoch is enough to tell two apart. */
export const epochMark = (epoch: string): string => epoch.slice(0, 8)

function pushVarint(into: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    into.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  into.push(rest)
}

const SEAL_BYTES = 9
const sealOf = (text: string, key: string): string =>
  createHmac('sha256', key).update(text).digest().subarray(0, SEAL_BYTES).toString('base64url')

export function encodeCursor({ epoch, day, revByScope }: Cursor, key: string): string {
  const bytes: number[] = []
  pushVarint(bytes, day)
  let before = 0
  for (const [scopeId, rev] of [...revByScope].sort(([a], [b]) => a - b)) {
    pushVarint(bytes, scopeId - before)
    pushVarint(bytes, rev)
    before = scopeId
  }
  const text = `${epochMark(epoch)}.${Buffer.from(bytes).toString('base64url')}`
  return `${text}.${sealOf(text, key)}`
}

/** undefined for text that isn't a cursor: the phone then begins anew. */
export function decodeCursor(text: string, key: string): Cursor | undefined {
  const [epoch, packed, seal, ...rest] = text.split('.')
  if (epoch === undefined || packed === undefined || rest.length > 0) return undefined
  if (seal !== sealOf(`${epoch}.${packed}`, key)) return undefined
  const numbers: number[] = []
  let value = 0
  let scale = 1
  for (const byte of Buffer.from(packed, 'base64url')) {
    value += (byte & 127) * scale
    if (!Number.isSafeInteger(value)) return undefined
    if (byte < 128) {
      numbers.push(value)
      value = 0
      scale = 1
    } else scale *= 128
  }
  const [day, ...pairs] = numbers
  if (scale !== 1 || day === undefined || pairs.length % 2 !== 0) return undefined
  const revByScope = new Map<number, number>()
  let scopeId = 0
  for (let at = 0; at < pairs.length; at += 2) {
    scopeId += pairs[at]!
    revByScope.set(scopeId, pairs[at + 1]!)
  }
  return { epoch, day, revByScope }
}
