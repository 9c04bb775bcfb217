/**
 * Halls for the built app: the demo's full bureau, and on top of it what a year leaves on a member's phone, or a branch with
 * far more people than any has.
 */
import { DEMO_PASSWORD, STAFF } from '../../../src/server/demo/accounts.ts'
import { fillDemo } from '../../../src/server/demo/fill.ts'
import { meetingKindId } from '../../../src/server/commands/make-bureau.ts'
import type { Stores } from '../../../src/server/open-stores.ts'
import type { WriteTx } from '../../../src/server/store/record-store.ts'
import { civilDate, DAY_MS, isoWeek } from '../../../src/shared/civil-time.ts'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { benchId, putQuickly, reflectionOf, textOf, type NewRecord } from './records.ts'

export const MEMBER = STAFF.member
export const PASSWORD = DEMO_PASSWORD

/** `demo`: about 250 records for a member. `year`: 10,000 more. `crowd`: branches of 300 and of 10,000 people. */
export type HallKind = 'demo' | 'year' | 'crowd'

const YEAR = { lessons: 1000, receipts: 1000, meetings: 60, records: 10_000 }
const CROWD = 10_000
const ROOMY = 300
const IN_ONE_TRANSACTION = 2000
const WEEKS = 50
const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜'

interface Place {
  personId: string
  unitId: string
  columnId: string
}

export async function placeOfMember({ store }: Pick<Stores, 'store'>): Promise<Place> {
  return store.read(async (tx) => {
    const account = await tx.account({ staffNo: MEMBER })
    const fieldsOf = async (type: string) =>
      (await tx.records({ types: [type] })).map((row) => ({
        id: row.id,
        fields: JSON.parse(row.fields) as JsonObject,
      }))
    const own = (await fieldsOf('membership')).find(
      ({ fields }) => fields['personId'] === account?.personId && fields['primary'] === true,
    )
    const [column] = await fieldsOf('column')
    if (account === undefined || own === undefined || column === undefined)
      throw new Error('the demo has no such member')
    return { personId: account.personId, unitId: own.fields['unitId'] as string, columnId: column.id }
  })
}

function lessonOf(n: number, { columnId }: Place, now: number): NewRecord {
  const id = benchId('le', n)
  const publishAt = now - (8 + 7 * (n % WEEKS)) * DAY_MS
  const fields = {
    issueId: id,
    unitId: null,
    week: isoWeek(civilDate(publishAt)),
    columnId,
    title: `示例旧课 ${n}`,
    body: textOf(n, 180),
    attachments: [],
    publishAt,
    revision: 1,
    revisedAt: null,
    revisionNote: '',
    withdrawn: false,
  }
  return { type: 'lesson', id, fields }
}

function receiptOf(n: number, place: Place, now: number): NewRecord {
  const { id: lessonId, fields } = lessonOf(n, place, now)
  const about = { lessonId, week: fields['week']!, lessonTitle: fields['title']!, lessonRevision: 1 }
  const { personId, unitId } = place
  const id = benchId('rc', n)
  return { type: 'lesson-receipt', id, fields: { personId, unitId, ...about, learned: true, supersedes: [] } }
}

function meetingOf(n: number, { unitId }: Place, now: number): NewRecord {
  const startsAt = now - (2 + 6 * n) * DAY_MS
  const fields = {
    unitId,
    kindId: meetingKindId('支部党员大会'),
    title: `示例旧会 ${n}`,
    date: civilDate(startsAt),
    sittings: [{ id: benchId('si', n), name: '全天场次', startsAt, place: '三楼会议室' }],
    agenda: textOf(n, 150),
    chairId: null,
    recorderId: null,
    guests: [],
    attachments: [],
    state: 'held',
  }
  return { type: 'meeting', id: benchId('me', n), fields }
}

/** Nearly all of it is what colleagues have written: a phone reads it only where it is asked for. */
function recordOfYear(n: number, place: Place, now: number): NewRecord {
  const { lessons, receipts, meetings } = YEAR
  if (n < lessons) return lessonOf(n, place, now)
  if (n < lessons + receipts) return receiptOf(n - lessons, place, now)
  if (n < lessons + receipts + meetings) return meetingOf(n - lessons - receipts, place, now)
  return reflectionOf(n, place.unitId, idFrom('writer', String(n % 49)))
}

function membershipOf(n: number, unitId: string, personId = idFrom('crowd', String(n))): NewRecord {
  const surname = SURNAMES[n % SURNAMES.length]!
  const fields = {
    personId,
    unitId,
    name: `${surname}示例${n}`,
    staffNo: '',
    memberKind: 'full',
    votingRight: true,
    primary: false,
    handOrder: 0,
    from: '2026-01-01',
    to: null,
  }
  return { type: 'membership', id: idFrom('crowd-membership', unitId, String(n)), fields }
}

/** Two branches more, of which the member is one of many. */
export const CROWD_UNITS = [
  { name: '三百人支部', people: ROOMY },
  { name: '万人支部', people: CROWD },
] as const
const crowdUnitId = (name: string) => idFrom('crowd-unit', name)

async function putCrowds(tx: WriteTx, place: Place, now: number): Promise<void> {
  const own = await tx.record('unit', place.unitId)
  for (const { name, people } of CROWD_UNITS) {
    const id = crowdUnitId(name)
    const fields = { ...(JSON.parse(own!.fields) as JsonObject), name }
    await putQuickly(tx, { type: 'unit', id, fields }, now)
    await putQuickly(tx, membershipOf(0, id, place.personId), now)
    for (let n = 1; n < people; n++) await putQuickly(tx, membershipOf(n, id), now)
  }
}

export async function fillHall(stores: Stores, kind: HallKind, now: number): Promise<void> {
  const { store, blobs } = stores
  await fillDemo({ store, blobs, now, size: 'bureau' })
  const place = await placeOfMember(stores)
  if (kind === 'crowd') await store.write([], (tx) => putCrowds(tx, place, now))
  if (kind !== 'year') return
  for (let at = 0; at < YEAR.records; at += IN_ONE_TRANSACTION) {
    await store.write([], async (tx) => {
      for (let n = at; n < Math.min(at + IN_ONE_TRANSACTION, YEAR.records); n++)
        await putQuickly(tx, recordOfYear(n, place, now), now)
    })
  }
}
