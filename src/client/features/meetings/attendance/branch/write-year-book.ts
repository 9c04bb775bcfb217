/** The year's spreadsheet, made on the phone: with no network too. Loaded when it is asked for. */
import writeWorkbook from 'write-excel-file/universal'
import { yearBook, type HeldState } from '../../../../../shared/meetings/year/book/year-book.ts'
import { attendanceSheet } from '../../../../../shared/meetings/year/attendance-sheet.ts'
import { sortRoster, type RosterOrder } from '../../../../../shared/org/order/roster-order.ts'
import { readActor } from '../../../../storage/actor.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { a4Pages } from '../../../../../shared/spreadsheet/a4-pages.ts'
import { readYear } from '../../year/read-year.ts'
import { periodOf, type BranchYear } from './read-branch-year.ts'

export interface BookParts {
  phone: Phone
  view: BranchYear
  year: number
  order: RosterOrder
  held: Omit<HeldState, 'waiting'>
}

export async function writeYearBook({ phone, view, year, order, held }: BookParts): Promise<Blob> {
  const { db } = phone
  const madeAt = phone.now()
  const actor = await readActor(db, phone.person.id, madeAt)
  const [kinds, units] = await Promise.all([
    db.records('meeting-kind').toArray(),
    db.records('unit').toArray(),
  ])
  const unitNames = new Map(units.map(({ id, fields }) => [id, fields.name]))
  const kindNames = new Map(kinds.map(({ id, fields }) => [id, fields.name]))
  const unitId = view.unit?.id ?? ''
  const standing = await Promise.all(
    [unitId, ...view.groups.map(({ id }) => id)].map(async (id) => {
      const of = await readYear(db, actor, id, year)
      return {
        unitName: unitNames.get(id) ?? '',
        standing: of.standing,
        dateOf: (meetingId: string) => of.meetings.get(meetingId)?.date ?? '',
      }
    }),
  )
  const members = view.sheet.people
  const { meetings, today } = view
  const sheet = attendanceSheet({ period: periodOf(year, ''), today, meetings, kinds, members })
  const data = yearBook({
    year,
    unitName: view.unit?.name ?? '',
    madeBy: phone.person.name,
    madeAt,
    held: { ...held, waiting: view.waiting },
    units: standing,
    sheet,
    people: sortRoster(sheet.people, order),
    groupOf: (id) => view.groups.find(({ personIds }) => personIds.has(id))?.name ?? '',
    kindNameOf: (id) => kindNames.get(id) ?? '其他会议',
    unitNameOf: (id) => unitNames.get(id) ?? '',
    nameOf: (id) => view.names.get(id) ?? '不在本支部名单的人',
  })
  return await writeWorkbook(data, {
    features: [a4Pages(data)],
  }).toBlob()
}
