/** A roll of 27 marks is one line, not 27: neighbours of one type with one label go together. */
import type { WaitingItem } from '../../../sync/delivery-state.ts'

export interface WaitingGroup {
  key: number
  label: string
  count: number
  /** The oldest of them. */
  at: number
  held: boolean
}

/** Oldest first, as they are sent. */
export function groupWaiting(items: readonly WaitingItem[]): WaitingGroup[] {
  const groups: WaitingGroup[] = []
  const byLabel = new Map<string, WaitingGroup>()
  for (const item of items) {
    const name = `${item.type} ${item.label} ${item.held}`
    const group = byLabel.get(name)
    if (group === undefined) {
      const made = { key: item.seq, label: item.label, count: 1, at: item.at, held: item.held }
      byLabel.set(name, made)
      groups.push(made)
    } else {
      group.count += 1
      group.at = Math.min(group.at, item.at)
    }
  }
  return groups
}
