/** Chance that is the same on every machine: a demo filled twice from nothing is the same demo. */
export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number
  /** A whole number, from 0, below `count`. */
  below(count: number): number
  pick<T>(items: readonly T[]): T
  happens(share: number): boolean
}

/** Mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    happens: (share) => next() < share,
  }
}
