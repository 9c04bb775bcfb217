/** The frame of a picture, which is the app's own: what was seen around 今日 stands around the pages that are drawn ahead. */
import type { DeliverySummary } from '../../sync/delivery-state.ts'
import { readKept } from './kept.ts'
import { partsOf } from './picture.ts'
import { pathOfSheet, type LastSeen } from './show.ts'

export interface Frame extends Omit<LastSeen, 'times' | 'person'> {
  element: Element
}

type Told = Pick<DeliverySummary, 'attention'>

/** The places that the tabs lead to; undefined where the page that is open has none. */
function wordsOfTabs(): string | undefined {
  const tabs = [...document.querySelectorAll('#app nav.tabs > a')]
  return tabs.length === 0 ? undefined : tabs.map((tab) => tab.textContent.trim()).join(' ')
}

export const currentFrame = (element: Element, { attention }: Told): Frame => ({
  element,
  sheet: pathOfSheet(),
  width: innerWidth,
  attention,
  tabs: wordsOfTabs() ?? '',
})

/** Would it still stand around 今日? */
export const holds = (frame: Frame, { attention }: Told): boolean =>
  frame.sheet === pathOfSheet() &&
  frame.width === innerWidth &&
  frame.attention === attention &&
  frame.tabs === (wordsOfTabs() ?? frame.tabs)

/** Of what another opening has kept, where this one has not seen 今日 yet. */
export function frameOfKept(personId: string): Frame | undefined {
  const kept = readKept()
  if (kept === undefined || kept.of.person !== personId) return undefined
  const { sheet, width, attention, tabs } = kept.of
  const whole = document.createElement('div')
  whole.innerHTML = kept.html
  const parts = partsOf(whole)
  return parts && { element: parts.frame, sheet, width, attention, tabs }
}
