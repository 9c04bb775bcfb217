/**
 * The saved 签到表 after people have worked on it in Excel or WPS: rows moved and added, cells merged, formulas. Guarantee: what a
 * cell shows is read; of whom nothing can be read, that person is named, and nobody gets a mark that stands beside another name.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { emptySheet } from '../../../../../src/client/features/meetings/sheet/attendance-sheet.ts'
import { readFilled } from '../../../../../src/client/features/meetings/sheet/import/read-filled.ts'
import { readSheetFacts } from '../../../../../src/client/features/meetings/sheet/read-facts.ts'
import { writeSheet } from '../../../../../src/client/features/meetings/sheet/write-sheet.ts'
import { columnName } from '../../../../../src/client/features/meetings/spreadsheet/cells.ts'
import { readSpreadsheet } from '../../../../../src/client/features/meetings/spreadsheet/read-spreadsheet.ts'
import { arrive, fillBranch, meetingFields, setupPhone } from '../fixtures.ts'

const SHEET = 'xl/worksheets/sheet1.xml'
const text = (at: string, words: string) => `<c r="${at}" t="inlineStr"><is><t>${words}</t></is></c>`

/** @param change of the sheet's XML; `mark` the column 考勤, `first` the row of the first person */
async function workedOn(change: (xml: string, first: number, mark: string) => string) {
  const phone = setupPhone('p0')
  await fillBranch(phone, 8)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  const facts = (await readSheetFacts(phone, 'mt'))!
  const { meeting, roster } = facts.roll
  const saved = await writeSheet(emptySheet(facts, meeting.fields.sittings[0]!, 'strokes'))
  const asSaved = await readSpreadsheet(saved, '签到表')
  if (asSaved.type === 'refused') throw new Error(asSaved.sentence)
  // As the spreadsheet counts: from 1, under the head.
  const first = asSaved.rows.findIndex((row) => row.includes('考勤')) + 2
  const mark = columnName(asSaved.rows[first - 2]!.indexOf('考勤'))
  const names = asSaved.rows.slice(first - 1, first + 7).map((row) => String(row[1]))
  const files = unzipSync(new Uint8Array(await saved.arrayBuffer()))
  files[SHEET] = strToU8(change(strFromU8(files[SHEET]!), first, mark))
  const file = await readSpreadsheet(new Blob([zipSync(files) as Uint8Array<ArrayBuffer>]), '签到表')
  if (file.type === 'refused') throw new Error(file.sentence)
  const world = { meetingId: 'mt', meeting: meeting.fields, roster, people: facts.people }
  const answer = readFilled(file.rows, world)
  if (answer.type === 'refused') throw new Error(answer.sentence)
  return { answer, names, mark, marked: answer.rows.map((row) => [row.name, row.mark.state]) }
}
/** Puts another cell into its place. */
function put(xml: string, at: string, cell: string): string {
  const found = new RegExp(`<c r="${at}"[^>]*?(?:/>|>.*?</c>)`)
  if (!found.test(xml)) throw new Error(`no cell ${at}`)
  return xml.replace(found, cell)
}
it('a formula counts as what it shows; one that shows nothing, or an error, leaves its person unmarked, by name', async () => {
  const { answer, names, marked } = await workedOn((xml, first, mark) => {
    const formula = '<f>IF(1,"到会","缺席")</f>'
    const shown = put(xml, `${mark}${first}`, `<c r="${mark}${first}" t="str">${formula}<v>到会</v></c>`)
    const none = put(shown, `${mark}${first + 1}`, `<c r="${mark}${first + 1}" t="str">${formula}</c>`)
    const error = `<c r="${mark}${first + 2}" t="e"><f>VLOOKUP(1,A1:B2,2)</f><v>#N/A</v></c>`
    return put(none, `${mark}${first + 2}`, error)
  })
  expect(marked).toEqual([[names[0], 'present']])
  expect(answer.blank).toEqual(names.slice(1))
  expect(answer.problems).toEqual([])
})

it('one mark over three merged cells is that of the first; the others are named as empty', async () => {
  const { answer, names, marked } = await workedOn((xml, first, mark) =>
    put(xml, `${mark}${first}`, text(`${mark}${first}`, '缺席')).replace(
      /<mergeCells count="\d+">/,
      (head) => `${head}<mergeCell ref="${mark}${first}:${mark}${first + 2}"/>`,
    ),
  )
  expect(marked).toEqual([[names[0], 'absent']])
  expect(answer.blank.slice(0, 2)).toEqual([names[1], names[2]])
})

it('rows that changed places keep their person, and a row that was added is asked about', async () => {
  const { answer, names, marked } = await workedOn((xml, first, mark) => {
    const filled = put(xml, `${mark}${first}`, text(`${mark}${first}`, '迟到'))
    const rowAt = (at: number) => new RegExp(`<row r="${at}".*?</row>`).exec(filled)![0]
    const moved = (row: string, from: number, to: number) =>
      row.replaceAll(new RegExp(`(r="[A-Z]*)${from}"`, 'g'), `$1${to}"`)
    const [one, other] = [rowAt(first), rowAt(first + 1)]
    const added = `<row r="60">${text('B60', '新来的人')}${text(`${mark}60`, '到会')}</row>`
    return filled
      .replace(one + other, moved(other, first + 1, first) + moved(one, first, first + 1))
      .replace('</sheetData>', `${added}</sheetData>`)
  })
  expect(marked).toEqual([[names[0], 'late']])
  expect(answer.extras).toMatchObject([{ row: 60, name: '新来的人', personId: null }])
})

it('what a box or a count writes is no mark: it is told with its place', async () => {
  const { answer, marked, names, mark } = await workedOn((xml, first, mark) => {
    const ticked = put(xml, `${mark}${first}`, `<c r="${mark}${first}" t="b"><v>1</v></c>`)
    return put(ticked, `${mark}${first + 1}`, `<c r="${mark}${first + 1}"><v>1</v></c>`)
  })
  expect(marked).toEqual([])
  expect(answer.problems).toMatchObject([
    { column: mark, sentence: expect.stringContaining(`${names[0]}写的是“true”`) },
    { column: mark, sentence: expect.stringContaining(`${names[1]}写的是“1”`) },
  ])
})
