/**
 * The words of a roster: which headings, kinds of membership and duties are understood. A bureau writes the same
 * thing in many ways; all are compared after `plainWord`.
 */

export type RosterField =
  | 'staffNo'
  | 'name'
  | 'committee'
  | 'branch'
  | 'group'
  | 'section'
  | 'postingUnit'
  | 'partyStatus'
  | 'duties'
  | 'handOrder'

/** full 正式党员, probationary 预备党员, under-probation 留党察看, none: not a Party member. */
export type PartyStatus = 'full' | 'probationary' | 'under-probation' | 'none'

export type RosterRole =
  | { role: 'branch-officer'; title: string }
  | { role: 'group-leader' }
  | { role: 'section-scorer' }
  | { role: 'office' }
  | { role: 'administrator' }

/** The usual heading of each field, for messages. */
export const fieldNames: Record<RosterField, string> = {
  staffNo: '工号',
  name: '姓名',
  committee: '委员会',
  branch: '支部',
  group: '党小组',
  section: '科室',
  postingUnit: '派驻单位',
  partyStatus: '党员类别',
  duties: '职务',
  handOrder: '排序',
}

const headingWords: Record<RosterField, readonly string[]> = {
  staffNo: ['工号', '职工号', '职工编号', '编号', '人员编号', '员工号', '员工编号', '工作证号', '工牌号'],
  name: ['姓名', '人员姓名', '党员姓名', '名字'],
  committee: [
    '委员会',
    '总支',
    '党总支',
    '党委',
    '所属党委',
    '上级党组织',
    '党总支党委',
    '委员会总支',
    '总支委员会',
  ],
  branch: ['支部', '所在支部', '党支部', '所在党支部', '所属支部', '所属党支部', '支部名称'],
  group: ['党小组', '小组', '所在党小组', '所属党小组'],
  section: ['科室', '部门', '业务科室', '所在科室', '所在部门', '所属科室'],
  postingUnit: ['派驻单位', '原单位', '派出单位', '派驻部门', '入驻单位'],
  partyStatus: ['党员类别', '政治面貌', '党员类型', '人员类别'],
  duties: ['职务', '党内职务', '担任职务', '角色'],
  handOrder: ['排序', '排序号', '顺序', '名册顺序'],
}

const ignoredWords: Record<string, readonly string[]> = {
  '联系方式不导入，系统不保存手机号': [
    '手机',
    '手机号',
    '手机号码',
    '电话',
    '联系电话',
    '联系方式',
    '移动电话',
  ],
  '住址不导入，系统不保存住址': ['住址', '家庭住址', '家庭地址', '地址', '现住址', '户籍地址'],
  '序号只是行号，不导入': ['序号', '行号', 'no'],
}

export type HeadingMeaning =
  | { type: 'field'; field: RosterField }
  | { type: 'ignored'; reason: string }
  | { type: 'id-number' }
  | { type: 'unknown' }

const fieldByWord = invert(headingWords)
const reasonByWord = invert(ignoredWords)

/** What a heading cell means. Brackets and their content, stars and spaces don't count: “工号*（必填）” is 工号. */
export function meaningOfHeading(text: string): HeadingMeaning {
  const word = plainWord(text)
    .replace(/[([【][^)\]】]*[)\]】]/g, '')
    .replace(/[*:/、.。_-]/g, '')
  if (/身份证|公民身份号码|证件号/.test(word)) return { type: 'id-number' }
  const field = fieldByWord.get(word)
  if (field !== undefined) return { type: 'field', field }
  const reason = reasonByWord.get(word)
  return reason === undefined ? { type: 'unknown' } : { type: 'ignored', reason }
}

const statusByWord = invert<PartyStatus>({
  full: ['正式党员', '中共党员', '党员', '正式', '中共正式党员', '中国共产党党员'],
  probationary: ['预备党员', '中共预备党员', '预备'],
  'under-probation': [
    '留党察看',
    '留党察看党员',
    '正式党员(留党察看)',
    '中共党员(留党察看)',
    '党员(留党察看)',
  ],
  none: [
    '',
    '无',
    '否',
    '非党员',
    '群众',
    '团员',
    '共青团员',
    '民主党派',
    '无党派人士',
    '无党派',
    '入党积极分子',
    '积极分子',
    '发展对象',
    '入党申请人',
    '/',
    '-',
    '—',
  ],
})

/** The kind of membership; null when the word is not known. An empty cell is 'none'. */
export function partyStatusOf(text: string): PartyStatus | null {
  return statusByWord.get(plainWord(text)) ?? null
}

const branchTitles: Record<string, readonly string[]> = {
  支部书记: ['支部书记', '书记', '党支部书记'],
  副书记: ['副书记', '支部副书记', '党支部副书记'],
  支部委员: ['支部委员', '支委', '委员', '支委委员', '党支部委员'],
  ...Object.fromEntries(
    ['组织', '宣传', '纪检', '青年', '统战', '保密', '群工', '生活', '学习'].map((kind) => [
      `${kind}委员`,
      [`${kind}委员`, `支部${kind}委员`],
    ]),
  ),
}
const titleByWord = invert(branchTitles)
const roleByWord = invert<'group-leader' | 'section-scorer' | 'office' | 'administrator' | 'none'>({
  'group-leader': ['党小组组长', '党小组长', '小组长', '小组组长'],
  'section-scorer': ['评分人', '科室评分人', '业务科室评分人', '业务评分人'],
  office: ['党建科', '党办', '党建办', '党建办公室', '机关党委', '党建科人员', '党务干部'],
  administrator: ['系统管理员', '管理员'],
  none: ['无', '党员', '普通党员', '工作人员', '普通工作人员', '群众', '/', '-', '—'],
})

/** The roles in a cell of duties, separated by 、，,;；/ or spaces; words that are no role here come back as `unknown`. */
export function rolesOf(text: string): { roles: RosterRole[]; unknown: string[] } {
  const roles: RosterRole[] = []
  const unknown: string[] = []
  for (const written of text.normalize('NFKC').split(/[、,;/|\s]+/)) {
    const word = plainWord(written)
    const title = titleByWord.get(word)
    const role = roleByWord.get(word)
    if (title !== undefined) roles.push({ role: 'branch-officer', title })
    else if (role !== undefined && role !== 'none') roles.push({ role })
    else if (role === undefined && word !== '') unknown.push(written.trim())
  }
  return { roles, unknown }
}

/** Half-width, lower case, without any space. */
export function plainWord(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]+/gu, '')
    .toLowerCase()
}

function invert<Key extends string>(words: Record<Key, readonly string[]>): Map<string, Key> {
  return new Map(
    (Object.keys(words) as Key[]).flatMap((key) => words[key].map((word) => [word, key] as const)),
  )
}
