/** Numbers that look random and come again with the same seed. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number
  /** Whole, from..to. */
  between(from: number, to: number): number
  /** Whole, from 0 up to, not including, `count`. */
  below(count: number): number
  chance(probability: number): boolean
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    below: (count) => Math.floor(next() * count),
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
  }
}

export const newSeed = (): number => Math.floor(Math.random() * 2 ** 31)
