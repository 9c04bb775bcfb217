/** What the form of a meeting offers: my units, the kinds of meeting for them, the people of the unit. */
import { sortRoster } from '../../../../shared/org/order/roster-order.ts'
import { readActor } from '../../../storage/actor.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readMembers } from '../members/read-members.ts'
import { readMyUnits } from '../model/read-units.ts'

export interface FormChoices {
  units: { value: string; label: string }[]
  kinds: { value: string; label: string; unitKinds: readonly string[] }[]
  unitKindOf: Map<string, string>
  /** Members of the chosen unit; of a group, the whole branch: a group's meeting may be chaired by a branch officer. */
  people: { value: string; label: string }[]
}

export async function readFormChoices(phone: Phone, unitId: string): Promise<FormChoices> {
  const now = phone.now()
  const actor = await readActor(phone.db, phone.person.id, now)
  const units = (await readMyUnits(phone.db, actor)).filter((u) => u.officer && u.kind !== 'section')
  const kinds = await phone.db.records('meeting-kind').toArray()
  const unit = units.find((u) => u.id === unitId)
  const from = unit?.kind === 'group' && unit.parentId !== null ? [unit.id, unit.parentId] : [unitId]
  const members = (await Promise.all(from.map((id) => readMembers(phone.db, id, now)))).flat()
  const once = new Map(members.filter((m) => m.memberKind !== 'none').map((m) => [m.personId, m]))
  return {
    units: units.map((u) => ({ value: u.id, label: u.name })),
    unitKindOf: new Map(units.map((u) => [u.id, u.kind])),
    kinds: kinds
      .sort((a, b) => (a.fields.order ?? 0) - (b.fields.order ?? 0))
      .map((k) => ({ value: k.id, label: k.fields.name, unitKinds: k.fields.unitKinds })),
    people: sortRoster([...once.values()], 'strokes').map((m) => ({ value: m.personId, label: m.name })),
  }
}
