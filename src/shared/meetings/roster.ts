/** Who should come to a meeting: from the memberships and roles of its day. 列席 guests are never among them. */
import { spanHolds } from '../org/actor.ts'
import { civilInstant } from '../civil-time.ts'
import type { Membership } from '../org/membership.ts'
import type { Role } from '../org/role.ts'
import type { UnitKind } from '../org/unit.ts'
import type { Meeting } from './meeting.ts'
import type { MeetingKind } from './meeting-kind.ts'

export interface RosterLine {
  personId: string
  name: string
  memberKind: Membership['memberKind']
  votingRight: boolean
  handOrder: number
}

/**
 * Party members of the unit on the meeting's day, each once. 预备党员 and members under 留党察看 have no vote, whatever the
 * membership says; a full member's right can be suspended by hand. A member of two branches counts in the primary one only;
 * in a group nothing is primary, there each member of the group counts.
 * @param unitKind of the meeting's unit
 */
export function rosterOf(
  m: Pick<Meeting, 'unitId' | 'date'>,
  kind: Pick<MeetingKind, 'roster'>,
  memberships: readonly Membership[],
  roles: readonly Role[],
  unitKind?: UnitKind,
): RosterLine[] {
  const noon = civilInstant(m.date, '12:00')
  const committee = new Set(
    roles
      .filter((r) => r.unitId === m.unitId && r.role === 'branch-officer' && spanHolds(r, noon))
      .map((r) => r.personId),
  )
  const lines = new Map<string, RosterLine>()
  for (const x of memberships) {
    if (x.unitId !== m.unitId || !spanHolds(x, noon) || x.memberKind === 'none') continue
    if (unitKind === 'branch' && !x.primary) continue
    if (kind.roster === 'committee' && !committee.has(x.personId)) continue
    lines.set(x.personId, {
      personId: x.personId,
      name: x.name,
      memberKind: x.memberKind,
      votingRight: x.votingRight && x.memberKind === 'full',
      handOrder: x.handOrder ?? 0,
    })
  }
  return [...lines.values()]
}
