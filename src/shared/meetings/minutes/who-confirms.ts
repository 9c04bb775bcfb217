/**
 * Who may write minutes, and who confirms them. Nobody confirms what they wrote: where the chair is the writer, or no chair is
 * named, another officer of the unit does it.
 */
import { isMemberOf, isOfficerOf, type Actor } from '../../org/actor.ts'
import type { JsonObject } from '../../sync/json.ts'

/** As much of a meeting as the rule asks. */
export interface Led {
  unitId: string
  chairId?: string | null | undefined
  recorderId?: string | null | undefined
}

/** An officer, or the recorder whom the meeting names, who need not be one. */
export function mayRecord(actor: Actor, meeting: Led, at = actor.now): boolean {
  if (isOfficerOf(actor, meeting.unitId, at)) return true
  return meeting.recorderId === actor.personId && isMemberOf(actor, meeting.unitId, at)
}

/** The chair who is asked; null: any other officer. */
export function confirmerOf(meeting: Led, writerId: string): string | null {
  const { chairId } = meeting
  return chairId == null || chairId === writerId ? null : chairId
}

export function mayConfirm(actor: Actor, meeting: Led, writerId: string, at = actor.now): boolean {
  if (actor.personId === writerId) return false
  const isOfficer = isOfficerOf(actor, meeting.unitId, at)
  const asked = confirmerOf(meeting, writerId)
  if (asked === null) return isOfficer
  return asked === actor.personId && (isOfficer || isMemberOf(actor, meeting.unitId, at))
}

/** In whose file a proposal lies: read by that person and by the officers. */
export const keeperOf = (meeting: Led, writerId: string): string => meeting.chairId ?? writerId

/** A parent as a meeting, or nothing. */
export const ledOf = (fields: JsonObject | undefined): Led | undefined => fields as unknown as Led | undefined
