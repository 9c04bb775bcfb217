/**
 * Earlier meetings of the first branch, so that quarter and year have something to add up: rolls taken in several ways, one that
 * nobody took, and one mark that two officers saw differently.
 */
import { civilInstant } from '../../../../shared/civil-time.ts'
import type { PersonRow } from '../../../commands/people/person-row.ts'
import { STAFF } from '../../accounts.ts'
import { daysFrom, personIdOf, type DemoContext } from '../../context.ts'
import { BRANCHES, FIRST_BRANCH_ID, FIRST_GROUP_ID, GROUPS } from '../../people/units.ts'
import {
  FIRST_BRANCH_MARKS,
  mark,
  membersOf,
  PRESENT,
  putMeeting,
  type Mark,
  type MeetingPlan,
} from '../meetings.ts'

type PastPlan = Pick<MeetingPlan, 'key' | 'kind' | 'title' | 'daysFromToday'> & {
  unitId?: string
  /** Who was in its roster. */
  isExpected?: (person: PersonRow) => boolean
  /** Who wasn't simply there; null: nobody took the roll. */
  away: Readonly<Record<string, Mark>> | null
  paper?: boolean
}

const isOnCommittee = ({ roles }: PersonRow): boolean =>
  roles.some(({ role: name }) => name === 'branch-officer')
const TORN_KEY = 'theme-autumn'

const PAST: readonly PastPlan[] = [
  {
    key: 'group-autumn',
    kind: '党小组会',
    title: '第一党小组会：一次性告知说到没有',
    daysFromToday: -72,
    unitId: FIRST_GROUP_ID,
    isExpected: ({ group }) => group === GROUPS[0],
    away: {
      [STAFF.member]: { state: 'leave', leaveKind: 'duty' },
      '1019': { state: 'leave', leaveKind: 'duty' },
    },
  },
  {
    key: TORN_KEY,
    kind: '主题党日',
    title: '“老人来办事”主题党日',
    daysFromToday: -75,
    away: { ...FIRST_BRANCH_MARKS, '1011': PRESENT, '1014': { state: 'late' } },
  },
  {
    key: 'committee-summer',
    kind: '支委会',
    title: '支委会：研究高温天排班',
    daysFromToday: -104,
    isExpected: isOnCommittee,
    away: { '1003': { state: 'leave', leaveKind: 'personal' } },
  },
  {
    key: 'general-summer',
    kind: '支部党员大会',
    title: '第二季度支部党员大会',
    daysFromToday: -151,
    paper: true,
    away: {
      '1009': { state: 'leave', leaveKind: 'duty' },
      [STAFF.member]: { state: 'late' },
      '1019': { state: 'absent' },
    },
  },
  {
    key: 'theme-summer',
    kind: '主题党日',
    title: '“把表格填一遍”主题党日',
    daysFromToday: -165,
    away: null,
  },
]

async function putOne(context: DemoContext, plan: PastPlan): Promise<void> {
  const { key, kind, title, daysFromToday, unitId = FIRST_BRANCH_ID, isExpected = () => true } = plan
  const sittings = [{ name: '', time: '18:10', place: '二楼会议室' }]
  const chair = unitId === FIRST_GROUP_ID ? STAFF.groupLeader : STAFF.secretary
  await putMeeting(context, {
    key,
    unitId,
    kind,
    title,
    daysFromToday,
    sittings,
    agenda: '',
    chair,
    recorder: chair,
    state: 'held',
  })
  if (plan.away === null) return
  const date = daysFrom(context.today, daysFromToday)
  const people = membersOf(context, BRANCHES.first).filter(isExpected)
  for (const [index, person] of people.entries()) {
    const marking = {
      key,
      unitId,
      markedBy: personIdOf(chair),
      at: civilInstant(date, plan.paper === true ? '20:30' : '18:10') + index * 4000,
      ...(plan.paper === true ? { method: 'paper' as const, paperDate: date } : {}),
    }
    await mark(context, marking, person, plan.away[person.staffNo] ?? PRESENT)
  }
}

/** The deputy took part of the same roll, and saw one person come whom the secretary noted as absent. */
async function putTorn(context: DemoContext): Promise<void> {
  const plan = PAST.find(({ key }) => key === TORN_KEY)!
  const torn = membersOf(context, BRANCHES.first).find(({ staffNo }) => staffNo === '1019')
  if (torn === undefined) return
  const at = civilInstant(daysFrom(context.today, plan.daysFromToday), '18:25')
  const marking = { key: TORN_KEY, unitId: FIRST_BRANCH_ID, markedBy: personIdOf(STAFF.deputy), at }
  await mark(context, marking, torn, PRESENT)
}

export async function fillPastMeetings(context: DemoContext): Promise<void> {
  for (const plan of PAST) await putOne(context, plan)
  await putTorn(context)
}
