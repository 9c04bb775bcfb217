/**
 * At the start and once a day: what nobody needs any more is removed, and keys that a unit lacks are brought to it. Ledger entries
 * stay: a chain has no gaps.
 */
import { DAY_MS } from '../../../shared/civil-time.ts'
import type { Pruned, RecordStore, WriteTx } from '../../store/record-store.ts'
import { bringAllKeys } from '../people/bring-keys.ts'
import { PRUNED_BEFORE, TOMBSTONE_HORIZON_MS } from './horizon.ts'

/**
 * Tombstones and outcomes of commands older than 180 days, expired sessions, activation codes that were used or expired,
 * sign-in failures that are forgotten anyway. Phones whose cursor is as old load everything anew.
 */
export async function prune(tx: WriteTx, now: number): Promise<Pruned> {
  const before = now - TOMBSTONE_HORIZON_MS
  const pruned = await tx.prune(before, now)
  const noted = Number((await tx.setting(PRUNED_BEFORE)) ?? 0)
  // Stands for ever: a clock that ran ahead for a day has removed what phones of that day have not seen.
  if (pruned.tombstones > 0 && before > noted) await tx.setSetting(PRUNED_BEFORE, String(before))
  return pruned
}

export interface Timers {
  /** @returns how to stop it */
  every(ms: number, act: () => void): () => void
}

const systemTimers: Timers = {
  every: (ms, act) => {
    const timer = setInterval(act, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

export interface Housekeeping {
  /** The first round; a failure is reported, not thrown. */
  first: Promise<void>
  stop(): void
}

/** @param onProblem a round that failed (the store is away, say) is told and tried again the next day */
export function startHousekeeping(
  store: RecordStore,
  now: () => number,
  timers: Timers = systemTimers,
  onProblem: (problem: unknown) => void = () => undefined,
): Housekeeping {
  const round = async () => {
    try {
      await store.write([], (tx) => prune(tx, now()))
      await bringAllKeys(store, now())
    } catch (problem) {
      onProblem(problem)
    }
  }
  return { first: round(), stop: timers.every(DAY_MS, () => void round()) }
}
