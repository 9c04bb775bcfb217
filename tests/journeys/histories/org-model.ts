/**
 * Who belongs where, as plain lists: the model's own idea of access, written from the rules and not from the endpoint's code.
 * Spans are civil days in China: `from` counts, `to` does not.
 */
import { civilDate, DAY_MS } from '../../../src/shared/civil-time.ts'

export interface ModelSpan {
  id: string
  unitId: string
  from: string
  to: string | null
}
export interface ModelRole extends ModelSpan {
  role: string
  title: string
}
export interface ModelPerson {
  personId: string
  memberships: (ModelSpan & { fields: Record<string, unknown> })[]
  roles: (ModelRole & { fields: Record<string, unknown> })[]
}
export interface OrgModel {
  people: Map<string, ModelPerson>
  /** Groups by the branch that they belong to. */
  groupsOf: Map<string, string[]>
}

const holds = (span: ModelSpan, at: number): boolean => {
  const day = civilDate(at)
  return span.from <= day && (span.to === null || day < span.to)
}

/** Which scopes a person may read, as a test of names. */
export function readableBy(org: OrgModel, personId: string, now: number): (scope: string) => boolean {
  const person = org.people.get(personId)!
  const whole = new Set(['org', `private:${personId}`, `file:root:${personId}`])
  const allFilesOf = new Set<string>()
  for (const span of person.memberships) {
    whole.add(`file:${span.unitId}:${personId}`)
    if (holds(span, now)) whole.add(`unit:${span.unitId}`)
  }
  for (const role of person.roles.filter((r) => holds(r, now))) {
    if (role.role === 'office') {
      whole.add('desk:root').add('unit:root')
      continue
    }
    if (role.role === 'administrator') continue
    const groups = role.role === 'branch-officer' ? (org.groupsOf.get(role.unitId) ?? []) : []
    for (const unitId of [role.unitId, ...groups]) {
      whole.add(`unit:${unitId}`).add(`desk:${unitId}`)
      allFilesOf.add(unitId)
    }
  }
  return (scope) => whole.has(scope) || (scope.startsWith('file:') && allFilesOf.has(scope.split(':')[1]!))
}

export const todayOf = (now: number): string => civilDate(now)
export const yesterdayOf = (now: number): string => civilDate(now - DAY_MS)

/** Officer of the branch at this moment. */
export const isOfficerNow = (org: OrgModel, personId: string, unitId: string, now: number): boolean =>
  org.people
    .get(personId)!
    .roles.some((role) => role.role === 'branch-officer' && role.unitId === unitId && holds(role, now))
