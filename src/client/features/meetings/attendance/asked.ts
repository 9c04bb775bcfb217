/** What an address asks for: it says what is looked at, so that who comes back finds it again. */
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** One word of the address, '' without it. */
export function useAsked(key: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const asked = route.query[key]
      return typeof asked === 'string' ? asked : ''
    },
    set: (value) =>
      void router.replace({ query: { ...route.query, [key]: value === '' ? undefined : value } }),
  })
}

export function useAskedYear(today: string): WritableComputedRef<number> {
  const asked = useAsked('year')
  return computed({ get: () => askedYear(asked.value, today), set: (year) => (asked.value = String(year)) })
}

/** Records of meetings stay on the phone for so long (`keepOnPhone` of meetings, marks and 补学). */
const KEPT_YEARS = 2

/** @param asked of the address, whatever stands there */
export const askedYear = (asked: string, today: string): number =>
  /^2\d{3}$/.test(asked) ? Number(asked) : Number(today.slice(0, 4))

/** Part of the year is older than what this phone keeps. */
export const isPartlyKept = (year: number, today: string): boolean =>
  `${year}-01-01` < `${Number(today.slice(0, 4)) - KEPT_YEARS}${today.slice(4)}`

export const PARTLY_KEPT = '本机只存近两年的会议和考勤，这一年的可能不全。'
