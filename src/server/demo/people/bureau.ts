/**
 * The full-size bureau around the small one: 3 committees, 1 general branch, 54 branches (the larger ones in two groups), 640
 * members, 1,300 staff, 277 branch officers. Made by a fixed seed: the same on every machine.
 */
import type { PersonRow } from '../../commands/people/person-row.ts'
import { ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'
import { createChance, type Chance } from '../random.ts'
import { createNames } from './names.ts'
import { SMALL_PEOPLE } from './small.ts'
import { COMMITTEES, GROUPS, POSTING_UNITS, smallUnits, unit, type DemoUnit } from './units.ts'

export const FULL_SIZE = {
  committees: 3,
  generalBranches: 1,
  branches: 54,
  members: 640,
  /** All people, the administrator among them. */
  staff: 1300,
  officers: 277,
} as const

const SEED = 20_260_701
const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']
const THIRD_COMMITTEE = '云河政务服务大厅分厅党委'
const GENERAL_BRANCH = '东区分厅党总支'
const OFFICER_TITLES = ['支部书记', '副书记', '组织委员', '宣传委员', '纪检委员', '青年委员']
const WITH_GROUPS_FROM = 16
const SECTION_KINDS =
  '社会保障 医疗保障 公积金 税务 户政 出入境 通关申报 查验放行 检验检疫 交通运输 工程审批 水电气联办 公共资源 司法公证 人才服务 婚姻登记 涉外服务'.split(
    ' ',
  )

const chineseNumeral = (n: number): string => {
  const tens = Math.floor(n / 10)
  return `${tens === 0 ? '' : tens === 1 ? '十' : `${NUMERALS[tens]}十`}${NUMERALS[n % 10] ?? ''}`
}

interface BranchPlan {
  name: string
  committee: string
  parentId: string
}

export function fullBureau(): { units: DemoUnit[]; people: PersonRow[] } {
  const units = smallUnits()
  const third = unit('committee', THIRD_COMMITTEE, ROOT_UNIT_ID, 2, '分厅党委')
  const general = unit('general-branch', GENERAL_BRANCH, third.id, 0)
  const sections = SECTION_KINDS.flatMap((kind) => [`${kind}一科`, `${kind}二科`])
  units.push(third, general)
  units.push(...sections.map((name, at) => unit('section', name, ROOT_UNIT_ID, 10 + at)))
  const plans = branchPlans(units, third.id, general.id)
  units.push(...plans.map(({ name, parentId }, at) => unit('branch', name, parentId, 3 + at)))
  const people = [...SMALL_PEOPLE, ...morePeople(plans, sections, units)]
  return { units, people }
}

function branchPlans(units: readonly DemoUnit[], thirdId: string, generalId: string): BranchPlan[] {
  const idOf = (name: string) => units.find((u) => u.name === name)?.id ?? ROOT_UNIT_ID
  const series = (
    prefix: string,
    from: number,
    to: number,
    committee: string,
    parentId: string,
  ): BranchPlan[] =>
    Array.from({ length: to - from + 1 }, (_, at) => ({
      name: `${prefix}第${chineseNumeral(from + at)}支部`,
      committee,
      parentId,
    }))
  return [
    ...series('窗口', 3, 30, COMMITTEES.windows, idOf(COMMITTEES.windows)),
    ...series('机关', 2, 9, COMMITTEES.offices, idOf(COMMITTEES.offices)),
    ...series('分厅', 1, 9, THIRD_COMMITTEE, thirdId),
    ...series('东区', 1, 6, THIRD_COMMITTEE, generalId),
  ]
}

function morePeople(
  plans: readonly BranchPlan[],
  sections: readonly string[],
  units: DemoUnit[],
): PersonRow[] {
  const chance = createChance(SEED)
  const nameOf = createNames(chance)
  const inSmall = SMALL_PEOPLE.filter((row) => row.partyStatus !== 'none').length
  const sizes = sizesOf(plans.length, FULL_SIZE.members - inSmall, chance)
  const extraOfficers = extraOfficersOf(sizes)
  const people: PersonRow[] = []
  for (const [at, plan] of plans.entries()) {
    const size = sizes[at] ?? 0
    const officers = 5 + (extraOfficers.has(at) ? 1 : 0)
    const hasGroups = size >= WITH_GROUPS_FROM
    if (hasGroups) {
      const branch = units.find((u) => u.kind === 'branch' && u.name === plan.name)
      for (const [order, name] of GROUPS.entries())
        if (branch !== undefined) units.push(unit('group', name, branch.id, order))
    }
    for (let place = 0; place < size; place++) {
      const title = place < officers ? OFFICER_TITLES[place] : undefined
      const leads = hasGroups && (place === officers || place === officers + 1)
      people.push({
        ...blank(String(10_001 + people.length), nameOf()),
        committee: plan.committee,
        branch: plan.name,
        group: hasGroups ? (GROUPS[place % 2] ?? null) : null,
        section: sections[(at * 2 + (place % 3)) % sections.length] ?? null,
        postingUnit: place % 5 === 4 ? POSTING_UNITS[at % 2]! : null,
        partyStatus: chance.happens(0.05) && place >= officers ? 'probationary' : 'full',
        roles: [
          ...(title === undefined ? [] : [{ role: 'branch-officer' as const, title }]),
          ...(leads ? [{ role: 'group-leader' as const, title: '党小组组长' }] : []),
        ],
        handOrder: place + 1,
      })
    }
  }
  const others = FULL_SIZE.staff - 1 - SMALL_PEOPLE.length - people.length
  for (let at = 0; at < others; at++) {
    const section = sections[at % sections.length] ?? null
    // The first of each section scores it.
    const roles = at < sections.length ? [{ role: 'section-scorer' as const, title: '科室评分人' }] : []
    people.push({ ...blank(String(20_001 + at), nameOf()), section, roles, partyStatus: 'none' })
  }
  return people
}

const blank = (staffNo: string, name: string): PersonRow => ({
  staffNo,
  name,
  committee: null,
  branch: null,
  group: null,
  section: null,
  postingUnit: null,
  partyStatus: 'full',
  roles: [],
  handOrder: null,
})

/** Branches of 7 to about 25 people, summing to `total`. */
function sizesOf(count: number, total: number, chance: Chance): number[] {
  const least = 7
  const sizes = Array.from({ length: count }, () => least)
  let left = total - least * count
  while (left > 0) {
    // Every seventh branch grows faster, so that some are large.
    const at = chance.happens(0.5) ? chance.below(Math.ceil(count / 7)) * 7 : chance.below(count)
    const size = sizes[at]
    if (size === undefined || size >= 26) continue
    sizes[at] = size + 1
    left--
  }
  return sizes
}

/** Five officers each; the largest branches have six, until the bureau has all its officers. */
function extraOfficersOf(sizes: readonly number[]): Set<number> {
  const inSmall = SMALL_PEOPLE.filter(({ roles }) =>
    roles.some(({ role }) => role === 'branch-officer'),
  ).length
  const extra = FULL_SIZE.officers - inSmall - sizes.length * 5
  const bySize = [...sizes.keys()].sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b)
  return new Set(bySize.slice(0, extra))
}
