/**
 * 签到表 as words, for paper and table alike. Guarantee: every person of the roster stands on it once; a mark that is not settled
 * stands as 待核定 with what was said, one that nobody made as 未点; the sums are those of the roll; nobody's signature is made up.
 */
import { attendanceLines } from '../../../../shared/meetings/attendance/attendance.ts'
import { presentElsewhere } from '../../../../shared/meetings/attendance/came-elsewhere.ts'
import { byHandInWords } from '../../../../shared/meetings/codes/by-hand.ts'
import { LEAVE_KINDS, ROLL_METHOD_WORDS } from '../../../../shared/meetings/mark-words.ts'
import type { Sitting } from '../../../../shared/meetings/meeting.ts'
import { rollLines, type RollLine, type StoredMark } from '../../../../shared/meetings/roll.ts'
import { rollFigures, type RollFigures } from '../../../../shared/meetings/roll-figures.ts'
import type { RosterLine } from '../../../../shared/meetings/roster.ts'
import { sortRoster, type RosterOrder } from '../../../../shared/org/order/roster-order.ts'
import { dateInWords } from '../../../ui/moments.ts'
import { dayInWords } from '../../../ui/words.ts'
import { sittingTime } from '../model/meeting-words.ts'
import { awayFrom } from '../roll/lines/away.ts'
import { markOnPaper } from './marks-on-paper.ts'
import type { SheetFacts } from './read-facts.ts'
import { codeOf, keyInWords, sheetCode, type SheetKey } from './sheet-code.ts'

export interface SheetRow {
  personId: string
  name: string
  /** 工号, only where another of the same name stands on the sheet. */
  staffNo: string
  /** 预备党员; '' for a full member. */
  kind: string
  /** 第一党小组、支部书记 */
  belongs: string
  /** Why the person is not expected in this sitting, by the shift roster: 夜班; '' otherwise. */
  away: string
  /** Of a filled sheet: 到会; how it was taken; what else is to be said. */
  mark: string
  how: string
  note: string
}

export interface AttendanceSheet {
  isFilled: boolean
  title: string
  unitName: string
  /** 单位, 时间, 地点 … */
  head: [label: string, value: string][]
  /** 应到 …; of an empty sheet how many are expected. */
  sums: string[]
  rows: SheetRow[]
  guests: string[]
  /** In the sheet's foot: 表号 of an empty sheet, 核验码 of a filled one. */
  code: string
  /** By which a filled table is read back; null for a sheet of several sittings. */
  key: SheetKey | null
}

const MEMBER_TAGS = { full: '', probationary: '预备党员', 'under-probation': '留党察看', none: '' } as const

function timeOf(date: string, sittings: readonly Sitting[]): string {
  const [only, ...more] = sittings
  if (only === undefined || more.length > 0)
    return `${dateInWords(date)}；${sittings.map((s) => `${s.name} ${sittingTime(s, date)}`).join('，')}`
  const day = `${dateInWords(only.startsAt)} ${dayInWords(only.startsAt).split(' ').at(-1) ?? ''}`
  return `${day} ${sittingTime(only, date).split(' ').at(-1) ?? ''}`
}

function headOf({ roll, people }: SheetFacts, sittings: readonly Sitting[]): AttendanceSheet['head'] {
  const { fields } = roll.meeting
  const nameOf = (id: string | null | undefined) => (id ? (people.get(id)?.name ?? '') : '')
  const places = [...new Set(sittings.map(({ place = '' }) => place).filter((place) => place !== ''))]
  const isPart = sittings.length < fields.sittings.length
  const head: AttendanceSheet['head'] = [
    ['单位', roll.unitName],
    ['时间', timeOf(fields.date, sittings)],
    ['场次', isPart ? sittings.map(({ name }) => name).join('，') : ''],
    ['地点', places.join('；')],
    ['主持人', nameOf(fields.chairId)],
    ['记录人', nameOf(fields.recorderId)],
  ]
  return head.filter(([, value]) => value !== '')
}

/** Names that stand more than once: there the staff number tells who it is. */
const namesakes = (roster: readonly RosterLine[]): Set<string> => {
  const seen = new Set<string>()
  return new Set(roster.flatMap(({ name }) => (seen.has(name) ? [name] : (seen.add(name), []))))
}

function rowsOf(facts: SheetFacts, roster: readonly RosterLine[], sittingId: string | null): SheetRow[] {
  const twice = namesakes(roster)
  const { sittings } = facts.roll.meeting.fields
  const ids = roster.map(({ personId }) => personId)
  const away = sittingId === null ? new Map() : awayFrom(facts.shifts, ids, sittings, sittingId)
  return roster.map(({ personId, name, memberKind }) => ({
    personId,
    name,
    staffNo: twice.has(name) ? (facts.people.get(personId)?.staffNo ?? '') : '',
    kind: MEMBER_TAGS[memberKind],
    belongs: facts.belongs.get(personId) ?? '',
    away: away.get(personId)?.why ?? '',
    mark: '',
    how: '',
    note: '',
  }))
}

export function emptySheet(facts: SheetFacts, sitting: Sitting, order: RosterOrder): AttendanceSheet {
  const { roll } = facts
  const { id, fields } = roll.meeting
  const roster = sortRoster(roll.roster, order)
  const code = sheetCode(id, fields, sitting, roster)
  return {
    isFilled: false,
    title: fields.title,
    unitName: roll.unitName,
    head: headOf(facts, [sitting]),
    sums: [`应到 ${roster.length} 人`],
    rows: rowsOf(facts, roster, sitting.id),
    guests: (fields.guests ?? []).map(({ name }) => name),
    code,
    key: { meetingId: id, sittingId: sitting.id, code },
  }
}

const howOf = ({ fields }: StoredMark): string =>
  byHandInWords(fields.byHand) || ROLL_METHOD_WORDS[fields.method]
const saidIn = (mark: StoredMark): string =>
  `${markOnPaper(mark.fields.state, mark.fields.leaveKind)}（${howOf(mark)}）`

/** Marks of one sitting, or of the whole meeting where `sittingId` is null. Only what the endpoint has accepted. */
export function filledSheet(
  facts: SheetFacts,
  sittingId: string | null,
  order: RosterOrder,
): AttendanceSheet {
  const { roll } = facts
  const { id, fields } = roll.meeting
  const roster = sortRoster(roll.roster, order)
  const marks = roll.marks.filter(({ pending }) => pending === 0)
  const ids = fields.sittings.map((sitting) => sitting.id)
  const shown = fields.sittings.filter((sitting) => sittingId === null || sitting.id === sittingId)
  const nameOf = (wanted: string | null | undefined) =>
    fields.sittings.find((sitting) => sitting.id === wanted)?.name ?? ''
  const lines: (RollLine & { sittingId?: string | null })[] =
    sittingId === null ? attendanceLines(roster, marks, ids) : rollLines(roster, marks, sittingId)
  const elsewhere =
    sittingId === null ? new Map<string, string[]>() : presentElsewhere(marks, roster, ids, sittingId)
  const rows = rowsOf(facts, roster, null).map((row, at): SheetRow => {
    const line = lines[at]!
    const { heads, contradiction, state } = line
    const isMarked = !contradiction && state !== 'cleared'
    const isSeveral = sittingId === null && ids.length > 1
    const notes = [
      contradiction && heads.length > 0 ? `记为${heads.map(saidIn).join('、')}` : '',
      elsewhere.has(row.personId) ? `${elsewhere.get(row.personId)!.map(nameOf).join('、')}到会` : '',
      (state === 'leave' || state === 'absent') && facts.madeUp.has(row.personId) ? '已补学' : '',
    ]
    return {
      ...row,
      mark: contradiction ? '待核定' : markOnPaper(state, line.leaveKind),
      how: isMarked
        ? [isSeveral ? nameOf(line.sittingId) : '', ...new Set(heads.map(howOf))].filter(Boolean).join('，')
        : '',
      note: notes.filter((note) => note !== '').join('；'),
    }
  })
  const guests = (fields.guests ?? []).map(({ name }) => name)
  const key = { meetingId: id, sittingId: sittingId ?? '', code: '' }
  const sitting = sittingId === null ? undefined : shown[0]
  return {
    isFilled: true,
    title: fields.title,
    unitName: roll.unitName,
    head: headOf(facts, shown),
    sums: sumsInWords(rollFigures(lines), guests.length, roll.kind.quorum !== null),
    rows,
    guests,
    code: codeOf({
      key,
      rows,
      guests,
      head: headOf(facts, shown),
      marks: lines.map((l) => l.heads.map((h) => h.id)),
    }),
    key: sitting === undefined ? null : { ...key, code: sheetCode(id, fields, sitting, roster) },
  }
}

/** 应到 45 人，实到 40 人（迟到 1 人），请假 3 人（值班 2 人、病假 1 人），缺席 1 人，列席 2 人 */
function sumsInWords(f: RollFigures, guests: number, votes: boolean): string[] {
  const kinds = LEAVE_KINDS.filter((kind) => f.leaveByKind[kind] > 0).map(
    (kind) => `${markOnPaper('leave', kind).slice(3, -1)} ${f.leaveByKind[kind]} 人`,
  )
  const left = f.unmarked - f.contradictions
  const sum = [
    `应到 ${f.expected} 人`,
    `实到 ${f.present} 人${f.late > 0 ? `（迟到 ${f.late} 人）` : ''}`,
    `请假 ${f.leave} 人${kinds.length > 0 ? `（${kinds.join('、')}）` : ''}`,
    `缺席 ${f.absent} 人`,
    left > 0 ? `未点 ${left} 人` : '',
    f.contradictions > 0 ? `待核定 ${f.contradictions} 人` : '',
    `列席 ${guests} 人`,
  ]
  const voters = `有表决权应到 ${f.votersExpected} 人，实到 ${f.votersPresent} 人`
  return [sum.filter((part) => part !== '').join('，'), ...(votes ? [voters] : [])]
}

export const keyText = ({ key }: AttendanceSheet): string => (key === null ? '' : keyInWords(key))
