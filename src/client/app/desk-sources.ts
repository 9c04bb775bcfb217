/** Gathers what the slices give to the first page of the desk. Comes with that page, not with the first screen. */
import type { DeskSource } from '../ui/desk-matters.ts'

const gathered = import.meta.glob<{ deskSources: readonly DeskSource[] }>('../features/*/*.desk.ts', {
  eager: true,
})

export const gatherDeskSources = (): readonly DeskSource[] =>
  Object.values(gathered)
    .flatMap((slice) => slice.deskSources)
    .sort((a, b) => a.order - b.order)
