/** What the two days of a dispatch must be; the endpoint holds to the same. Civil dates; empty: none. */
import { civilDate, DAY_MS } from '../../../../../shared/civil-time.ts'

const DAYS_GIVEN = 3

export const usualDeadline = (now: number): string => civilDate(now + DAYS_GIVEN * DAY_MS)

export function datesErrors(
  deadline: string,
  expiresOn: string,
  today: string,
): { deadline?: string; expiresOn?: string } {
  const errors: { deadline?: string; expiresOn?: string } = {}
  if (deadline === '') errors.deadline = '请选截止日'
  else if (deadline < today) errors.deadline = '截止日不能早于今天'
  if (expiresOn !== '' && expiresOn < deadline) errors.expiresOn = '有效期不能早于截止日'
  else if (expiresOn !== '' && expiresOn < today) errors.expiresOn = '有效期不能早于今天'
  return errors
}
