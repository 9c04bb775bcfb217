/** How many live connections there may be: for one person, so that nobody takes all of them, and in all, so that none takes the process. */
export interface LiveSeats {
  /** @returns how to leave; undefined when there is no seat */
  take(personId: string): (() => void) | undefined
  taken(): number
}

export interface LiveLimits {
  perPerson: number
  inAll: number
}

/** A phone, a desk, and what a lost line leaves behind until the next heartbeat. */
export const LIVE_LIMITS: LiveLimits = { perPerson: 10, inAll: 5_000 }

export function createLiveSeats({ perPerson, inAll }: LiveLimits): LiveSeats {
  const byPerson = new Map<string, number>()
  let all = 0
  return {
    take: (personId) => {
      const own = byPerson.get(personId) ?? 0
      if (own >= perPerson || all >= inAll) return undefined
      byPerson.set(personId, own + 1)
      all += 1
      let isLeft = false
      return () => {
        if (isLeft) return
        isLeft = true
        all -= 1
        const left = (byPerson.get(personId) ?? 1) - 1
        if (left === 0) byPerson.delete(personId)
        else byPerson.set(personId, left)
      }
    },
    taken: () => all,
  }
}
