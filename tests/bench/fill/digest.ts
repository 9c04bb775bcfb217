/** One number for a set of rows, whatever their order: two sides that hold the same rows have the same one. Runs in both places. */
export interface DigestRow {
  id: string
  scope: string
  rev: number
  fields: unknown
}

export interface Digest {
  rows: number
  sum: number
}

const MODULUS = 2 ** 40

/** FNV-1a over the UTF-16 units, twice with other seeds. */
function hashOf(text: string): number {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193) >>> 0
    high = Math.imul(high ^ unit, 0x85ebca6b) >>> 0
  }
  return (low % 2 ** 20) * 2 ** 20 + (high % 2 ** 20)
}

export const emptyDigest = (): Digest => ({ rows: 0, sum: 0 })

/** @param fields JSON text, or the value: its keys stand in the order in which they came */
export function addToDigest(digest: Digest, type: string, row: DigestRow): void {
  const fields = typeof row.fields === 'string' ? row.fields : JSON.stringify(row.fields)
  digest.rows += 1
  digest.sum = (digest.sum + hashOf(`${type}\n${row.id}\n${row.scope}\n${row.rev}\n${fields}`)) % MODULUS
}

export const sameDigest = (a: Digest, b: Digest): boolean => a.rows === b.rows && a.sum === b.sum
