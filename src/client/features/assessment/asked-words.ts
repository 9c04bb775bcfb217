/** What an indicator set asks, as a screen says it. Pure. */
import type { Indicator, IndicatorSet } from '../../../shared/assessment/indicator-set.ts'

export interface IndicatorGroup {
  name: string
  indicators: { indicator: Indicator; place: number }[]
}

/** In the order of the set; neighbours of one group together. `place` counts from 0 over the whole set. */
export function groupsOf(set: Pick<IndicatorSet, 'indicators'>): IndicatorGroup[] {
  const groups: IndicatorGroup[] = []
  set.indicators.forEach((indicator, place) => {
    const last = groups.at(-1)
    const name = indicator.group ?? ''
    if (last !== undefined && last.name === name) last.indicators.push({ indicator, place })
    else groups.push({ name, indicators: [{ indicator, place }] })
  })
  return groups
}

/** A space at which no line ends. */
const TIED = '\u00a0'

/** What it asks, and its maximum, whose figure stays beside its word. */
export function askedInWords({ description, max }: Indicator): string {
  const asked = (description ?? '').trim().replace(/[。；;]$/, '')
  const full = `满分${TIED}${max}${TIED}分。`
  return asked === '' ? full : `${asked}。${full}`
}

/** So many names, then how many there are. Titles may hold commas and quotes: a semicolon parts them. */
export function namesInWords(titles: readonly string[], most = 3): string {
  const shown = titles.slice(0, most).join('；')
  return titles.length > most ? `${shown}；等 ${titles.length} 项` : shown
}
