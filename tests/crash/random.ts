/** Chance that can be had again: what is chosen follows from the seed alone. When the machine is as fast as then is another matter. */
export interface Random {
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number
  isLikely(chance: number): boolean
}

/** mulberry32 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { below: (count) => Math.floor(next() * count), isLikely: (chance) => next() < chance }
}
