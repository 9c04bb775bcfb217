/**
 * What a dispatch writes for one branch: the same rule for the office's command at the endpoint and for an officer's phone.
 *
 * Guarantee: the recipients are the Party members of the branch at the first dispatch and stay so; a later dispatch brings new
 * revisions, another deadline or validity, and asks again what was archived or recalled.
 */
import { spanHolds } from '../org/actor.ts'
import type { Membership } from '../org/membership.ts'
import type { Circulation } from './circulation.ts'
import type { Document } from './document/document.ts'

/** Party members of the unit now, each once, in the order of the roster's hand order and name. */
export function membersNow(memberships: readonly Membership[], unitId: string, now: number): Membership[] {
  const current = memberships.filter(
    (m) =>
      m.unitId === unitId && m.memberKind !== 'none' && spanHolds({ from: m.from, to: m.to ?? null }, now),
  )
  const byPerson = new Map(current.map((m) => [m.personId, m]))
  return [...byPerson.values()].sort(
    (a, b) => (a.handOrder ?? 0) - (b.handOrder ?? 0) || (a.name < b.name ? -1 : 1),
  )
}

export interface Dispatching {
  documentId: string
  document: Document
  unitId: string
  /** The circulation as it stands in this branch, if it was dispatched before. */
  standing: Circulation | undefined
  members: readonly Membership[]
  deadline: string
  /** 有效期至; null: none; undefined: as it stands. */
  expiresOn: string | null | undefined
  by: string
  now: number
}

export function dispatched(d: Dispatching): Circulation {
  const { document, standing } = d
  const lastDay = d.expiresOn === undefined ? standing?.expiresOn : d.expiresOn
  return {
    unitId: d.unitId,
    documentId: d.documentId,
    documentNo: document.documentNo,
    title: document.title,
    issuer: document.issuer,
    receivedOn: document.receivedOn,
    urgency: document.urgency,
    instructions: document.instructions,
    revisions: document.revisions,
    recipients: standing?.recipients ?? d.members.map(({ personId, name }) => ({ personId, name })),
    dispatchedAt: standing?.dispatchedAt ?? d.now,
    dispatchedBy: standing?.dispatchedBy ?? d.by,
    deadline: d.deadline,
    ...(lastDay == null ? {} : { expiresOn: lastDay }),
    state: 'open',
  }
}

/** Ended by hand; who signed stays as it is. */
export const ended = (
  standing: Circulation,
  end: { state: 'recalled' | 'closed'; reason: string; by: string; now: number },
): Circulation => ({
  ...standing,
  state: end.state,
  stateReason: end.reason,
  stateAt: end.now,
  stateBy: end.by,
})
