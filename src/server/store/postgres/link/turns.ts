/**
 * So many at a time, the others wait in order, and not for ever. Writers may not take all connections: one that waits for a lock
 * waits on its connection, and pulls go on meanwhile.
 */
import { StoreAway } from '../../record-store.ts'

export interface Turns {
  /** @throws StoreAway (busy) when the wait was too long */
  take<T>(task: () => Promise<T>): Promise<T>
}

export function createTurns(atOnce: number, maxWaitMs: number): Turns {
  let free = atOnce
  const waiting = new Set<() => void>()

  const enter = () =>
    new Promise<void>((resolve, reject) => {
      if (free > 0) {
        free -= 1
        resolve()
        return
      }
      const begin = () => {
        clearTimeout(timer)
        waiting.delete(begin)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(begin)
        reject(new StoreAway('no connection became free', { reason: 'busy' }))
      }, maxWaitMs)
      waiting.add(begin)
    })
  const leave = () => {
    const [next] = waiting
    if (next === undefined) free += 1
    else next()
  }
  return {
    take: async (task) => {
      await enter()
      try {
        return await task()
      } finally {
        leave()
      }
    },
  }
}

/** Writers leave this many connections to readers. */
const RESERVED = 2
export const writersOf = (connections: number): number =>
  Math.max(1, connections - Math.min(RESERVED, Math.floor(connections / 2)))
