/**
 * Steps of the bureau's time, in which codes rotate. The bureau's time is the endpoint's, as a phone knows it from its last
 * contact: a phone whose own clock is wrong by days, but runs evenly, shows and checks codes like every other.
 */
export const STEP_MS = 30_000
/** How far a code's step may be from the bureau's time on the phone that reads it. */
export const WINDOW_MS = 10 * 60_000

export const stepAt = (bureauMs: number): number => Math.max(0, Math.floor(bureauMs / STEP_MS))

/** Till the next step (ms), more than 0. */
export const untilNextStep = (bureauMs: number): number =>
  STEP_MS - (((bureauMs % STEP_MS) + STEP_MS) % STEP_MS)

/**
 * How far the step lies outside of the window (ms): positive for one of the past, negative for one of the future, 0 within.
 * A step lasts half a minute; its nearer end counts.
 */
export function outsideWindow(step: number, bureauMs: number): number {
  const age = bureauMs - (step + 1) * STEP_MS
  const lead = step * STEP_MS - bureauMs
  if (age > WINDOW_MS) return age
  if (lead > WINDOW_MS) return -lead
  return 0
}

/** What a phone knows of the bureau's time; each value is absent before the first contact. */
export interface Contact {
  /** Bureau's time minus the phone's (ms). */
  serverOffset?: number | undefined
  /** By the phone's clock. */
  lastContactAt?: number | undefined
  /** The latest that the endpoint told. */
  serverTimeSeen?: number | undefined
}

/** The bureau's time (UTC ms) when the phone's clock says `at`; never earlier than what the endpoint has told already. */
export const bureauAt = ({ serverOffset, serverTimeSeen }: Contact, at: number): number =>
  Math.max(at + (serverOffset ?? 0), serverTimeSeen ?? 0)

/**
 *   never     no contact yet: the phone's own time stands in
 *   set-back  the phone's clock stands before its last contact: somebody has changed it since
 *   jumped    the phone's clock made a jump while the page was open and in sight
 */
export type TimeDoubt = 'never' | 'set-back' | 'jumped' | null

/** Clocks differ by the way of an answer and by being set right by the network; that is no jump. */
const EVEN_MS = 5_000

export interface BureauClock {
  /** UTC ms. */
  now(): number
  readonly doubt: TimeDoubt
  /** A contact came: what it says is believed. */
  heard(contact: Contact): void
  /** The page was out of sight: a phone that slept counts no even time, and its clock is believed again. */
  slept(): void
}

/**
 * Guarantee: as long as the page is in sight, changing the phone's clock moves the bureau's time by no more than
 * {@link EVEN_MS}: the even time since the page was opened counts instead. Nobody is locked out: doubt is told, time goes on.
 *
 * A clock that was set forward while the app was closed cannot be told from time that has passed.
 * @param even runs evenly, from any beginning (ms)
 */
export function createBureauClock(wall: () => number, even: () => number, first: Contact): BureauClock {
  let contact = first
  let base = { wall: 0, even: 0, bureau: 0 }
  let doubt: TimeDoubt = null
  let mayHaveSlept = false

  const begin = (): void => {
    const at = wall()
    const { serverOffset, lastContactAt } = contact
    const isBack = lastContactAt !== undefined && at < lastContactAt - EVEN_MS
    doubt = serverOffset === undefined ? 'never' : isBack ? 'set-back' : null
    base = { wall: at, even: even(), bureau: bureauAt(contact, at) }
  }
  begin()
  return {
    now() {
      const passed = even() - base.even
      const drift = wall() - base.wall - passed
      if (Math.abs(drift) <= EVEN_MS) mayHaveSlept = false
      else if (mayHaveSlept) {
        mayHaveSlept = false
        begin()
        return base.bureau
      } else doubt ??= 'jumped'
      return base.bureau + passed
    },
    get doubt() {
      return doubt
    },
    heard(news) {
      if (news.lastContactAt === contact.lastContactAt && news.serverOffset === contact.serverOffset) return
      contact = news
      begin()
    },
    slept() {
      mayHaveSlept = true
    },
  }
}
