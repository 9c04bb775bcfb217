/** Why a page of a meeting has nothing for this person, in the words of an EmptyState. */
import type { IconName } from '../../../ui/content/icons.ts'

export interface Refusal {
  what: string
  /** Who may, or what to do instead. */
  who: string
  /** A lock, unless told otherwise. */
  icon?: IconName
}
