/** People as the desk lists and searches them. */
import * as v from 'valibot'
import { MEMBER_KIND_WORDS } from '../../../../shared/org/membership.ts'

const UnitOf = v.object({
  id: v.string(),
  name: v.string(),
  kind: v.string(),
  primary: v.boolean(),
  memberKind: v.string(),
})
export const DeskPerson = v.object({
  personId: v.string(),
  staffNo: v.string(),
  name: v.string(),
  activated: v.boolean(),
  closed: v.optional(v.boolean(), false),
  units: v.array(UnitOf),
  roles: v.array(v.object({ role: v.string(), unitId: v.string(), title: v.string() })),
})
export type DeskPerson = v.InferOutput<typeof DeskPerson>
export const PeopleAnswer = v.object({ people: v.array(DeskPerson) })

export const IssuedCode = v.object({
  staffNo: v.string(),
  name: v.string(),
  unitName: v.string(),
  code: v.string(),
  expiresAt: v.number(),
})
export type IssuedCode = v.InferOutput<typeof IssuedCode>
export const CodesAnswer = v.object({ codes: v.array(IssuedCode) })

export const DeskDevice = v.object({
  id: v.string(),
  name: v.string(),
  createdAt: v.number(),
  revokedAt: v.nullable(v.number()),
  /** Absent from an older endpoint. */
  key: v.optional(
    v.nullable(
      v.object({ publicKey: v.string(), enrolledAt: v.number(), revokedAt: v.nullable(v.number()) }),
    ),
    null,
  ),
})
export type DeskDevice = v.InferOutput<typeof DeskDevice>
export const DevicesAnswer = v.object({ devices: v.array(DeskDevice) })

export type PeopleFilter = 'all' | 'not-activated'

export function searchPeople(
  people: readonly DeskPerson[],
  words: string,
  filter: PeopleFilter,
): DeskPerson[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return people.filter((person) => {
    if (person.closed || (filter === 'not-activated' && person.activated)) return false
    const text = [person.name, person.staffNo, ...person.units.map((u) => u.name)].join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

/** The primary unit first. */
export const unitsInWords = (person: DeskPerson): string =>
  [...person.units]
    .sort((a, b) => Number(b.primary) - Number(a.primary))
    .map((unit) => unit.name)
    .join('、')

export const rolesInWords = (person: DeskPerson): string =>
  [...new Set(person.roles.map((role) => role.title))].join('、')

export function memberKindInWords(person: DeskPerson): string {
  const kind = (person.units.find((u) => u.primary) ?? person.units[0])?.memberKind ?? 'none'
  return MEMBER_KIND_WORDS[kind as keyof typeof MEMBER_KIND_WORDS] ?? ''
}

/** ABCD-EFGH-…: groups of four are read aloud and typed with fewer slips. Codes that have dashes stay as they are. */
export const codeInGroups = (code: string): string =>
  code.includes('-') ? code : (code.match(/.{1,4}/g) ?? [code]).join('-')
