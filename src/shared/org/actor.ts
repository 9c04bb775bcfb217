/**
 * Who acts, and what they may do at a moment. Built from memberships, roles and units by the endpoint in the request's own
 * snapshot, and on the phone only to hide what would be refused.
 *
 * What was done while a role was valid stays valid: a role that ended counts for what was observed before its end and
 * arrives within the grace; a role revoked for cause counts for nothing that arrives afterwards.
 */
import { civilDate, civilInstant, DAY_MS } from '../civil-time.ts'
import { ROOT_UNIT_ID } from '../sync/scopes.ts'

export const GRACE_MS = 7 * DAY_MS

export type RoleName = 'branch-officer' | 'group-leader' | 'section-scorer' | 'office' | 'administrator'
export type MemberKind = 'full' | 'probationary' | 'under-probation' | 'none'

export interface Span {
  /** Civil date, inclusive. */
  from: string
  /** Civil date, exclusive; null while it lasts. */
  to: string | null
}
export interface ActorMembership extends Span {
  unitId: string
  primary: boolean
  memberKind: MemberKind
}
export interface ActorRole extends Span {
  unitId: string
  role: RoleName
  revokedForCause?: boolean | undefined
}
export interface ActorUnit {
  id: string
  kind: string
  parentId: string | null
}

export interface Actor {
  personId: string
  /** The endpoint's clock, or the phone's (UTC ms). */
  now: number
  memberships: readonly ActorMembership[]
  roles: readonly ActorRole[]
  unitsById: ReadonlyMap<string, ActorUnit>
}

export function spanHolds(span: Span, at: number): boolean {
  const date = civilDate(at)
  return span.from <= date && (span.to === null || date < span.to)
}

/** Holds now; or held at the moment `at`, has ended since, and the grace is not over. */
function holdsWithinGrace(
  span: Span & { revokedForCause?: boolean | undefined },
  at: number,
  now: number,
): boolean {
  // What holds now counts for everything that arrives now: an officer enters yesterday's paper roll, and a phone whose clock
  // is years behind is still heard.
  if (spanHolds(span, now)) return true
  if (!spanHolds(span, at) || span.to === null) return false
  if (span.revokedForCause === true) return false
  return now <= civilInstant(span.to) + GRACE_MS
}

export function hasRole(actor: Actor, role: RoleName, unitId: string, at = actor.now): boolean {
  return actor.roles.some((r) => r.role === role && r.unitId === unitId && holdsWithinGrace(r, at, actor.now))
}

export function isOffice(actor: Actor, at = actor.now): boolean {
  return hasRole(actor, 'office', ROOT_UNIT_ID, at)
}

export function isAdministrator(actor: Actor, at = actor.now): boolean {
  return hasRole(actor, 'administrator', ROOT_UNIT_ID, at)
}

/** Officer of the unit itself, or of the branch that the group belongs to. Other ancestors grant nothing. */
export function isOfficerOf(actor: Actor, unitId: string, at = actor.now): boolean {
  if (hasRole(actor, 'branch-officer', unitId, at) || hasRole(actor, 'group-leader', unitId, at)) return true
  const unit = actor.unitsById.get(unitId)
  return (
    unit?.kind === 'group' && unit.parentId !== null && hasRole(actor, 'branch-officer', unit.parentId, at)
  )
}

/** Scores the people of the unit: a section's scorer, or a branch's officer. */
export function isScorerOf(actor: Actor, unitId: string, at = actor.now): boolean {
  return hasRole(actor, 'section-scorer', unitId, at) || isOfficerOf(actor, unitId, at)
}

/** Works at the unit's desk: its officers and scorers; at the root, the Party office. */
export function isAtDesk(actor: Actor, unitId: string, at = actor.now): boolean {
  if (unitId === ROOT_UNIT_ID) return isOffice(actor, at)
  return isScorerOf(actor, unitId, at)
}

export function isMemberOf(actor: Actor, unitId: string, at = actor.now): boolean {
  return actor.memberships.some((m) => m.unitId === unitId && holdsWithinGrace(m, at, actor.now))
}
