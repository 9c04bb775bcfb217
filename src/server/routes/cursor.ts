/** The pull cursor: epoch and a revision for each scope, packed as varints. Opaque to phones; about 5 bytes a scope. */

export interface Cursor {
  epoch: string
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

export function encodeCursor({ epoch, revByScope }: Cursor): string {
  const bytes: number[] = []
  let before = 0
  for (const [scopeId, rev] of [...revByScope].sort(([a], [b]) => a - b)) {
    pushVarint(bytes, scopeId - before)
    pushVarint(bytes, rev)
    before = scopeId
  }
  return `${epochMark(epoch)}.${Buffer.from(bytes).toString('base64url')}`
}

/** undefined for text that isn't a cursor: the phone then begins anew. */
export function decodeCursor(text: string): Cursor | undefined {
  const [epoch, packed, ...rest] = text.split('.')
  if (epoch === undefined || packed === undefined || rest.length > 0) return undefined
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
  if (scale !== 1 || numbers.length % 2 !== 0) return undefined
  const revByScope = new Map<number, number>()
  let scopeId = 0
  for (let at = 0; at < numbers.length; at += 2) {
    scopeId += numbers[at]!
    revByScope.set(scopeId, numbers[at + 1]!)
  }
  return { epoch, revByScope }
}
