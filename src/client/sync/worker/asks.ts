/** Rounds that somebody waits for: each ends once, whoever ends it. */
export interface Asks {
  /** @returns its number, and what resolves when it has ended */
  add(): { ask: number; ended: Promise<void> }
  end(ask: number): void
  endAll(): void
  open(): readonly number[]
}

export function createAsks(): Asks {
  const waiting = new Map<number, () => void>()
  let last = 0
  const end = (ask: number): void => {
    waiting.get(ask)?.()
    waiting.delete(ask)
  }
  return {
    add() {
      last += 1
      const ask = last
      return { ask, ended: new Promise((resolve) => waiting.set(ask, resolve)) }
    },
    end,
    endAll: () => [...waiting.keys()].forEach(end),
    open: () => [...waiting.keys()],
  }
}
