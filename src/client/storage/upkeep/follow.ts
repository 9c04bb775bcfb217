/**
 * Live queries that miss nothing.
 *
 * Dexie's own know what a query reads by the zone that it runs in. The zone is lost where a query waits for anything else (a
 * signature that is checked, a part of the app that is loaded), and now and then where two run side by side; what is read
 * from there on is never followed, and the screen goes on showing what was. So here what is read between a query's beginning
 * and its end counts as read by it.
 *
 * Guaranteed: after a change of anything that it has read, a query is asked again. What another one read meanwhile counts
 * too, so it may be asked too often, never too rarely. That evens out: only the first answers come side by side.
 */
import {
  Dexie,
  RangeSet,
  rangesOverlap,
  type DBCore,
  type IndexableType,
  type Middleware,
  type ObservabilitySet,
} from 'dexie'

/** Keys by `idb://database/table/`, as Dexie tells those that were written. */
type Read = Record<string, RangeSet>

/** One that does not end keeps the others no longer than this. */
const LONGEST_TURN_MS = 100
/** One that has not ended by then is begun anew when something has changed. */
const LONGEST_ANSWER_MS = 2000
/** An answer that was overtaken by a change is not told, but for one that always is. */
const MOST_OVERTAKEN = 3

const running = new Set<Read>()
let lastTurn: Promise<unknown> = Promise.resolve()

function inTurn(ask: () => Promise<void>): void {
  lastTurn = lastTurn.then(() =>
    Promise.race([ask(), new Promise((enough) => setTimeout(enough, LONGEST_TURN_MS))]),
  )
}

/** `all`: a page that was set aside does not know what it has missed. */
const overlap = (read: Read, changed: ObservabilitySet): boolean =>
  'all' in changed ||
  Object.entries(read).some(([part, ranges]) => {
    const written = changed[part]
    return written !== undefined && rangesOverlap(ranges, written)
  })

/**
 * Tells the newest answer of `query`, and another one after each change of what it has read.
 * @param onFailure it is asked again all the same, after the next change of what it has read
 * @returns how to stop
 */
export function follow<T>(
  query: () => Promise<T>,
  tell: (answer: T) => void,
  onFailure: (problem: unknown) => void = () => undefined,
): () => void {
  let isOver = false
  let read: Read = {}
  /** Waits for its turn or for its answer. */
  let isAsked = true
  let turn = 0
  let overtaken = 0
  let changes: ObservabilitySet[] = []
  let waiting: ReturnType<typeof setTimeout> | undefined

  async function ask(): Promise<void> {
    if (isOver) return
    const mine = ++turn
    const reads: Read = {}
    changes = []
    running.add(reads)
    let told: () => void
    try {
      const answer = await Dexie.ignoreTransaction(query)
      told = () => tell(answer)
    } catch (problem) {
      told = () => onFailure(problem)
      // What it would have read further on is known from the last time.
      Object.assign(reads, { ...read, ...reads })
    } finally {
      running.delete(reads)
    }
    // Another one was begun in its place.
    if (mine !== turn) return
    clearTimeout(waiting)
    waiting = undefined
    read = reads
    const isOvertaken = changes.some((changed) => overlap(read, changed))
    overtaken = isOvertaken ? overtaken + 1 : 0
    isAsked = isOvertaken
    if (isOvertaken) inTurn(ask)
    // By itself: what breaks in it is not the query's.
    if (!isOver && (!isOvertaken || overtaken > MOST_OVERTAKEN)) queueMicrotask(told)
  }

  const note = (changed: ObservabilitySet): void => {
    if (isAsked) {
      changes.push(changed)
      // One that never ends, as where its connection was lost, does not keep the screen at what was.
      waiting ??= setTimeout(() => {
        waiting = undefined
        inTurn(ask)
      }, LONGEST_ANSWER_MS)
    } else if (overlap(read, changed)) {
      isAsked = true
      inTurn(ask)
    }
  }
  Dexie.on('storagemutated', note)
  setTimeout(ask)
  return () => {
    isOver = true
    clearTimeout(waiting)
    Dexie.on.storagemutated.unsubscribe(note)
  }
}

export const readsNoted: Middleware<DBCore> = {
  stack: 'dbcore',
  name: 'reads-noted',
  create: (core) => ({
    table(name) {
      const table = core.table(name)
      const part = `idb://${core.schema.name}/${name}/`
      const note = (keys?: readonly IndexableType[]): void => {
        for (const parts of running) {
          const ranges = (parts[part] ??= new RangeSet())
          if (keys === undefined) ranges.add(new RangeSet(core.MIN_KEY, core.MAX_KEY))
          else ranges.addKeys([...keys])
        }
      }
      return {
        ...table,
        get: (asked) => (note([asked.key]), table.get(asked)),
        getMany: (asked) => (note(asked.keys), table.getMany(asked)),
        query: (asked) => (note(), table.query(asked)),
        openCursor: (asked) => (note(), table.openCursor(asked)),
        count: (asked) => (note(), table.count(asked)),
      }
    },
  }),
}
