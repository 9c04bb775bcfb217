/** Finds the units that a roster names, and makes those that are new. */
import type { UnitKind } from '../../../shared/org/unit.ts'
import { idFrom } from '../../../shared/sync/canonical.ts'
import { ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'
import { Refusal } from '../../problem.ts'
import type { PersonRow, Put } from './person-row.ts'
import type { Org } from './org.ts'

/** Where a person belongs; null: nowhere of this kind. */
export interface Homes {
  branch: string | null
  group: string | null
  section: string | null
}

const KIND_WORDS: Partial<Record<UnitKind, string>> = {
  committee: '委员会',
  branch: '支部',
  group: '党小组',
  section: '科室',
  posting: '派驻单位',
}

export class UnitFinder {
  readonly added: string[] = []
  private readonly org: Org
  private readonly put: Put
  private readonly createUnits: boolean

  constructor(org: Org, put: Put, createUnits: boolean) {
    this.org = org
    this.put = put
    this.createUnits = createUnits
  }

  async homesOf(row: PersonRow): Promise<Homes> {
    const committee = await this.find('committee', row.committee, null)
    const branch = await this.find('branch', row.branch, committee)
    const group = await this.find('group', row.group, branch)
    const section = await this.find('section', row.section, null)
    return { branch, group, section }
  }

  /** Names are unique among units of a kind; groups only within their branch. */
  async find(kind: UnitKind, name: string | null, parentId: string | null): Promise<string | null> {
    if (name === null || name === '') return null
    const found = this.org.units.find(
      ({ fields }) =>
        fields.kind === kind && fields.name === name && (kind !== 'group' || fields.parentId === parentId),
    )
    if (found !== undefined) return found.id
    if (!this.createUnits) {
      throw new Refusal('invalid-fields', {
        message: `没有名为“${name}”的${KIND_WORDS[kind] ?? '单位'}。请先建立，或核对名称。`,
      })
    }
    const parent = parentId ?? ROOT_UNIT_ID
    const id = idFrom('unit', kind, name, kind === 'group' ? parent : '')
    const order = this.org.units.filter((u) => u.fields.kind === kind).length
    const fields = { kind, name, parentId: parent, order, endedOn: null }
    await this.put('unit', id, fields)
    this.org.units.push({ id, fields })
    this.added.push(`${KIND_WORDS[kind] ?? ''} ${name}`)
    return id
  }
}
