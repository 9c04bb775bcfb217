/** The desks at which the signed-in person registers documents: the Party office's, and those of branches of which they are officers. */
import { computed, type ComputedRef } from 'vue'
import { isOffice, isOfficerOf, type Actor } from '../../../../shared/org/actor.ts'
import { ROOT_UNIT_ID } from '../../../../shared/sync/scopes.ts'
import { usePhoneActor } from '../../../storage/actor.ts'

/** Unit ids, the office first. */
export function desksOf(actor: Actor): string[] {
  const branches = [...new Set(actor.roles.map((role) => role.unitId))].filter(
    (unitId) => actor.unitsById.get(unitId)?.kind === 'branch' && isOfficerOf(actor, unitId),
  )
  return [...(isOffice(actor) ? [ROOT_UNIT_ID] : []), ...branches]
}

export function useOwnDesks(): ComputedRef<string[]> {
  const actor = usePhoneActor()
  return computed(() => desksOf(actor.value))
}
