/** Gathers what the slices give to 今日, like routes. They are small and belong to the first screen, so they come with it. */
import type { TodaySource } from '../ui/today.ts'

type Gathered = Record<string, { todayItems: TodaySource }>

const order = (sources: readonly TodaySource[]) => [...sources].sort((a, b) => a.order - b.order)

export const gatherTodaySources = (
  gathered: Gathered = import.meta.glob<{ todayItems: TodaySource }>('../features/*/*.today.ts', {
    eager: true,
  }),
): readonly TodaySource[] => order(Object.values(gathered).map((slice) => slice.todayItems))
