/** The first data of a bureau: the bureau itself, its first administrator, the usual columns and kinds of meeting. */
import { civilDate } from '../../shared/civil-time.ts'
import { idFrom } from '../../shared/sync/canonical.ts'
import { ROOT_UNIT_ID } from '../../shared/sync/scopes.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import type { WriteTx } from '../store/record-store.ts'
import { putRecord } from './put-record.ts'

export interface NewBureau {
  bureauName: string
  staffNo: string
  name: string
  passwordHash: string
  now: number
  newId: () => string
}

export const COLUMN_NAMES = ['党的理论', '党建风采', '通知要求', '廉政提醒'] as const
export const columnId = (name: string): string => idFrom('column', name)
export const meetingKindId = (name: string): string => idFrom('meeting-kind', name)

const half = (
  comparator: '>=' | '>',
  base: 'voters' | 'roster',
  article: string,
  toBeChecked: boolean,
): JsonObject => ({
  comparator,
  part: [1, 2],
  base,
  article,
  toBeChecked,
})

const BRANCH_RULES = '《中国共产党支部工作条例（试行）》'
const GENERAL_QUORUM = half('>=', 'voters', `${BRANCH_RULES}第十一条：有表决权的党员到会须达半数以上`, true)
const GENERAL_PASSING = half(
  '>',
  'voters',
  `${BRANCH_RULES}第十一条：赞成须超过应到会有表决权党员的半数`,
  true,
)
const COMMITTEE_QUORUM = half('>=', 'roster', `${BRANCH_RULES}第十二条：支部委员到会须达半数以上`, true)

interface Kind {
  name: string
  unitKinds: string[]
  roster: 'members' | 'committee'
  cadence: { per: string; times: number; source: string; toBeChecked: boolean } | null
  quorum: JsonObject | null
  passing: JsonObject | null
}

/** Rules are data: each names the article it rests on, and that the reading is still to be checked (待核). */
const KINDS: readonly Kind[] = [
  {
    name: '支部党员大会',
    unitKinds: ['branch'],
    roster: 'members',
    cadence: { per: 'quarter', times: 1, source: `${BRANCH_RULES}第十一条`, toBeChecked: true },
    quorum: GENERAL_QUORUM,
    passing: GENERAL_PASSING,
  },
  {
    name: '支委会',
    unitKinds: ['branch'],
    roster: 'committee',
    cadence: { per: 'month', times: 1, source: `${BRANCH_RULES}第十二条`, toBeChecked: true },
    quorum: COMMITTEE_QUORUM,
    passing: null,
  },
  {
    name: '党小组会',
    unitKinds: ['group'],
    roster: 'members',
    cadence: { per: 'month', times: 1, source: `${BRANCH_RULES}第十三条`, toBeChecked: true },
    quorum: null,
    passing: null,
  },
  { name: '党课', unitKinds: ['branch'], roster: 'members', cadence: null, quorum: null, passing: null },
  {
    name: '主题党日',
    unitKinds: ['branch'],
    roster: 'members',
    cadence: { per: 'month', times: 1, source: `${BRANCH_RULES}（条款待核）`, toBeChecked: true },
    quorum: null,
    passing: null,
  },
  {
    name: '组织生活会',
    unitKinds: ['branch', 'group'],
    roster: 'members',
    cadence: { per: 'year', times: 1, source: `${BRANCH_RULES}（条款待核）`, toBeChecked: true },
    quorum: null,
    passing: null,
  },
]

export async function makeBureau(tx: WriteTx, bureau: NewBureau): Promise<{ administratorId: string }> {
  const { now } = bureau
  const administratorId = bureau.newId()
  const put = (type: string, id: string, fields: JsonObject) =>
    putRecord(tx, { type, id, fields, author: administratorId, now })
  await put('unit', ROOT_UNIT_ID, { kind: 'bureau', name: bureau.bureauName, parentId: null, order: 0 })
  for (const [order, name] of COLUMN_NAMES.entries()) await put('column', columnId(name), { name, order })
  for (const [order, kind] of KINDS.entries())
    await put('meeting-kind', meetingKindId(kind.name), { ...kind, order } as unknown as JsonObject)
  await put('person', administratorId, {
    personId: administratorId,
    staffNo: bureau.staffNo,
    name: bureau.name,
  })
  await put('role', idFrom('role', administratorId, 'administrator'), {
    personId: administratorId,
    unitId: ROOT_UNIT_ID,
    name: bureau.name,
    role: 'administrator',
    title: '系统管理员',
    from: civilDate(now),
    to: null,
  })
  await tx.putAccount({
    personId: administratorId,
    staffNo: bureau.staffNo,
    name: bureau.name,
    passwordHash: bureau.passwordHash,
    closed: false,
  })
  return { administratorId }
}
