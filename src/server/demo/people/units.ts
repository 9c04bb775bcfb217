/** The made-up organisation. Ids follow from kind and name, as the roster import makes them. */
import type { UnitKind } from '../../../shared/org/unit.ts'
import { idFrom } from '../../../shared/sync/canonical.ts'
import { ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'

export const BUREAU_NAME = '云河政务服务大厅（示例）'

export interface DemoUnit {
  id: string
  kind: UnitKind
  name: string
  shortName: string
  parentId: string
  order: number
}

export const unitId = (kind: UnitKind, name: string, parentId = ''): string =>
  idFrom('unit', kind, name, kind === 'group' ? parentId : '')

export function unit(
  kind: UnitKind,
  name: string,
  parentId: string,
  order: number,
  shortName = '',
): DemoUnit {
  return { id: unitId(kind, name, parentId), kind, name, shortName, parentId, order }
}

export const COMMITTEES = {
  offices: '云河政务服务大厅机关党委',
  windows: '云河政务服务大厅窗口党委',
} as const
export const BRANCHES = { first: '窗口第一支部', second: '窗口第二支部', offices: '机关第一支部' } as const
export const GROUPS = ['第一党小组', '第二党小组'] as const
export const SECTIONS = {
  counters: '综合受理科',
  companies: '企业开办科',
  estates: '不动产登记科',
  offices: '机关综合科',
} as const
export const POSTING_UNITS = ['云河市场监管局（示例）', '云河不动产登记中心（示例）'] as const

export const FIRST_BRANCH_ID = unitId('branch', BRANCHES.first)
export const SECOND_BRANCH_ID = unitId('branch', BRANCHES.second)
export const OFFICES_BRANCH_ID = unitId('branch', BRANCHES.offices)
export const FIRST_GROUP_ID = unitId('group', GROUPS[0], FIRST_BRANCH_ID)

export function smallUnits(): DemoUnit[] {
  const offices = unit('committee', COMMITTEES.offices, ROOT_UNIT_ID, 0, '机关党委')
  const windows = unit('committee', COMMITTEES.windows, ROOT_UNIT_ID, 1, '窗口党委')
  return [
    offices,
    windows,
    unit('branch', BRANCHES.first, windows.id, 0),
    unit('branch', BRANCHES.second, windows.id, 1),
    unit('branch', BRANCHES.offices, offices.id, 2),
    ...GROUPS.map((name, order) => unit('group', name, FIRST_BRANCH_ID, order)),
    ...Object.values(SECTIONS).map((name, order) => unit('section', name, ROOT_UNIT_ID, order)),
    ...POSTING_UNITS.map((name, order) => unit('posting', name, ROOT_UNIT_ID, order)),
  ]
}
