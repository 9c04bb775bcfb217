/** The pages of the desk that a person may use, from the routes' own words. Hides only what would be refused anyway. */
import type { RouteRecordNormalized } from 'vue-router'

export type DeskUse = 'office' | 'administrator' | 'scorer'

export interface DeskPlace {
  to: string
  label: string
  order: number
}

const ROLES_FOR: Record<DeskUse, readonly string[]> = {
  office: ['office'],
  administrator: ['administrator'],
  scorer: ['section-scorer', 'branch-officer', 'group-leader'],
}

export const mayUseDesk = (use: DeskUse, roles: readonly { role: string }[]): boolean =>
  roles.some(({ role }) => ROLES_FOR[use].includes(role))

interface DeskMeta {
  label: string
  order: number
  for: DeskUse | readonly DeskUse[]
}

export function deskPlaces(
  routes: readonly Pick<RouteRecordNormalized, 'path' | 'meta'>[],
  roles: readonly { role: string }[],
): DeskPlace[] {
  return routes
    .flatMap((route) => {
      const desk = route.meta['desk'] as DeskMeta | undefined
      if (desk === undefined) return []
      const uses = [desk.for].flat() as DeskUse[]
      return uses.some((use) => mayUseDesk(use, roles))
        ? [{ to: route.path, label: desk.label, order: desk.order }]
        : []
    })
    .sort((a, b) => a.order - b.order)
}
