/** The filters of the bureau's overview, kept in the address: a link leads to the same list, and back to where one was. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { OverviewQuery } from './answers.ts'

const KEYS = ['view', 'q', 'unit', 'urgency', 'year', 'page'] as const

export function useOverviewFilters() {
  const route = useRoute()
  const router = useRouter()
  const query = computed((): OverviewQuery => {
    const found: OverviewQuery = {}
    for (const key of KEYS) {
      const value = route.query[key]
      if (typeof value === 'string' && value !== '') found[key] = value
    }
    return found
  })
  /** Another filter begins at the first page. */
  const set = (change: OverviewQuery): void => {
    const next = { ...query.value, page: '', ...change }
    void router.replace({ query: Object.fromEntries(Object.entries(next).filter(([, value]) => value)) })
  }
  const field = (key: (typeof KEYS)[number]) =>
    computed({ get: () => query.value[key] ?? '', set: (value) => set({ [key]: value }) })
  return { query, set, field }
}

export const VIEW_WORDS: readonly (readonly [string, string])[] = [
  ['behind', '未签完'],
  ['overdue', '过截止日'],
  ['complete', '已签完'],
  ['archived', '已归档'],
  ['recalled', '已撤回'],
  ['all', '全部'],
]
