/** For officers at the desk: rolls that are not finished, and meetings that have no minutes. */
import { DAY_MS } from '../../../shared/civil-time.ts'
import { isOfficerOf } from '../../../shared/org/actor.ts'
import type { Phone } from '../../storage/phone.ts'
import type { DeskContext, DeskMatter, DeskSource } from '../../ui/desk-matters.ts'
import { dayInWords } from '../../ui/words.ts'
import { lastStart } from './model/meeting-words.ts'
import { readMeetings, type MeetingRow } from './model/read-meetings.ts'
import { readRollsToTake, type RollToTake } from './model/rolls-to-take.ts'

/** A meeting lasts two hours; minutes of meetings older than two months are no longer asked for. */
const LASTS_MS = 2 * 3_600_000
const ASKS_FOR_MS = 62 * DAY_MS

async function withoutMinutes(
  { phone, actor, now }: DeskContext<Phone>,
  meetings: readonly MeetingRow[],
): Promise<DeskMatter[]> {
  const held = meetings.filter(({ fields }) => {
    const ago = now - lastStart(fields) - LASTS_MS
    return fields.state !== 'cancelled' && isOfficerOf(actor, fields.unitId) && ago > 0 && ago < ASKS_FOR_MS
  })
  const written = await phone.db
    .records('minutes')
    .where('fields.meetingId')
    .anyOf(held.map(({ id }) => id))
    .filter(({ fields }) => fields.stage === 'fixed')
    .toArray()
  const done = new Set(written.map(({ fields }) => fields.meetingId))
  const [newest, ...more] = held.filter(({ id }) => !done.has(id))
  if (newest === undefined) return []
  const { id, fields } = newest
  return [
    {
      key: 'minutes',
      count: more.length + 1,
      unit: '个',
      title: '会议还没有纪要',
      second: `${more.length > 0 ? '最近的 ' : ''}${fields.title} · ${dayInWords(fields.date)}`,
      to: more.length > 0 ? '/meetings' : `/meetings/${id}/minutes`,
    },
  ]
}

/** More than these are told in one row. */
const MOST_ROLLS = 2

function ofRolls(rolls: readonly RollToTake[]): DeskMatter[] {
  const [oldest] = rolls
  const nameOf = ({ meeting, sitting }: RollToTake) =>
    `${meeting.fields.title} · ${dayInWords(sitting.startsAt)}`
  if (oldest !== undefined && rolls.length > MOST_ROLLS)
    return [
      {
        key: 'rolls',
        count: rolls.length,
        unit: '场',
        title: '会议的考勤没有记完',
        second: `最早的 ${nameOf(oldest)}`,
        to: '/branch',
        isUrgent: true,
      },
    ]
  return rolls.map((roll) => ({
    key: roll.sitting.id,
    count: roll.open,
    unit: '人',
    title: '考勤没有记',
    second: nameOf(roll),
    to: `/meetings/${roll.meeting.id}/roll/${roll.sitting.id}`,
    isUrgent: true,
  }))
}

async function load(context: DeskContext<Phone>): Promise<DeskMatter[] | null> {
  const { phone, actor, now } = context
  if (!actor.roles.some(({ unitId }) => isOfficerOf(actor, unitId))) return null
  const meetings = await readMeetings(phone.db, actor)
  const rolls = await readRollsToTake(phone.db, actor, meetings, now)
  return [...ofRolls(rolls), ...(await withoutMinutes(context, meetings))]
}

export const deskSources: readonly DeskSource<Phone>[] = [{ order: 35, for: 'scorer', name: '会议', load }]
