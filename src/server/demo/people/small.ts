/**
 * The people of the small bureau, all invented. Surnames are chosen to try a roster's order: with several readings (单 曾 解 仇 覃
 * 查 盖 乐 朴 区 员 黑), of two characters (欧阳 司马 尉迟 诸葛 皇甫 万俟), and one long name with dots.
 */
import type { PersonRow } from '../../commands/people/person-row.ts'
import { BRANCHES, COMMITTEES, GROUPS, POSTING_UNITS, SECTIONS } from './units.ts'

type Over = Partial<PersonRow>
const row = (staffNo: string, name: string, over: Over): PersonRow => ({
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
  ...over,
})

const officer = (title: string): Over => ({ roles: [{ role: 'branch-officer', title }] })
const scorer: Over = { roles: [{ role: 'section-scorer', title: '科室评分人' }] }
const leader: Over = { roles: [{ role: 'group-leader', title: '党小组组长' }] }
const probationary: Over = { partyStatus: 'probationary' }

/** Half of the first branch in each group; those who are on shift together stand together. */
const first = (at: number, name: string, over: Over = {}): PersonRow =>
  row(String(1000 + at), name, {
    committee: COMMITTEES.windows,
    branch: BRANCHES.first,
    group: at % 2 === 1 ? GROUPS[0] : GROUPS[1],
    section: at <= 14 ? SECTIONS.counters : SECTIONS.estates,
    postingUnit: at > 17 ? POSTING_UNITS[1] : null,
    handOrder: at,
    ...over,
  })
const second = (at: number, name: string, over: Over = {}): PersonRow =>
  row(String(2000 + at), name, {
    committee: COMMITTEES.windows,
    branch: BRANCHES.second,
    section: SECTIONS.companies,
    postingUnit: at > 5 ? POSTING_UNITS[0] : null,
    handOrder: at,
    ...over,
  })
const third = (staffNo: string, name: string, over: Over = {}): PersonRow =>
  row(staffNo, name, {
    committee: COMMITTEES.offices,
    branch: BRANCHES.offices,
    section: SECTIONS.offices,
    ...over,
  })
const staff = (at: number, name: string): PersonRow =>
  row(String(4000 + at), name, {
    partyStatus: 'none',
    section: [SECTIONS.counters, SECTIONS.companies, SECTIONS.estates][at % 3] ?? SECTIONS.counters,
    postingUnit: at % 4 === 0 ? POSTING_UNITS[0] : null,
  })

const FIRST_BRANCH = [
  first(1, '单文娟', officer('支部书记')),
  first(2, '曾立群', officer('副书记')),
  first(3, '解春雷', officer('组织委员')),
  first(4, '司马青', officer('宣传委员')),
  first(5, '林晓禾'),
  first(6, '仇国平', leader),
  first(7, '覃月明', leader),
  first(8, '欧阳明远', scorer),
  first(9, '买买提·阿卜杜热合曼·吐尔逊江'),
  first(10, '王宁'),
  first(11, '朴正勋'),
  first(12, '华清妍'),
  first(13, '任思源'),
  first(14, '查建中', officer('纪检委员')),
  first(15, '盖丽萍', scorer),
  first(16, '尉迟安'),
  first(17, '乐知远'),
  first(18, '宁海棠'),
  first(19, '石磊'),
  first(20, '周以宁', probationary),
  first(21, '冼伟强', probationary),
  first(22, '缪长河', { partyStatus: 'under-probation' }),
]

const SECOND_BRANCH = [
  second(1, '万俟宏', officer('支部书记')),
  second(2, '诸葛晴', officer('组织委员')),
  second(3, '区志恒', officer('宣传委员、纪检委员')),
  second(4, '陆一鸣', scorer),
  second(5, '郝佳'),
  second(6, '邓思涵'),
  second(7, '翟文博'),
  second(8, '黑晓丹'),
  second(9, '方舟'),
  second(10, '江海燕'),
  second(11, '彭越'),
  second(12, '谢知秋'),
  second(13, '员小雨', probationary),
]

const OFFICES_BRANCH = [
  third('3001', '钟毅', officer('支部书记')),
  third('3002', '皇甫静', officer('组织委员')),
  third('3003', '章华', scorer),
  third('3004', '龚自立', officer('宣传委员、纪检委员')),
  third('3005', '苏婉'),
  third('3006', '尹航'),
  third('3007', '丁一'),
  third('3008', '葛明亮'),
  third('9001', '沈若谷', { roles: [{ role: 'office', title: '党建科' }] }),
  third('9002', '韩清如', { roles: [{ role: 'office', title: '党建科' }] }),
]

const OTHER_STAFF = [
  '施嘉树',
  '许诺',
  '郑小满',
  '孔令仪',
  '姜子豪',
  '范晓芸',
  '吕品',
  '夏侯云',
  '潘安琪',
  '阿依努尔·买合木提',
  '唐棠',
  '罗一舟',
  '费晨曦',
  '毕海生',
  '牛文丽',
].map((name, index) => staff(index + 1, name))

export const SMALL_PEOPLE: readonly PersonRow[] = [
  ...FIRST_BRANCH,
  ...SECOND_BRANCH,
  ...OFFICES_BRANCH,
  ...OTHER_STAFF,
]
