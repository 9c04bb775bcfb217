/** Who can sign in to the demo. One password for everybody: it is printed, and its hash is made once. */
import { ROLE_WORDS } from '../../shared/org/role.ts'

export const DEMO_PASSWORD = 'chuangkou-2026'

export interface DemoAccount {
  role: string
  staffNo: string
  name: string
  password: string
  /** What one can try with it. */
  what: string
}

/** Staff numbers that other parts of the demo, and its readers, rely on. */
export const STAFF = {
  administrator: '0001',
  secretary: '1001',
  deputy: '1002',
  member: '1005',
  groupLeader: '1007',
  scorer: '1008',
  office: '9001',
  secondOffice: '9002',
} as const

export const ADMINISTRATOR_NAME = '系统管理员（示例）'

const account = (role: string, staffNo: string, name: string, what: string): DemoAccount => ({
  role,
  staffNo,
  name,
  password: DEMO_PASSWORD,
  what,
})

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  account('党员', STAFF.member, '林晓禾', '读课、读口袋书、签文件、写自评'),
  account('支部书记', STAFF.secretary, '单文娟', '点名、看传阅进度、党建评分'),
  account('党小组组长', STAFF.groupLeader, '覃月明', '党小组会考勤'),
  account(ROLE_WORDS['section-scorer'], STAFF.scorer, '欧阳明远', '业务评分'),
  account('党建科（发布）', STAFF.office, '沈若谷', '发布课和文件、声明非密、定稿'),
  account('党建科（确认）', STAFF.secondOffice, '韩清如', '第二人确认非密'),
  account('群众', '4001', '施嘉树', '只读课和口袋书'),
  account(ROLE_WORDS.administrator, STAFF.administrator, ADMINISTRATOR_NAME, '人员、单位、职务、设备'),
]
