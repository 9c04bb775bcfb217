/**
 * 签到表 out and back: what was made here is understood to the last row, a row that is not is told with its place, and a sheet of
 * something else is refused.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import {
  emptySheet,
  filledSheet,
} from '../../../../../src/client/features/meetings/sheet/attendance-sheet.ts'
import {
  readFilled,
  type FilledReading,
} from '../../../../../src/client/features/meetings/sheet/import/read-filled.ts'
import {
  readSheetFacts,
  type SheetFacts,
} from '../../../../../src/client/features/meetings/sheet/read-facts.ts'
import { sheetCells } from '../../../../../src/client/features/meetings/sheet/sheet-cells.ts'
import { writeSheet } from '../../../../../src/client/features/meetings/sheet/write-sheet.ts'
import { readSpreadsheet } from '../../../../../src/client/features/meetings/spreadsheet/read-spreadsheet.ts'
import { createRollActs } from '../../../../../src/client/features/meetings/roll/roll-acts.ts'
import { arrive, BRANCH, fillBranch, meetingFields, NOW, setupPhone, type TestPhone } from '../fixtures.ts'

const PLACE = { meetingId: 'mt', sittingId: 'st1', unitId: BRANCH }
let phone: TestPhone
let facts: SheetFacts
const look = async () => (facts = (await readSheetFacts(phone, 'mt'))!)
beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone, 8)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  await look()
})
const world = () => ({
  meetingId: 'mt',
  meeting: facts.roll.meeting.fields,
  roster: facts.roll.roster,
  people: facts.people,
})
const sitting = () => facts.roll.meeting.fields.sittings[0]!
const empty = () => emptySheet(facts, sitting(), 'strokes')
/** The empty sheet as rows, with what somebody wrote: by person id, or as further rows. */
function rowsWith(written: Record<string, string>, more: string[][] = []): unknown[][] {
  const rows = sheetCells(empty()).data.map((cells) => cells.map((one) => one?.value ?? null))
  const head = rows.find((row) => row.includes('姓名'))!
  const at = { mark: head.indexOf('考勤'), id: head.length - 1 }
  for (const row of rows) {
    const mark = written[String(row[at.id])]
    if (mark !== undefined) row[at.mark] = mark
  }
  const blank = () => head.map((): string | null => null)
  for (const [name, mark] of more) {
    const row = blank()
    row[head.indexOf('姓名')] = name!
    row[at.mark] = mark!
    rows.push(row)
  }
  return rows
}
const read = (rows: unknown[][]): FilledReading => readFilled(rows, world())
const understood = (rows: unknown[][]) => {
  const answer = read(rows)
  if (answer.type === 'refused') throw new Error(answer.sentence)
  return answer
}

describe('out', () => {
  it('an empty sheet has everybody once, room for guests, and says nothing when it is read back', async () => {
    const file = await readSpreadsheet(await writeSheet(empty()), '签到表')
    expect(file.type).toBe('rows')
    if (file.type !== 'rows') return
    expect(file.rows.flat()).toContain('林科长')
    expect(readFilled(file.rows, world())).toEqual({
      type: 'read',
      sittingId: 'st1',
      isOlder: false,
      rows: [],
      extras: [],
      problems: [],
      blank: expect.arrayContaining(facts.roll.roster.map(({ name }) => name)),
      missing: [],
    })
  })
  it('a filled sheet read back is what the roll says', async () => {
    const acts = createRollActs(phone, PLACE)
    const of = (at: number) => facts.roll.roster.find(({ personId }) => personId === `p${at}`)!
    await acts.mark([
      { person: of(1), state: 'present' },
      { person: of(2), state: 'leave', leaveKind: 'sick' },
      { person: of(3), state: 'absent' },
      { person: of(4), state: 'late' },
    ])
    await phone.db.records('roll-mark').toCollection().modify({ pending: 0, receivedAt: NOW })
    await look()
    const file = await readSpreadsheet(await writeSheet(filledSheet(facts, 'st1', 'pinyin')), '签到表')
    if (file.type !== 'rows') throw new Error(file.sentence)
    const answer = readFilled(file.rows, world())
    if (answer.type !== 'read') throw new Error(answer.sentence)
    expect(new Map(answer.rows.map(({ personId, mark }) => [personId, mark]))).toEqual(
      new Map([
        ['p1', { state: 'present', leaveKind: null }],
        ['p2', { state: 'leave', leaveKind: 'sick' }],
        ['p3', { state: 'absent', leaveKind: null }],
        ['p4', { state: 'late', leaveKind: null }],
      ]),
    )
    expect(answer).toMatchObject({ isOlder: false, problems: [], extras: [] })
    expect(answer.blank).toHaveLength(4)
  })
  it('a name that looks like a formula is written as text', async () => {
    await arrive(phone.db, 'membership', 'mx', {
      personId: 'px',
      unitId: BRANCH,
      name: '=1+1',
      memberKind: 'full',
      votingRight: true,
      primary: true,
      from: '2020-01-01',
      to: null,
    })
    await look()
    for (const row of sheetCells(empty()).data)
      for (const one of row) expect(one?.type ?? String).toBe(String)
    const file = await readSpreadsheet(await writeSheet(empty()), '签到表')
    expect(file.type === 'rows' && file.rows.flat()).toContain('=1+1')
  })
})

describe('back', () => {
  it('marks by the hidden id, whatever order the rows stand in, with what was remarked', () => {
    const rows = rowsWith({ p2: '√', p5: '请假（值班）' })
    const at = rows.findIndex((row) => row.includes('姓名'))
    const [first, ...people] = rows.slice(at + 1, at + 9)
    rows.splice(at + 1, 8, ...people, first!)
    const note = rows[at]!.indexOf('备注')
    rows.find((row) => row.at(-1) === 'p5')![note] = '顶夜班'
    const { rows: found } = understood(rows)
    expect(
      found.map(({ personId, mark, reason }) => [personId, mark.state, mark.leaveKind, reason]).sort(),
    ).toEqual([
      ['p2', 'present', null, ''],
      ['p5', 'leave', 'duty', '顶夜班'],
    ])
  })
  it('tells each row that it does not understand, with its place, and takes the others', () => {
    const rows = rowsWith({ p1: '到', p2: '大概来了' })
    const { rows: found, problems } = understood(rows)
    expect(found.map(({ personId }) => personId)).toEqual(['p1'])
    expect(problems).toEqual([
      {
        row: rows.findIndex((row) => row.at(-1) === 'p2') + 1,
        column: 'F',
        sentence: expect.stringContaining('写的是“大概来了”，认不出'),
      },
    ])
  })
  it('two of the same name are told apart by the hidden id, and not guessed without it', async () => {
    for (const at of [1, 2])
      await phone.db
        .records('membership')
        .where('fields.personId')
        .equals(`p${at}`)
        .modify((row) => {
          row.fields.name = '王伟'
          row.fields.staffNo = `200${at}`
        })
    await look()
    expect(
      empty()
        .rows.filter(({ name }) => name === '王伟')
        .map(({ staffNo }) => staffNo)
        .sort(),
    ).toEqual(['2001', '2002'])
    expect(understood(rowsWith({ p2: '到' })).rows.map(({ personId }) => personId)).toEqual(['p2'])
    const rows = rowsWith({ p2: '到' })
    const row = rows.find((cells) => cells.at(-1) === 'p2')!
    row[row.length - 1] = ''
    expect(understood(rows).problems[0]?.sentence).toContain('有 2 个“王伟”，分不清是谁')
  })
  it('an id under another name is told, not believed', () => {
    const rows = rowsWith({ p2: '到' })
    const row = rows.find((cells) => cells.at(-1) === 'p2')!
    row[1] = '别的人'
    expect(understood(rows).problems[0]?.sentence).toContain('写的是“别的人”')
    expect(understood(rows).rows).toEqual([])
  })
  it('one person in two rows: once where they agree, not at all where they do not', () => {
    const twice = (mark: string) => {
      const rows = rowsWith({ p1: '到' })
      const at = rows.findIndex((row) => row.at(-1) === 'p1')
      const copy = [...rows[at]!]
      copy[rows.find((row) => row.includes('姓名'))!.indexOf('考勤')] = mark
      rows.splice(at + 1, 0, copy)
      return rows
    }
    expect(understood(twice('到会')).rows).toHaveLength(1)
    expect(understood(twice('缺席')).rows).toHaveLength(0)
    expect(understood(twice('缺席')).problems[0]?.sentence).toContain('有两行，写的不一样')
  })
  it('who is not expected is asked about: a guest below, a stranger between the others, somebody who has moved', async () => {
    await phone.db
      .records('membership')
      .where('fields.personId')
      .equals('p3')
      .modify((row) => {
        row.fields.to = '2026-01-01'
      })
    const rows = rowsWith({ p3: '到' }, [
      ['赵处长', ''],
      ['没来的客人', '缺席'],
      ['林科长', '到'],
    ])
    const at = rows.findIndex((row) => row.at(-1) === 'p4')
    const stranger = rows[at]!.map((): unknown => null)
    stranger[1] = '钱多多'
    stranger[5] = '到'
    rows.splice(at, 0, stranger)
    await look()
    const { extras, isOlder } = understood(rows)
    expect(new Set(extras.map(({ name, personId, isGuest }) => `${name} ${personId} ${isGuest}`))).toEqual(
      new Set(['钱多多 null false', `${facts.people.get('p3')!.name} p3 false`, '赵处长 null true']),
    )
    expect(isOlder).toBe(true)
  })
  it('an older sheet says so, and who is missing on it', async () => {
    const rows = rowsWith({ p1: '到' })
    await arrive(phone.db, 'membership', 'mx', {
      personId: 'px',
      unitId: BRANCH,
      name: '新来的',
      memberKind: 'full',
      votingRight: true,
      primary: true,
      from: '2020-01-01',
      to: null,
    })
    await look()
    expect(understood(rows)).toMatchObject({ isOlder: true, missing: ['新来的'], rows: [{ personId: 'p1' }] })
  })

  const keyed = (rows: unknown[][], from: string, to: string) =>
    rows.map((row) =>
      row.map((one) =>
        typeof one === 'string' && one.startsWith('window-hall/') ? one.replace(from, to) : one,
      ),
    )
  it.each([
    [
      'of another meeting',
      () => keyed(rowsWith({}), ' mt ', ' other '),
      '这是“11 月支部党员大会”的签到表，不是这场会的',
    ],
    ['of a sitting that is no more', () => keyed(rowsWith({}), ' st1 ', ' st9 '), '场次已经不在这场会里'],
    ['of a newer app', () => keyed(rowsWith({}), ' 1 ', ' 2 '), '请先更新应用'],
    ['without its key', () => keyed(rowsWith({}), 'window-hall/', ''), '认不出是哪场会的'],
    ['without a head', () => rowsWith({}).filter((row) => !row.includes('姓名')), '不要删表头'],
    ['with nothing in it', () => [], '不要删表头'],
    [
      'a whole meeting’s',
      () =>
        sheetCells(filledSheet(facts, null, 'strokes')).data.map((row) =>
          row.map((one) => one?.value ?? null),
        ),
      '认不出是哪场会的',
    ],
  ])('%s: refused as a whole', (_, rows, sentence) => {
    expect(read(rows())).toEqual({ type: 'refused', sentence: expect.stringContaining(sentence) })
  })
})
