/** Meetings on 今日: today's or the next one, the roll to take, 补学 that is open. Done things are not listed. */
import { civilDate, civilMonth, DAY_MS } from '../../../shared/civil-time.ts'
import type { Phone } from '../../storage/phone.ts'
import type { TodayContext, TodayItem, TodaySource } from '../../ui/today.ts'
import { makeUpIsOpen } from '../../../shared/meetings/attendance/make-ups.ts'
import { rollLeft, sittingTime, stateInWords, whenAndWhere } from './model/meeting-words.ts'
import type * as MinutesToday from './model/minutes-today.ts'
import type { Actor } from '../../../shared/org/actor.ts'
import type { RosterFacts } from '../../../shared/org/shifts/shifts.ts'
import { readOwnAttendance, type OwnAttendance } from './model/own-attendance.ts'
import { readMeetings, type MeetingRow } from './model/read-meetings.ts'
import { readRollsToTake } from './model/rolls-to-take.ts'

/** A meeting is announced a week ahead and named until two hours after it began. */
const AHEAD_MS = 7 * DAY_MS
const GOING_ON_MS = 2 * 3_600_000
/** 补学 is offered for two months; later it is still on the meeting's page. */
const MAKE_UP_MS = 62 * DAY_MS

function comingItem({ meeting, mine }: OwnAttendance, now: number): TodayItem | null {
  const { fields } = meeting
  const next = fields.sittings
    .filter((s) => s.startsAt + GOING_ON_MS > now)
    .sort((a, b) => a.startsAt - b.startsAt)
  const sitting = next[0]
  if (fields.state !== 'planned' || sitting === undefined || sitting.startsAt - now > AHEAD_MS) return null
  // Whoever has been marked is not asked again.
  if (mine.state !== 'cleared') return null
  const isToday = civilDate(sitting.startsAt) === civilDate(now)
  // A night shift's sitting that began before midnight.
  const isGoingOn = !isToday && sitting.startsAt <= now
  const several = fields.sittings.length > 1
  const place = sitting.place ?? ''
  const when = isToday ? sittingTime(sitting, fields.date) : sittingTime(sitting)
  return {
    key: `meeting:${meeting.id}`,
    title: fields.title,
    second: several && !isToday ? whenAndWhere(fields) : [when, place].filter((x) => x !== '').join(' · '),
    dueAt: sitting.startsAt,
    group: isGoingOn ? 'now' : isToday ? 'today' : 'week',
    to: `/meetings/${meeting.id}`,
    ...(several && isToday ? { tag: { text: sitting.name, tone: 'grey' as const } } : {}),
  }
}

/** Of several sittings the one that fits the own shift is named. */
function withShifts(
  item: TodayItem,
  { meeting: { fields } }: OwnAttendance,
  rosters: readonly RosterFacts[],
  personId: string,
  now: number,
): TodayItem {
  if (fields.sittings.length < 2 || rosters.length === 0) return item
  return {
    ...item,
    more: async () => {
      const { sittingLine } = await import('./shifts/suits-me.ts')
      return { second: sittingLine(fields, rosters, personId, now, item.second) }
    },
  }
}

/** Asked once there is something to read. @param words of the fixed minutes; undefined: there are none */
function makeUpItem(own: OwnAttendance, words: number | undefined): TodayItem | null {
  const { meeting, mine } = own
  const materials = (meeting.fields.attachments ?? []).length
  if (!makeUpIsOpen(own) || (words === undefined && materials === 0)) return null
  return {
    key: `make-up:${meeting.id}`,
    title: `补学 · ${meeting.fields.title}`,
    second: `${stateInWords(mine.state, mine.leaveKind)}，看过${words === undefined ? '材料' : '纪要'}写一句就好`,
    minutes: 2 + Math.ceil((words ?? 0) / 400) + 2 * materials,
    group: 'week',
    to: `/meetings/${meeting.id}`,
  }
}

let minutesHere: typeof MinutesToday | undefined

/** Few people have minutes before them. Once the part is here nothing is waited for: a transaction would end meanwhile. */
async function minutesItems(
  phone: Phone,
  actor: Actor,
  meetings: readonly MeetingRow[],
  fixed: FixedLengths,
) {
  const ids = meetings.map(({ id }) => id)
  const handedIn = await phone.db.records('minutes-proposal').where('fields.meetingId').anyOf(ids).count()
  const isRecorder = meetings.some(({ id, fields }) => fields.recorderId === actor.personId && !fixed.has(id))
  if (handedIn === 0 && !isRecorder) return []
  minutesHere ??= await Promise.resolve(import('./model/minutes-today.ts'))
  return minutesHere.readMinutesToday(phone.db, actor, meetings, fixed)
}

/** Of each meeting with fixed minutes how long they are. */
type FixedLengths = ReadonlyMap<string, number>

async function readFixed(phone: Phone, meetings: readonly MeetingRow[]): Promise<FixedLengths> {
  const ids = meetings.map(({ id }) => id)
  const minutes = await phone.db.records('minutes').where('fields.meetingId').anyOf(ids).toArray()
  const fixed = minutes.filter(({ fields }) => fields.stage === 'fixed')
  return new Map(fixed.map(({ fields }) => [fields.meetingId, (fields.body ?? '').length]))
}

async function load({ phone, actor, now }: TodayContext<Phone>): Promise<TodayItem[]> {
  const meetings = await readMeetings(phone.db, actor)
  const rolls = await readRollsToTake(phone.db, actor, meetings, now)
  const items: TodayItem[] = rolls.map((roll) => ({
    key: `roll:${roll.sitting.id}`,
    title: `考勤 · ${roll.meeting.fields.title}`,
    second: rollLeft(roll),
    dueAt: roll.sitting.startsAt,
    group: 'officer',
    to: `/meetings/${roll.meeting.id}/roll/${roll.sitting.id}`,
  }))
  const recent = meetings.filter((m) => Math.abs(now - Date.parse(m.fields.date)) < MAKE_UP_MS)
  const fixed = await readFixed(phone, recent)
  items.push(...(await minutesItems(phone, actor, recent, fixed)))
  const months = [now - DAY_MS, now + AHEAD_MS].map((at) => civilMonth(at))
  const shifts = await phone.db.records('shift-roster').where('fields.month').anyOf(months).toArray()
  const rosters = shifts.map(({ fields }) => fields)
  for (const own of await readOwnAttendance(phone.db, phone.person.id, recent)) {
    const coming = comingItem(own, now)
    const item =
      coming === null
        ? makeUpItem(own, fixed.get(own.meeting.id))
        : withShifts(coming, own, rosters, phone.person.id, now)
    if (item !== null) items.push(item)
  }
  return items
}

export const todayItems: TodaySource<Phone> = {
  order: 30,
  tables: [
    'meeting',
    'meeting-kind',
    'unit',
    'membership',
    'role',
    'roll-mark',
    'make-up',
    'shift-roster',
    'minutes',
    'minutes-draft',
    'minutes-proposal',
    'minutes-return',
    'minutes-correction',
  ],
  load,
}
