/** The demo bureau with 300 rows more in every list: people of the first branch, lessons, documents with their circulations, meetings. */
import { DAY_MS, civilDate, isoWeek } from '../../../src/shared/civil-time.ts'
import { circulationId, confirmationId } from '../../../src/shared/circulation/circulation.ts'
import { ALL_COLUMNS } from '../../../src/server/commands/people/person-row.ts'
import { putPeople } from '../../../src/server/commands/put-people.ts'
import { demoId } from '../../../src/server/demo/context.ts'
import { SMALL_PEOPLE } from '../../../src/server/demo/people/small.ts'
import { FIRST_BRANCH_ID } from '../../../src/server/demo/people/units.ts'
import type { WriteTx } from '../../../src/server/store/record-store.ts'
import { fillSmall, type HallFill } from './fill-small.ts'
import { put, rowsOf, type Row } from './rewrite.ts'

const COUNT = 300
const numbers = Array.from({ length: COUNT }, (_, n) => n + 1)
const SURNAMES = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜']
const GIVEN = [...'明丽强敏静磊军洋勇艳杰娟涛超秀英华平刚桂']

/** The pattern of a list: a row of the first branch, or of everybody. */
async function patternOf(tx: WriteTx, type: string, unitId: string | null): Promise<Row> {
  const found = (await rowsOf(tx, type)).find(({ fields }) => fields['unitId'] === unitId)
  if (found === undefined) throw new Error(`the demo has no ${type} to copy`)
  return found
}

async function morePeople(tx: WriteTx, now: number): Promise<void> {
  const like = SMALL_PEOPLE.find(({ staffNo }) => staffNo === '1010')!
  const people = numbers.map((n) => ({
    ...like,
    staffNo: String(60_000 + n),
    name: `${SURNAMES[n % SURNAMES.length]}${GIVEN[n % GIVEN.length]}${GIVEN[(n * 7) % GIVEN.length]}`,
    handOrder: null,
  }))
  const long = now - 90 * DAY_MS
  await putPeople(tx, people, { columns: ALL_COLUMNS, createUnits: false, author: 'import', now: long })
}

async function moreLessons(tx: WriteTx, now: number): Promise<void> {
  const { author, fields } = await patternOf(tx, 'lesson', null)
  for (const n of numbers) {
    const id = demoId('crowded', 'lesson', String(n))
    const publishAt = now - n * DAY_MS
    const own = {
      issueId: id,
      title: `往期一课第 ${n} 篇（示例）`,
      publishAt,
      week: isoWeek(civilDate(publishAt)),
    }
    await put(tx, 'lesson', { id, author, fields: { ...fields, ...own } }, now)
  }
}

async function moreDocuments(tx: WriteTx, now: number): Promise<void> {
  const sent = await patternOf(tx, 'circulation', FIRST_BRANCH_ID)
  const documents = await rowsOf(tx, 'document')
  const document = documents.find(({ id }) => id === sent.fields['documentId'])!
  const confirmations = await rowsOf(tx, 'document-confirmation')
  const confirmed = confirmations.find(({ id }) => id === confirmationId(document.id, 1))!
  for (const n of numbers) {
    const documentId = demoId('crowded', 'document', String(n))
    const head = { title: `关于第 ${n} 项安排的通知（示例）`, documentNo: `办公室〔2026〕${100 + n} 号` }
    const rows: [string, Row][] = [
      ['document', { ...document, id: documentId, fields: { ...document.fields, ...head } }],
      [
        'document-confirmation',
        {
          ...confirmed,
          id: confirmationId(documentId, 1),
          fields: { ...confirmed.fields, documentId, title: head.title },
        },
      ],
      [
        'circulation',
        {
          ...sent,
          id: circulationId(documentId, FIRST_BRANCH_ID),
          fields: { ...sent.fields, ...head, documentId, deadline: civilDate(now + (n % 30) * DAY_MS) },
        },
      ],
    ]
    for (const [type, row] of rows) await put(tx, type, row, now)
  }
}

async function moreMeetings(tx: WriteTx, now: number): Promise<void> {
  const { author, fields } = await patternOf(tx, 'meeting', FIRST_BRANCH_ID)
  for (const n of numbers) {
    const at = now - n * DAY_MS
    const own = {
      title: `第 ${n} 次支部会议（示例）`,
      date: civilDate(at),
      sittings: [
        { id: demoId('crowded', 'sitting', String(n)), name: '全体', startsAt: at, place: '三楼会议室' },
      ],
    }
    const id = demoId('crowded', 'meeting', String(n))
    await put(tx, 'meeting', { id, author, fields: { ...fields, ...own } }, now)
  }
}

export async function fillCrowded(given: HallFill): Promise<void> {
  await fillSmall(given)
  await given.store.write([], async (tx) => {
    for (const more of [morePeople, moreLessons, moreDocuments, moreMeetings]) await more(tx, given.now)
  })
}
