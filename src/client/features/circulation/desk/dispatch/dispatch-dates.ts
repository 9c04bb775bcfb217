/** The two days of a dispatch: what they must be, and as a form holds them; the endpoint holds to the same. Civil dates; empty: none. */
import { computed, ref } from 'vue'
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

export function useDispatchDates(now: () => number) {
  const deadline = ref('')
  const expiresOn = ref('')
  const today = computed(() => civilDate(now()))
  const errors = computed(() => datesErrors(deadline.value, expiresOn.value, today.value))
  return {
    deadline,
    expiresOn,
    today,
    errors,
    areRight: computed(() => Object.keys(errors.value).length === 0),
    /** As an act takes them. */
    chosen: computed(() => ({ deadline: deadline.value, expiresOn: expiresOn.value || null })),
  }
}
export type DispatchDates = ReturnType<typeof useDispatchDates>
