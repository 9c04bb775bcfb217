/**
 * The roster as a sheet: names down, days across. Pure, both ways: what the template holds is read back as it was.
 *
 * Guarantee to whoever fills it: a cell that is no shift, a name that is nobody's, a sheet of another month is told with row
 * and column, and then nothing at all is taken. An empty cell changes nothing; only 清 empties a day.
 */
import { monthInWords } from '../../../../../shared/civil-time.ts'
import type { ShiftKind } from '../../../../../shared/org/shifts/shift-roster.ts'
import type { RosterFacts } from '../../../../../shared/org/shifts/shifts.ts'
import { cellText as text, columnName } from '../../spreadsheet/cells.ts'
import { daysOf, onlyChanged, pathOf, type ShiftChanges } from '../fill.ts'
import { shiftFrom, SHIFT_LETTERS } from '../shift-words.ts'

export interface SheetPerson {
  personId: string
  name: string
  staffNo: string
}

const NAME = '姓名'
const STAFF_NO = '工号'
/** Name and staff number stand before the days. */
const FIRST_DAY = 2
export const EMPTIES = '清'

export const titleOfSheet = (month: string): string => `排班表 ${monthInWords(month)}`

/** Rows of text: a title, a head, the days of the week, then one row for each person. */
export function shiftSheet(
  people: readonly SheetPerson[],
  month: string,
  roster: Pick<RosterFacts, 'days'> | undefined,
): string[][] {
  const days = daysOf(month)
  return [
    [titleOfSheet(month)],
    [NAME, STAFF_NO, ...days.map(({ day }) => String(Number(day)))],
    ['', '', ...days.map(({ weekday }) => weekday)],
    ...people.map(({ personId, name, staffNo }) => [
      name,
      staffNo,
      ...days.map(({ day }) => {
        const kind = roster?.days?.[personId]?.[day] ?? null
        return kind === null ? '' : SHIFT_LETTERS[kind]
      }),
    ]),
  ]
}

export interface SheetProblem {
  /** From 1, as the spreadsheet counts. */
  row: number
  /** 'C'; '' when the whole row is meant. */
  column: string
  sentence: string
}

export interface PersonChange {
  personId: string
  name: string
  days: { day: string; before: ShiftKind | null; after: ShiftKind | null }[]
}

export interface SheetReading {
  problems: SheetProblem[]
  /** Empty where there is any problem. */
  changes: ShiftChanges
  people: PersonChange[]
}

interface Head {
  at: number
  /** The day, by column. */
  days: Map<number, string>
}

function findHead(rows: readonly (readonly unknown[])[], month: string): Head | SheetProblem {
  const at = rows.findIndex((row) => text(row[0]) === NAME)
  if (at < 0)
    return { row: 1, column: 'A', sentence: '没有找到“姓名”这一行。请用这里下载的排班表填写，不要删表头。' }
  const title = rows
    .slice(0, at)
    .map((row) => text(row[0]))
    .find((line) => line.startsWith('排班表'))
  if (title !== undefined && title.replaceAll(/\s/gu, '') !== titleOfSheet(month).replaceAll(/\s/gu, ''))
    return {
      row: 1,
      column: 'A',
      sentence: `这是“${title}”，现在要填的是 ${monthInWords(month)}。请先换到那个月，或换一份表。`,
    }
  const known = new Map(daysOf(month).map(({ day }) => [String(Number(day)), day]))
  const days = new Map<number, string>()
  for (const [column, cell] of (rows[at] ?? []).entries()) {
    const written = text(cell).replace(/日$/u, '')
    if (column < FIRST_DAY || written === '') continue
    const day = known.get(written)
    if (day === undefined)
      return { row: at + 1, column: columnName(column), sentence: `“${text(cell)}”不是这个月的日子。` }
    if ([...days.values()].includes(day))
      return { row: at + 1, column: columnName(column), sentence: `${written} 日有两列。请留一列。` }
    days.set(column, day)
  }
  if (days.size === 0) return { row: at + 1, column: 'C', sentence: '表头里没有日子，应当是 1、2、3……' }
  return { at, days }
}

function findPerson(people: readonly SheetPerson[], name: string, staffNo: string): SheetPerson | string {
  const byNumber = staffNo === '' ? undefined : people.find((p) => p.staffNo === staffNo)
  if (byNumber !== undefined)
    return byNumber.name === name || name === ''
      ? byNumber
      : `工号 ${staffNo} 是${byNumber.name}，这一行写的是“${name}”。请核对。`
  if (staffNo !== '') return `支部里没有工号 ${staffNo}（${name}）。`
  const named = people.filter((p) => p.name === name)
  if (named.length > 1) return `支部里有 ${named.length} 个“${name}”，请补上工号。`
  return named[0] ?? `支部里没有“${name}”。`
}

/** @param rows cells as the reader of spreadsheets gives them */
export function readShiftSheet(
  rows: readonly (readonly unknown[])[],
  people: readonly SheetPerson[],
  month: string,
  roster: Pick<RosterFacts, 'days'> | undefined,
): SheetReading {
  const head = findHead(rows, month)
  if ('sentence' in head) return { problems: [head], changes: {}, people: [] }
  const problems: SheetProblem[] = []
  const asked: ShiftChanges = {}
  const seen = new Map<string, number>()
  rows.forEach((row, at) => {
    const name = text(row[0])
    const staffNo = text(row[1])
    if (at <= head.at || (name === '' && staffNo === '')) return
    const found = findPerson(people, name, staffNo)
    if (typeof found === 'string') return void problems.push({ row: at + 1, column: 'A', sentence: found })
    const before = seen.get(found.personId)
    if (before !== undefined)
      return void problems.push({
        row: at + 1,
        column: 'A',
        sentence: `${found.name}在第 ${before} 行已经有了。`,
      })
    seen.set(found.personId, at + 1)
    for (const [column, day] of head.days) {
      const written = text(row[column])
      if (written === '') continue
      const kind = written === EMPTIES ? null : shiftFrom(written)
      if (kind !== undefined) asked[pathOf(found.personId, day)] = kind
      else
        problems.push({
          row: at + 1,
          column: columnName(column),
          sentence: `${found.name} ${Number(day)} 日写的是“${written.slice(0, 20)}”，不是班次。请写早、晚、夜、休、假。`,
        })
    }
  })
  if (problems.length > 0) return { problems, changes: {}, people: [] }
  const { changes, before } = onlyChanged(roster, asked)
  return { problems, changes, people: changesByPerson(people, changes, before) }
}

function changesByPerson(
  people: readonly SheetPerson[],
  changes: ShiftChanges,
  before: ShiftChanges,
): PersonChange[] {
  return people.flatMap(({ personId, name }) => {
    const days = Object.entries(changes)
      .filter(([path]) => path.split('/')[1] === personId)
      .map(([path, after]) => ({ day: path.split('/')[2] ?? '', before: before[path] ?? null, after }))
    return days.length === 0 ? [] : [{ personId, name, days }]
  })
}
