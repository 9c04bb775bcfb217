/** One row of the roster to one person, and everything that is wrong in that row. */
import type { RosterProblem, Severity } from '../problems.ts'
import type { HeaderRow } from './header-row.ts'
import type { TableRow } from './read-tables.ts'
import {
  fieldNames,
  partyStatusOf,
  plainWord,
  rolesOf,
  type PartyStatus,
  type RosterField,
  type RosterRole,
} from './vocabulary.ts'
import { columnLetters } from './xlsx-details.ts'

export interface RosterPerson {
  /** Row in the spreadsheet, from 1. */
  row: number
  /** Half-width, without spaces, leading zeros kept. */
  staffNo: string
  name: string
  committee: string | null
  branch: string | null
  group: string | null
  section: string | null
  postingUnit: string | null
  partyStatus: PartyStatus
  roles: RosterRole[]
  /** Position in hand order; null when not given. */
  handOrder: number | null
}

export interface RosterOptions {
  /** Names of existing branches. Looked at only with `createUnits: false`: then an unknown branch is refused. */
  knownBranches?: ReadonlySet<string>
  createUnits: boolean
}

export interface RowReader {
  header: HeaderRow
  options: RosterOptions
  problems: RosterProblem[]
  /** Length of the numbers that begin with 0; null when none does. */
  zeroPadded: number | null
}

/** The person of a row; null when number or name is missing or wrong. Problems are added to `reader.problems`. */
export function readPerson(row: TableRow, reader: RowReader): RosterPerson | null {
  const text = (field: RosterField) => {
    const column = reader.header.columns[field]
    return column === undefined ? '' : plainText(row.cells[column] ?? '')
  }
  const report = (field: RosterField, severity: Severity, what: string) =>
    reportAt(reader, row.row, field, severity, what)
  for (const field of Object.keys(reader.header.columns) as RosterField[]) {
    if (/^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!)$/.test(text(field)))
      report(field, 'refuse', '是公式错误。请改成文字')
  }
  const person: RosterPerson = {
    row: row.row,
    staffNo: text('staffNo').replace(/\s/g, ''),
    name: plainName(text('name')),
    committee: text('committee') || null,
    branch: text('branch') || null,
    group: text('group') || null,
    section: text('section') || null,
    postingUnit: text('postingUnit') || null,
    partyStatus: partyStatusOf(text('partyStatus')) ?? 'none',
    roles: rolesOf(text('duties')).roles,
    handOrder: /^\d{1,9}$/.test(text('handOrder')) ? Number(text('handOrder')) : null,
  }
  const isIdentified = checkIdentity(person, row, reader)
  checkUnits(person, reader)
  checkDuties(person, text, report)
  if (text('handOrder') !== '' && person.handOrder === null)
    report('handOrder', 'warn', `“${text('handOrder')}”不是整数，已当作没有填`)
  return isIdentified ? person : null
}

function checkIdentity(person: RosterPerson, row: TableRow, reader: RowReader): boolean {
  const report = (field: RosterField, severity: Severity, what: string) =>
    reportAt(reader, row.row, field, severity, what)
  const { staffNo, name } = person
  const isNumeric = row.numericColumns.includes(reader.header.columns.staffNo ?? -1)
  let isGood = false
  if (staffNo === '')
    report('staffNo', 'refuse', `是空的${name === '' ? '' : `（姓名：${name}）`}。请补上工号，或删去这一行`)
  else if (/^\d+(\.\d+)?e\+?\d+$/i.test(staffNo))
    report('staffNo', 'refuse', `“${staffNo}”已被表格改成科学计数。请把该列设为文本，重新填写`)
  else if (/^\d{17}[\dX]$/i.test(staffNo))
    report('staffNo', 'refuse', '像是身份证号，本系统不收集。请改填工号')
  else if (!/^[A-Z\d][A-Z\d._-]{0,31}$/i.test(staffNo))
    report('staffNo', 'refuse', `“${staffNo}”不是工号。请只用字母、数字和短横，不超过 32 位`)
  else isGood = true
  if (isGood && isNumeric && reader.zeroPadded !== null && staffNo.length < reader.zeroPadded) {
    report('staffNo', 'warn', `“${staffNo}”是数字格式，可能丢了前面的 0。请对照原表，把该列设为文本后重填`)
  }
  if (name === '')
    report(
      'name',
      'refuse',
      `是空的${staffNo === '' ? '' : `（工号：${staffNo}）`}。请补上姓名，或删去这一行`,
    )
  else if (/\d/.test(name) || name.length > 30) report('name', 'warn', `“${name}”不像姓名。请核对`)
  return isGood && name !== ''
}

function checkUnits(person: RosterPerson, reader: RowReader): void {
  const report = (field: RosterField, severity: Severity, what: string) =>
    reportAt(reader, person.row, field, severity, what)
  const { branch, group } = person
  if (group !== null && branch === null)
    report('group', 'refuse', `写了党小组“${group}”，却没有支部。请补上支部`)
  if (branch === null || reader.options.createUnits) return
  const known = reader.options.knownBranches ?? new Set<string>()
  if (known.has(branch)) return
  const similar = [...known].find((name) => branchWord(name) === branchWord(branch))
  const advice =
    similar === undefined
      ? '请先建立这个支部，或改成已有的支部名称'
      : `系统里有“${similar}”，如是同一个支部请改成这个名称`
  report('branch', 'refuse', `“${branch}”不在系统里。${advice}`)
}

function checkDuties(
  person: RosterPerson,
  text: (field: RosterField) => string,
  report: (field: RosterField, severity: Severity, what: string) => void,
): void {
  if (partyStatusOf(text('partyStatus')) === null) {
    report(
      'partyStatus',
      'refuse',
      `“${text('partyStatus')}”认不出。请改为：正式党员、预备党员、留党察看、群众`,
    )
  }
  for (const word of rolesOf(text('duties')).unknown) {
    report('duties', 'warn', `“${word}”不是本系统的职务，此人不会因此获得权限。如是行政职务可不理会`)
  }
  const needs = { 'branch-officer': 'branch', 'group-leader': 'group', 'section-scorer': 'section' } as const
  for (const role of person.roles) {
    const unit = role.role in needs ? needs[role.role as keyof typeof needs] : null
    if (unit !== null && person[unit] === null) {
      report(
        'duties',
        'refuse',
        `“${text('duties')}”需要知道在哪里任职，但“${fieldNames[unit]}”是空的。请补上`,
      )
    }
  }
}

/** Adds a problem whose sentence begins with row, column and heading; `what` has no full stop. */
export function reportAt(
  { header, problems }: Pick<RowReader, 'header' | 'problems'>,
  row: number,
  field: RosterField,
  severity: Severity,
  what: string,
): void {
  const index = header.columns[field]
  const column = index === undefined ? null : columnLetters(index)
  const heading = index === undefined ? fieldNames[field] : (header.cells[index] ?? fieldNames[field])
  const place = column === null ? `第 ${row} 行“${heading}”` : `第 ${row} 行 ${column} 列“${heading}”`
  problems.push({
    row,
    column,
    heading,
    severity,
    message: `${place}${/^[“]/.test(what) ? '：' : ''}${what}。`,
  })
}

/** What is left of a branch name for comparing names that mean the same branch. */
export const branchWord = (name: string) => plainWord(name).replace(/党|支部|委员会|第/g, '')
/** Half-width, no invisible characters, single spaces. */
export const plainText = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

/** “张 三” is 张三; the dot in names such as 阿依古丽·买买提 has one form; names in Latin letters keep their spaces. */
function plainName(text: string): string {
  const name = text.replace(/\s*[·•・∙.．]\s*(?=\p{Script=Han})/gu, '·')
  return /^[\p{Script=Han}·\s]+$/u.test(name) ? name.replace(/\s/g, '') : name
}
