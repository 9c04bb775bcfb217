/**
 * Pages one after another without waiting: while one is booked, the next is on its way. And no larger than the disk takes in a
 * moment, because whoever reads or writes meanwhile waits for the booking: a short moment, and a very short one while the
 * person is writing. Each page has a cost of its own, so they are no smaller than that.
 *
 * Only a saving: a page that was asked for ahead is booked under the same conditions as any other (its cursor and the count of
 * settled pushes still stand on the disk), and thrown away otherwise.
 */
import { DEFAULT_PAGE } from '../../shared/sync/protocol/pull.ts'
import type { PullAnswer } from '../../shared/sync/protocol/pull.ts'
import type { Answer } from './line/transport.ts'

const BOOKING_MS = 250
/** A write waits for one booking, and the screen that shows it perhaps for the next: with the write itself under 50 ms. */
const BOOKING_BESIDE_WRITES_MS = 12
/** So long after a write the next one is likely. */
const WRITING_MS = 3_000
const SMALLEST_PAGE = 50
const FIRST_PAGE = 500

export interface PageRequest {
  cursor: string | null
  settled: number
  deviceId: string
}

export interface Paging {
  /** The page, from the one on its way if it was asked for the same. */
  ask(request: PageRequest): Promise<Answer<PullAnswer>>
  /** Begins to ask; its answer waits for {@link Paging.ask}. */
  askAhead(request: PageRequest): void
  /** What is on its way is not wanted any more. */
  forget(): void
  noteBooked(rows: number, tookMs: number): void
  /** The person wrote something. */
  noteWrite(): void
}

export interface PagingParts {
  send(request: PageRequest, limit: number): Promise<Answer<PullAnswer>>
  /** Fixed; by the disk's pace unless told. */
  pageLimit?: number | undefined
  now: () => number
}

/** A tab that was frozen in between asks anew: what came before is no word of now. */
const LONGEST_AHEAD_MS = 30_000

const sameRequest = (a: PageRequest, b: PageRequest): boolean =>
  a.cursor === b.cursor && a.settled === b.settled && a.deviceId === b.deviceId

export function createPaging({ send, pageLimit, now }: PagingParts): Paging {
  /** By the last full booking; unknown before. */
  let rowMs: number | undefined
  let wroteAt = Number.NEGATIVE_INFINITY
  let ahead: { request: PageRequest; answer: Promise<Answer<PullAnswer>>; at: number } | undefined

  function limit(): number {
    if (pageLimit !== undefined) return pageLimit
    const isWriting = Math.abs(now() - wroteAt) <= WRITING_MS
    if (rowMs === undefined) return isWriting ? SMALLEST_PAGE : FIRST_PAGE
    const rows = Math.round((isWriting ? BOOKING_BESIDE_WRITES_MS : BOOKING_MS) / rowMs)
    return Math.min(DEFAULT_PAGE, Math.max(SMALLEST_PAGE, rows))
  }

  return {
    async ask(request) {
      const taken = ahead
      ahead = undefined
      const isFresh = taken !== undefined && Math.abs(now() - taken.at) <= LONGEST_AHEAD_MS
      if (isFresh && sameRequest(taken.request, request)) return await taken.answer
      return await send(request, limit())
    },
    askAhead(request) {
      const answer = send(request, limit())
      // Whether it fails matters only to who asks for it, and perhaps nobody does.
      answer.catch(() => undefined)
      ahead = { request, answer, at: now() }
    },
    forget() {
      ahead = undefined
    },
    noteBooked(rows, tookMs) {
      // A page of a few rows says nothing about the pace.
      if (rows >= SMALLEST_PAGE) rowMs = Math.max(tookMs, 1) / rows
    },
    noteWrite() {
      wroteAt = now()
    },
  }
}
