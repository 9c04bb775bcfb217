/** Meetings of the first branch: one today in two sittings, one held with a full roll and fixed minutes, one to come, one of a group. */
import { civilInstant } from '../../../shared/civil-time.ts'
import { meetingKindId } from '../../commands/make-bureau.ts'
import { STAFF } from '../accounts.ts'
import { daysFrom, demoId, HOUR_MS, MINUTE_MS, personIdOf, type DemoContext } from '../context.ts'
import { FIRST_BRANCH_ID, FIRST_GROUP_ID, unitId } from '../people/units.ts'
import { createChance, type Chance } from '../random.ts'
import { fillVoted } from './minutes.ts'
import { SAMPLE_MARK } from './read-texts.ts'

interface SittingPlan {
  name: string
  time: string
  place: string
}
export interface MeetingPlan {
  key: string
  unitId: string
  kind: string
  title: string
  daysFromToday: number
  sittings: readonly SittingPlan[]
  agenda: string
  chair: string
  recorder: string
  guests?: readonly string[]
  state?: 'planned' | 'held'
}

const HELD_KEY = 'theme-day'
/** With a vote, minutes that the chair confirmed, and a correction. */
const VOTED_KEY = 'general-held'
const HALL = '三楼会议室'

const PLANS: readonly MeetingPlan[] = [
  {
    key: 'general-meeting',
    unitId: FIRST_BRANCH_ID,
    kind: '支部党员大会',
    title: '第四季度支部党员大会',
    daysFromToday: 0,
    sittings: [
      { name: '早班场', time: '07:30', place: HALL },
      { name: '晚班场', time: '18:30', place: HALL },
    ],
    agenda:
      '一、支委会报告本季度工作\n二、讨论预备党员周以宁同志的转正申请，表决（晚班场）\n三、通报岁末高峰值班安排\n四、其他',
    chair: STAFF.secretary,
    recorder: '1003',
    guests: ['党建科 沈若谷', '入党积极分子 施嘉树'],
  },
  {
    key: HELD_KEY,
    unitId: FIRST_BRANCH_ID,
    kind: '主题党日',
    title: '“换个位置走一遍”主题党日',
    daysFromToday: -16,
    sittings: [{ name: '', time: '12:30', place: '一楼办事大厅' }],
    agenda: '一、分四组从取号到取件各走一遍流程\n二、汇总群众容易卡住的地方\n三、认领整改事项',
    chair: STAFF.secretary,
    recorder: '1004',
    state: 'held',
  },
  {
    key: VOTED_KEY,
    unitId: FIRST_BRANCH_ID,
    kind: '支部党员大会',
    title: '第三季度支部党员大会',
    daysFromToday: -40,
    sittings: [{ name: '', time: '18:30', place: HALL }],
    agenda: '一、支委会报告第三季度工作\n二、讨论本支部党员联系群众办法，表决\n三、其他',
    chair: STAFF.secretary,
    recorder: '1003',
    guests: ['党建科 沈若谷'],
    state: 'held',
  },
  {
    key: 'committee',
    unitId: FIRST_BRANCH_ID,
    kind: '支委会',
    title: '支委会：研究岁末值班与党费收缴',
    daysFromToday: 3,
    sittings: [{ name: '', time: '17:40', place: '二楼小会议室' }],
    agenda: '一、岁末值班安排\n二、本季度党费收缴情况\n三、下月主题党日的题目',
    chair: STAFF.secretary,
    recorder: '1003',
  },
  {
    key: 'group',
    unitId: FIRST_GROUP_ID,
    kind: '党小组会',
    title: '第一党小组会：谈谈接待里的为难事',
    daysFromToday: 1,
    sittings: [{ name: '', time: '12:40', place: '职工之家' }],
    agenda: '一、每人说一件最近接待中的为难事\n二、一起想办法，能改的当场定下谁来改',
    chair: STAFF.groupLeader,
    recorder: '1011',
  },
]

const MINUTES = `## 基本情况

支部党员在一楼办事大厅开展主题党日。应到 22 人，实到 17 人，请假 4 人，缺席 1 人。请假的同志由各小组补学。

## 走流程时看到的

1. 取号机第二屏“其他事项”下有 14 个选项，老人看不全就按了返回。
2. 大厅东侧的指示牌被新摆的绿植挡住半边，三个小组都走错过一次。
3. 补正材料的人要重新排队，平均多等 25 分钟。

## 议定事项

| 事项 | 负责人 | 完成时间 |
| --- | --- | --- |
| 取号机第二屏改为常用六项，其余收进一页 | 解春雷 | 两周内 |
| 移走绿植，指示牌加高 | 王宁 | 当日 |
| 试行补正材料“原号优先” | 覃月明 | 一个月内，月底报试行情况 |

## 其他

下次主题党日继续走“不动产登记”一条线，请尉迟安同志准备。`

export const meetingId = (key: string): string => demoId('meeting', key)
const sittingId = (key: string, at: number): string => demoId('sitting', key, String(at))

export async function fillMeetings(context: DemoContext): Promise<void> {
  for (const plan of PLANS) await putMeeting(context, plan)
  await markFirstBranch(context, HELD_KEY)
  await makeUpStudy(context)
  await fixMinutes(context)
  await markFirstBranch(context, VOTED_KEY)
  await fillVoted(context, { meetingId: meetingId(VOTED_KEY), sittingId: sittingId(VOTED_KEY, 0) })
  await fillOtherBranches(context)
}

export async function putMeeting(context: DemoContext, plan: MeetingPlan): Promise<void> {
  const date = daysFrom(context.today, plan.daysFromToday)
  const chairId = personIdOf(plan.chair)
  const fields = {
    unitId: plan.unitId,
    kindId: meetingKindId(plan.kind),
    title: `${plan.title}${SAMPLE_MARK}`,
    date,
    sittings: plan.sittings.map(({ name, time, place }, at) => ({
      id: sittingId(plan.key, at),
      name: name === '' ? '全体' : name,
      startsAt: civilInstant(date, time),
      place,
    })),
    agenda: plan.agenda,
    chairId,
    recorderId: personIdOf(plan.recorder),
    guests: (plan.guests ?? []).map((name) => ({ name, personId: null })),
    attachments: [],
    state: plan.state ?? 'planned',
  }
  const calledAt = civilInstant(daysFrom(date, -5), '16:00')
  await context.put('meeting', meetingId(plan.key), fields, chairId, calledAt)
}

export type Mark =
  { state: 'present' | 'late' | 'absent' } | { state: 'leave'; leaveKind: 'duty' | 'sick' | 'personal' }
export const PRESENT: Mark = { state: 'present' }

/** Who wasn't simply there. */
export const FIRST_BRANCH_MARKS: Readonly<Record<string, Mark>> = {
  '1009': { state: 'leave', leaveKind: 'duty' },
  '1011': { state: 'late' },
  '1016': { state: 'leave', leaveKind: 'duty' },
  '1018': { state: 'leave', leaveKind: 'personal' },
  '1019': { state: 'absent' },
  '1022': { state: 'leave', leaveKind: 'sick' },
}

export interface Marking {
  key: string
  unitId: string
  markedBy: string
  at: number
  /** 点名 unless told. */
  method?: 'tap' | 'code' | 'paper'
  /** Of the sheet, where it was entered afterwards. */
  paperDate?: string
}

export async function mark(
  context: DemoContext,
  { key, unitId: inUnit, markedBy, at, method = 'tap', paperDate }: Marking,
  person: { staffNo: string; name: string },
  state: Mark,
): Promise<void> {
  const personId = personIdOf(person.staffNo)
  const fields = {
    unitId: inUnit,
    meetingId: meetingId(key),
    sittingId: sittingId(key, 0),
    personId,
    name: person.name,
    leaveKind: null,
    ...state,
    method,
    markedBy,
    reason: '',
    ...(paperDate !== undefined && { paperDate }),
    supersedes: [],
  }
  await context.put('roll-mark', demoId('roll-mark', key, personId, markedBy), fields, markedBy, at)
}

export const membersOf = (context: DemoContext, branch: string) =>
  context.people.filter((row) => row.branch === branch && row.partyStatus !== 'none')

async function markFirstBranch(context: DemoContext, key: string): Promise<void> {
  const plan = PLANS.find((one) => one.key === key)!
  const markedBy = personIdOf(STAFF.secretary)
  const start = civilInstant(daysFrom(context.today, plan.daysFromToday), plan.sittings[0]!.time)
  for (const [index, person] of membersOf(context, '窗口第一支部').entries()) {
    const marking = { key, unitId: FIRST_BRANCH_ID, markedBy, at: start + index * 4000 }
    await mark(context, marking, person, FIRST_BRANCH_MARKS[person.staffNo] ?? PRESENT)
  }
}

async function makeUpStudy(context: DemoContext): Promise<void> {
  const start = civilInstant(daysFrom(context.today, -16), '12:30')
  const madeUpBy = personIdOf('1009')
  const fields = {
    unitId: FIRST_BRANCH_ID,
    meetingId: meetingId(HELD_KEY),
    meetingTitle: `“换个位置走一遍”主题党日${SAMPLE_MARK}`,
    personId: madeUpBy,
    sentence: '当天值早班。补看了纪要，补正材料“原号优先”我愿意先在三号窗口试。',
    supersedes: [],
  }
  await context.put('make-up', demoId('make-up', madeUpBy), fields, madeUpBy, start + 30 * HOUR_MS)
}

async function fixMinutes(context: DemoContext): Promise<void> {
  const confirmedBy = personIdOf(STAFF.secretary)
  const confirmedAt = civilInstant(daysFrom(context.today, -14), '17:10')
  const fields = {
    unitId: FIRST_BRANCH_ID,
    meetingId: meetingId(HELD_KEY),
    title: `“换个位置走一遍”主题党日纪要${SAMPLE_MARK}`,
    stage: 'fixed',
    body: MINUTES,
    confirmedBy,
    confirmedAt,
  }
  await context.put('minutes', demoId('minutes', HELD_KEY), fields, confirmedBy, confirmedAt)
}

/** Every other branch has held one theme day, rolled by its secretary. */
async function fillOtherBranches(context: DemoContext): Promise<void> {
  const branches = new Set(context.people.flatMap(({ branch }) => branch ?? []))
  const date = daysFrom(context.today, -15)
  for (const branch of branches) {
    const secretary = context.people.find(
      (row) => row.branch === branch && row.roles.some(({ title }) => title === '支部书记'),
    )
    if (secretary === undefined || unitId('branch', branch) === FIRST_BRANCH_ID) continue
    const key = `${HELD_KEY} ${branch}`
    const inUnit = unitId('branch', branch)
    await putMeeting(context, {
      key,
      unitId: inUnit,
      kind: '主题党日',
      title: '“把一次说清写下来”主题党日',
      daysFromToday: -15,
      sittings: [{ name: '', time: '12:30', place: HALL }],
      agenda: '一、各人写下本窗口最常被问的三个问题\n二、把回答改成一句话',
      chair: secretary.staffNo,
      recorder: secretary.staffNo,
      state: 'held',
    })
    const chance = createChance(Number.parseInt(inUnit.slice(0, 8), 16))
    for (const [index, person] of membersOf(context, branch).entries()) {
      const at = civilInstant(date, '12:30') + index * 4000 + MINUTE_MS
      const marking = { key, unitId: inUnit, markedBy: personIdOf(secretary.staffNo), at }
      await mark(context, marking, person, markByChance(chance))
    }
  }
}

function markByChance(chance: Chance): Mark {
  const x = chance.next()
  if (x < 0.78) return PRESENT
  if (x < 0.82) return { state: 'late' }
  if (x < 0.93) return { state: 'leave', leaveKind: 'duty' }
  if (x < 0.96) return { state: 'leave', leaveKind: 'sick' }
  return x < 0.98 ? { state: 'leave', leaveKind: 'personal' } : { state: 'absent' }
}
