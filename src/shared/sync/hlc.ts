/**
 * Hybrid logical clock: orders edits of drafts across phones even where a phone's clock is wrong.
 * Text form `<ms base36, 9 digits>-<counter base36, 4 digits>-<node>`: comparing the strings compares the clocks.
 */
export type Hlc = string

const MS_DIGITS = 9
const COUNTER_DIGITS = 4
const MAX_COUNTER = 36 ** COUNTER_DIGITS - 1
/** A clock that runs ahead is held back to the endpoint's time plus this, so that a phone set to 2029 cannot win for ever. */
export const CLOCK_LEAD_MS = 2 * 60_000

export function formatHlc(ms: number, counter: number, node: string): Hlc {
  const msText = Math.max(0, Math.floor(ms)).toString(36).padStart(MS_DIGITS, '0')
  return `${msText}-${counter.toString(36).padStart(COUNTER_DIGITS, '0')}-${node}`
}

export function parseHlc(hlc: Hlc): { ms: number; counter: number; node: string } {
  return {
    ms: parseInt(hlc.slice(0, MS_DIGITS), 36),
    counter: parseInt(hlc.slice(MS_DIGITS + 1, MS_DIGITS + 1 + COUNTER_DIGITS), 36),
    node: hlc.slice(MS_DIGITS + COUNTER_DIGITS + 2),
  }
}

/** The next clock after `last`, never behind it, whatever the wall clock says. */
export function nextHlc(last: Hlc | undefined, nowMs: number, node: string): Hlc {
  if (last === undefined) return formatHlc(nowMs, 0, node)
  const before = parseHlc(last)
  if (nowMs > before.ms) return formatHlc(nowMs, 0, node)
  if (before.counter >= MAX_COUNTER) return formatHlc(before.ms + 1, 0, node)
  return formatHlc(before.ms, before.counter + 1, node)
}

/** What the endpoint keeps: the same clock, or one held back to its own time plus two minutes. */
export function clampHlc(hlc: Hlc, nowMs: number): Hlc {
  const { ms, counter, node } = parseHlc(hlc)
  const limit = nowMs + CLOCK_LEAD_MS
  return ms > limit ? formatHlc(limit, counter, node) : hlc
}

/**
 * The same for a draft that has clocks already. A device's mutations come in the order in which they were made; two of a clock
 * years ahead are both held back to one instant, and the later one still has to win.
 */
export function clampHlcAfter(hlc: Hlc, nowMs: number, standing: readonly Hlc[]): Hlc {
  const clamped = clampHlc(hlc, nowMs)
  if (clamped === hlc) return hlc
  const { node } = parseHlc(hlc)
  const own = standing.filter((clock) => clock >= clamped && parseHlc(clock).node === node)
  const last = own.reduce((latest, clock) => (clock > latest ? clock : latest), '')
  return last === '' ? clamped : nextHlc(last, 0, node)
}
