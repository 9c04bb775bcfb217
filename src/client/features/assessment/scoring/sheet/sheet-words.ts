/** What a sheet says when it can't be finished, and where the keyboard goes next. */
import { namesInWords } from '../../asked-words.ts'
import type { Unfinished } from './sheet.ts'

const titles = (items: Unfinished['unscored']): string =>
  namesInWords(
    items.map((i) => i.title),
    6,
  )

/** null when nothing stands in the way. */
export function unfinishedInWords({ unscored, withoutReason }: Unfinished): string | null {
  const parts: string[] = []
  if (unscored.length > 0) parts.push(`还没有打分：${titles(unscored)}。`)
  if (withoutReason.length > 0) parts.push(`扣分须写明理由：${titles(withoutReason)}。`)
  return parts.length === 0 ? null : parts.join('')
}

/** From one score to the next one on the page. */
export function focusNextScore(indicatorId: string): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>('article[id^="item-"] [role="spinbutton"]')]
  const at = inputs.findIndex((input) => input.closest('article')?.id === `item-${indicatorId}`)
  inputs[at + 1]?.focus()
  inputs[at + 1]?.select()
}

export function focusReason(indicatorId: string): void {
  const item = document.getElementById(`item-${indicatorId}`)
  item?.querySelector<HTMLInputElement>('input:not([role="spinbutton"])')?.focus()
}

/** To the score that is missing, or to the reason that is missing, whichever comes first on the page. */
export function focusFirstUnfinished({ unscored, withoutReason }: Unfinished): void {
  const ids = new Set([...unscored, ...withoutReason].map((i) => `item-${i.id}`))
  const first = [...document.querySelectorAll('article[id^="item-"]')].find((item) => ids.has(item.id))
  const isUnscored = unscored.some((i) => `item-${i.id}` === first?.id)
  first?.scrollIntoView({ block: 'center' })
  const field = isUnscored ? '[role="spinbutton"]' : 'input:not([role="spinbutton"])'
  first?.querySelector<HTMLInputElement>(field)?.focus({ preventScroll: true })
}
