/** What minutes take from the meeting, its roll and its votes. Nothing of it is typed again; it is frozen when they are confirmed. */
import type { MinutesFacts } from '../../../../shared/meetings/minutes/minutes.ts'
import {
  arithmeticInWords,
  standingVotes,
  voteAnswer,
  votesInWords,
} from '../../../../shared/meetings/voting/outcome.ts'
import { dayInWords } from '../../../ui/words.ts'
import { sittingTime, stateInWords } from '../model/meeting-words.ts'
import type { MeetingView } from '../detail/read-meeting.ts'

type Known = Pick<
  MeetingView,
  'meeting' | 'kind' | 'unitName' | 'lines' | 'figures' | 'sittings' | 'people' | 'votes' | 'isOfficer'
>

const short = (text: string): string => text.slice(0, 200)

export function minutesFacts(view: Known): MinutesFacts {
  const { fields } = view.meeting
  const { figures } = view
  const nameOf = (id: string | null | undefined) => short((id && view.people.get(id)) || '')
  // Marks lie in the files of their persons: only officers see them all.
  const isTaken = view.isOfficer && figures.unmarked < figures.expected
  return {
    unitName: short(view.unitName),
    kindName: short(view.kind.name),
    date: fields.date,
    sittings: fields.sittings.map((sitting) => ({
      name: sitting.name,
      startsAt: sitting.startsAt,
      place: sitting.place ?? '',
      present: isTaken ? (view.sittings.find(({ id }) => id === sitting.id)?.figures.present ?? null) : null,
    })),
    chair: nameOf(fields.chairId),
    recorder: nameOf(fields.recorderId),
    guests: (fields.guests ?? []).map(({ name }) => name),
    agenda: fields.agenda ?? '',
    attendance: isTaken
      ? {
          expected: figures.expected,
          present: figures.present,
          late: figures.late,
          leave: figures.leave,
          absent: figures.absent,
          unmarked: figures.unmarked,
          votersExpected: figures.votersExpected,
          votersPresent: figures.votersPresent,
        }
      : null,
    away: isTaken
      ? view.lines
          .filter(({ state }) => state === 'leave' || state === 'absent')
          .map((line) => ({ name: line.name, why: stateInWords(line.state, line.leaveKind) }))
      : [],
    resolutions: standingVotes(view.votes).map(({ id, fields: r }) => ({
      id,
      motion: r.motion,
      inFavour: r.inFavour,
      against: r.against,
      abstained: r.abstained,
      secret: r.secret,
      outcome: voteAnswer(r).outcome,
      arithmetic: `${votesInWords(r)}。${arithmeticInWords(r)}（${r.passing.article}${r.passing.toBeChecked ? '，待核' : ''}）`,
    })),
    attachments: (fields.attachments ?? []).map(({ name, sha256 }) => ({ name, sha256 })),
  }
}

/** 应到 22 人，实到 17 人（迟到 1 人），请假 4 人，缺席 1 人 */
export function attendanceInWords(a: NonNullable<MinutesFacts['attendance']>): string {
  const late = a.late > 0 ? `（迟到 ${a.late} 人）` : ''
  return [
    `应到 ${a.expected} 人`,
    `实到 ${a.present} 人${late}`,
    a.leave > 0 ? `请假 ${a.leave} 人` : '',
    a.absent > 0 ? `缺席 ${a.absent} 人` : '',
    a.unmarked > 0 ? `未点 ${a.unmarked} 人` : '',
  ]
    .filter((part) => part !== '')
    .join('，')
}

/** The lines above the text, on screen and on paper. */
export function factLines(facts: MinutesFacts): [label: string, value: string][] {
  const single = facts.sittings.length === 1
  const names = (why: (text: string) => boolean) =>
    facts.away
      .filter((one) => why(one.why))
      .map(({ name, why: reason }) => (reason === '缺席' ? name : `${name}${reason.replace('请假', '')}`))
      .join('、')
  const lines: [string, string][] = [
    [
      '时间',
      `${facts.date.slice(0, 4)} 年 ${facts.sittings
        .map((s, at) => {
          const came = !single && s.present !== null ? `（到 ${s.present} 人）` : ''
          // The day once, the clock for each of its sittings.
          const day = at === 0 ? `${dayInWords(facts.date)} ` : ''
          return `${day}${single ? '' : `${s.name} `}${sittingTime(s, facts.date)}${came}`
        })
        .join('；')}`,
    ],
    [
      '地点',
      [...new Set(facts.sittings.map(({ place }) => place).filter((place) => place !== ''))].join('；'),
    ],
    ['主持', facts.chair],
    ['记录', facts.recorder],
    ['列席', facts.guests.join('、')],
    ['到会', facts.attendance === null ? '' : attendanceInWords(facts.attendance)],
    ['请假', names((why) => why !== '缺席')],
    ['缺席', names((why) => why === '缺席')],
    ['材料', facts.attachments.map(({ name }) => name).join('、')],
  ]
  return lines.filter(([, value]) => value !== '')
}
