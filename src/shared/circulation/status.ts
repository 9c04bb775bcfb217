/**
 * Whether a circulation still asks: a pure function of its fields and the moment, the same on phone and endpoint because
 * both count by the bureau's wall calendar. No job has to run for a circulation to be archived.
 *
 *   open      asks; counted, reminded, overdue after its deadline
 *   archived  已归档: closed by hand (办结), or the day after its last day of validity (有效期至). Asks nobody and is never
 *             overdue; the text may leave the phone; who signed stays readable. A sign-off that is still under way is accepted
 *   recalled  已撤回: the files leave every phone; the record stays. Stands above archived: what was taken back stays so
 */
import { civilDate } from '../civil-time.ts'

export type CirculationStatus = 'open' | 'archived' | 'recalled'

interface Standing {
  state?: 'open' | 'recalled' | 'closed' | undefined
  /** Last day of validity, inclusive; absent or null: none. */
  expiresOn?: string | null | undefined
}

/** @param now the phone's or the endpoint's clock (UTC ms) */
export function circulationStatus(c: Standing, now: number): CirculationStatus {
  if (c.state === 'recalled') return 'recalled'
  return c.state === 'closed' || (c.expiresOn && c.expiresOn < civilDate(now)) ? 'archived' : 'open'
}
