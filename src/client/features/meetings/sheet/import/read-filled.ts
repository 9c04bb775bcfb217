/**
 * A filled 签到表, read. Pure. Guarantee to whoever fills it: a row is either understood as a mark of one person, or told with its
 * place and why not; a sheet of another meeting, of a sitting that is no more, or of no meeting at all is refused as a whole.
 */
import type { Meeting } from '../../../../../shared/meetings/meeting.ts'
import type { RosterLine } from '../../../../../shared/meetings/roster.ts'
import { cellText, columnName } from '../../spreadsheet/cells.ts'
import type { SpreadsheetRows } from '../../spreadsheet/read-spreadsheet.ts'
import { markFromPaper, type PaperMark } from '../marks-on-paper.ts'
import { GUESTS, MARK, NAME, NOTE, PERSON_ID } from '../sheet-cells.ts'
import { keyFrom, sheetCode, type SheetKey } from '../sheet-code.ts'

/** What the sheet is compared with, as the phone has it now. */
export interface SheetWorld {
  meetingId: string
  meeting: Meeting
  roster: readonly RosterLine[]
  /** Everybody who belongs or belonged to the unit. */
  people: ReadonlyMap<string, { name: string }>
}

/** Row and column from 1 and 'A', as the spreadsheet counts. */
export interface SheetProblem {
  row: number
  column: string
  sentence: string
}

export interface FilledRow {
  row: number
  personId: string
  name: string
  mark: PaperMark
  /** 备注, kept with the mark. */
  reason: string
}

/** Somebody who came and is not expected. */
export interface ExtraRow {
  row: number
  name: string
  personId: string | null
  /** Written under 列席, and not between those who are expected. */
  isGuest: boolean
}

export interface FilledSheet {
  type: 'read'
  sittingId: string
  /** The roster or the meeting has changed since the sheet was made. */
  isOlder: boolean
  rows: FilledRow[]
  extras: ExtraRow[]
  problems: SheetProblem[]
  /** Of whom nothing is written, by name: also where cells were merged, or a formula came to nothing. */
  blank: string[]
  /** Who is expected now and does not stand on the sheet. */
  missing: string[]
}
export type FilledReading = FilledSheet | { type: 'refused'; sentence: string }

const MOST_REASON = 200
const MOST_NAME = 50

interface Columns {
  at: number
  name: number
  mark: number
  note: number
  id: number
}

function findColumns(rows: SpreadsheetRows): Columns | string {
  const at = rows.findIndex((row) => {
    const words = row.map(cellText)
    return words.includes(NAME) && words.includes(MARK)
  })
  if (at < 0) return `没有找到“${NAME}”和“${MARK}”这一行。请用这里存成的签到表填写，不要删表头。`
  const words = rows[at]!.map(cellText)
  const place = (label: string) => words.indexOf(label.normalize('NFKC'))
  return { at, name: place(NAME), mark: place(MARK), note: place(NOTE), id: place(PERSON_ID) }
}

function findKey(rows: SpreadsheetRows): SheetKey | 'newer' | null {
  for (const row of rows.slice(0, 20))
    for (const one of row) {
      const key = typeof one === 'string' ? keyFrom(one) : null
      if (key !== null) return key
    }
  return null
}

/** What the sheet says it is about, for the sentence that it is another one. */
function titleIn(rows: SpreadsheetRows): string {
  const row = rows.find((cells) => cellText(cells[0]) === '会议')
  const title = row?.slice(1).map(cellText).find(Boolean) ?? ''
  return title === '' ? '另一场会' : `“${title}”`
}

export function readFilled(rows: SpreadsheetRows, world: SheetWorld): FilledReading {
  const refused = (sentence: string): FilledReading => ({ type: 'refused', sentence })
  const columns = findColumns(rows)
  if (typeof columns === 'string') return refused(columns)
  const key = findKey(rows)
  if (key === 'newer') return refused('这份表由更新的版本存成。请先更新应用再读入。')
  if (key === null)
    return refused('表里没有编号一栏，认不出是哪场会的。请用这里存成的签到表填写，不要删隐藏的最后一栏。')
  if (key.meetingId !== world.meetingId)
    return refused(`这是${titleIn(rows)}的签到表，不是这场会的。请在那场会里读入。`)
  const sitting = world.meeting.sittings.find(({ id }) => id === key.sittingId)
  if (sitting === undefined) return refused('这份表的场次已经不在这场会里。请重新存一份签到表。')
  const isOlder = sheetCode(world.meetingId, world.meeting, sitting, world.roster) !== key.code
  return { type: 'read', sittingId: sitting.id, isOlder, ...readRows(rows, columns, world) }
}

type Read = Pick<FilledSheet, 'rows' | 'extras' | 'problems' | 'blank' | 'missing'>

function readRows(rows: SpreadsheetRows, columns: Columns, world: SheetWorld): Read {
  const found: Read = { rows: [], extras: [], problems: [], blank: [], missing: [] }
  const seen = new Map<string, FilledRow | null>()
  const isKnownGuest = new Set((world.meeting.guests ?? []).map(({ name }) => name.trim()))
  let isGuests = false
  rows.forEach((cells, at) => {
    if (at <= columns.at) return
    const [name, written, note, id] = [columns.name, columns.mark, columns.note, columns.id].map((column) =>
      column < 0 ? '' : cellText(cells[column]),
    ) as [string, string, string, string]
    if (id === '' && name === '' && cells.some((one) => cellText(one).startsWith(GUESTS))) {
      isGuests = true
      return
    }
    if (name === '' && id === '') return
    const problem = (column: number, sentence: string) =>
      void found.problems.push({ row: at + 1, column: columnName(Math.max(0, column)), sentence })
    const mark = markFromPaper(written)
    if (mark === undefined)
      return problem(
        columns.mark,
        `${name || '这一行'}写的是“${written.slice(0, 20)}”，认不出。请写到会、迟到、请假（注明种类）、缺席。`,
      )
    if (name.length > MOST_NAME) return problem(columns.name, `姓名超过 ${MOST_NAME} 字。`)
    if (note.length > MOST_REASON) return problem(columns.note, `备注超过 ${MOST_REASON} 字，请写短些。`)
    if (isGuests) {
      if (mark?.state !== 'absent' && !isKnownGuest.has(name))
        found.extras.push({ row: at + 1, name, personId: null, isGuest: true })
      return
    }
    const who = whoIs(world, id, name)
    if (typeof who === 'string') return problem(columns.name, who)
    if (!who.isExpected) {
      if (mark !== null && mark.state !== 'absent' && !isKnownGuest.has(who.name))
        found.extras.push({ row: at + 1, name: who.name, personId: who.personId, isGuest: false })
      return
    }
    const next = mark === null ? null : { row: at + 1, ...who, mark, reason: note }
    const before = seen.get(who.personId)
    if (before !== undefined) {
      const same = JSON.stringify(before?.mark ?? null) === JSON.stringify(mark)
      if (!same) problem(columns.name, `${who.name}有两行，写的不一样。两行都没有读。`)
      if (!same) found.rows = found.rows.filter(({ personId }) => personId !== who.personId)
      return
    }
    seen.set(who.personId, next)
    if (next === null) found.blank.push(who.name)
    else found.rows.push(next)
  })
  found.missing = world.roster.filter(({ personId }) => !seen.has(personId)).map(({ name }) => name)
  return found
}

interface Who {
  personId: string | null
  name: string
}
type Found = ({ isExpected: true; personId: string } & Who) | ({ isExpected: false } & Who) | string

/** By the hidden id; without one by the name, where only one has it. */
function whoIs({ roster, people }: SheetWorld, id: string, name: string): Found {
  if (id !== '') {
    const known = roster.find(({ personId }) => personId === id)
    const named = known?.name ?? people.get(id)?.name
    if (named !== undefined && name !== '' && named.normalize('NFKC').trim() !== name)
      return `这一行的编号是${named}的，写的是“${name}”。请核对，或清空编号那一格。`
    if (known !== undefined) return { isExpected: true, personId: id, name: known.name }
    if (named !== undefined) return { isExpected: false, personId: id, name: named }
  }
  const named = roster.filter((line) => line.name.normalize('NFKC').trim() === name)
  if (named.length > 1)
    return `应到名单里有 ${named.length} 个“${name}”，分不清是谁。请在存成的表里填，不要改编号。`
  const [only] = named
  if (only !== undefined) return { isExpected: true, personId: only.personId, name: only.name }
  return name === '' ? '这一行没有姓名。' : { isExpected: false, personId: null, name }
}
