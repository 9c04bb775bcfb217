/**
 * What a slice gives to the first page of the desk: what the office, an officer, a scorer or the administrator should look at,
 * with its figure and the page where it is dealt with. Each slice exports `deskSources` from `<slice>.desk.ts`; `app` gathers
 * them when that page is opened.
 */
import type { DeskUse } from './desk-places.ts'
import type { TodayContext, TodayPhone } from './today.ts'

export interface DeskMatter {
  /** Unique within its source. */
  key: string
  count: number
  unit: string
  /** Goes on after the figure: 3 份 · 文件还有人未签. */
  title: string
  second: string
  to: string
  /** Its day has passed, or nothing goes on without this person: it comes first. */
  isUrgent?: boolean
}

export interface DeskContext<Phone = TodayPhone> extends TodayContext<Phone> {
  /** For a question to the endpoint. */
  signal: AbortSignal
}

export interface DeskSource<Phone = TodayPhone> {
  /** Between sources: the smaller comes first. */
  order: number
  for: DeskUse
  /** Names it where it has nothing, or could not be read. */
  name: string
  /** Asks the endpoint, once for each opening. Without it `load` runs inside a live query and reads the phone alone. */
  isAsked?: true
  /**
   * Nothing to look at = an empty list; null = none of this person's work.
   * @throws RemoteProblem when it asks
   */
  load(context: DeskContext<Phone>): Promise<DeskMatter[] | null>
}
