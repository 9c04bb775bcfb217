/** Fills a store for the benchmark: a bureau with people of each role, and as many records as asked for. */
import { hashPassword, newToken, sha256Of } from '../../../src/server/auth/passwords.ts'
import { makeBureau } from '../../../src/server/commands/make-bureau.ts'
import { ALL_COLUMNS, type PersonRow } from '../../../src/server/commands/people/person-row.ts'
import { putPeople } from '../../../src/server/commands/put-people.ts'
import type { RecordStore, WriteTx } from '../../../src/server/store/record-store.ts'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import { branchId, PASSWORD, personIdOf } from '../../support/endpoint.ts'
import { benchId, putQuickly, recordOf, reflectionOf, textOf } from './records.ts'

export const MEMBER = '1003'
/** Secretary of a branch of fifty. */
export const OFFICER = '3000'
export const ADMIN = '0001'
export const FIRST_BRANCH = branchId('第一支部')
/** Loses this branch when its ten thousand rows are to be dropped. */
export const SECOND_BRANCH = branchId('第二支部')
export const BIG_BRANCH = branchId('第三支部')
export { PASSWORD }

const IN_ONE_TRANSACTION = 2000

const row = (staffNo: string, branch: string, roles: PersonRow['roles'] = []): PersonRow => ({
  staffNo,
  name: `示例${staffNo}`,
  committee: null,
  branch,
  group: null,
  section: '综合科',
  postingUnit: null,
  partyStatus: 'full',
  roles,
  handOrder: null,
})

const secretary = { role: 'branch-officer' as const, title: '支部书记' }

export function smallBureau(): PersonRow[] {
  const fifty = Array.from({ length: 50 }, (_, n) => row(String(3001 + n), '第三支部'))
  return [
    row('1001', '第一支部', [secretary]),
    row(MEMBER, '第一支部'),
    row('2002', '第二支部'),
    row(OFFICER, '第三支部', [secretary]),
    ...fifty,
  ]
}

/** Branches and sections of 25, each branch with a secretary, as many people as told. */
export function largeBureau(people: number): PersonRow[] {
  return Array.from({ length: people }, (_, n) => {
    const number = 1 + Math.floor(n / 25)
    const person = row(String(10_000 + n), `第${number}支部`, n % 25 === 0 ? [secretary] : [])
    return { ...person, section: `第${number}科` }
  })
}

export async function fillBureau(
  store: RecordStore,
  people: readonly PersonRow[],
  now: number,
): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD)
  const before = now - 300 * 86_400_000
  let ids = 0
  const newId = () => idFrom('bench', String(++ids))
  await store.write([], async (tx) => {
    await makeBureau(tx, {
      bureauName: '示例大厅',
      staffNo: ADMIN,
      name: '管理员',
      passwordHash,
      now: before,
      newId,
    })
    await putPeople(tx, people, { columns: ALL_COLUMNS, createUnits: true, author: 'bench', now: before })
    for (const { staffNo } of people) {
      const account = await tx.account({ staffNo })
      if (account !== undefined) await tx.putAccount({ ...account, passwordHash })
    }
    for (const person of people) await putFirstReceipt(tx, person, now)
  })
}

/** A scope exists from its first record on: with one in each person's file an officer of fifty has as many scopes as in a hall. */
async function putFirstReceipt(tx: WriteTx, { staffNo, branch }: PersonRow, now: number): Promise<void> {
  const fields = {
    personId: personIdOf(staffNo),
    unitId: branchId(branch ?? ''),
    lessonId: benchId('le', 0),
    week: '2026-W46',
    lessonTitle: '示例一课',
    lessonRevision: 1,
    learned: true,
    supersedes: [],
  }
  await putQuickly(tx, { type: 'lesson-receipt', id: idFrom('bench-receipt', staffNo), fields }, now)
}

/** What a Monday brings to everyone: so many lessons of about 4 KB. */
export async function fillWeek(store: RecordStore, lessons: number, now: number): Promise<void> {
  await store.write([], async (tx) => {
    for (let n = 0; n < lessons; n++) {
      const { type, id, fields } = recordOf(2 * n, FIRST_BRANCH)
      await putQuickly(tx, { type, id, fields: { ...fields, body: textOf(n, 1300) } }, now)
    }
  })
}

/** Records number `from` up to `to`, without it. */
export async function fillRecords(store: RecordStore, from: number, to: number, now: number): Promise<void> {
  for (let at = from; at < to; at += IN_ONE_TRANSACTION) {
    await store.write([], async (tx) => {
      for (let number = at; number < Math.min(at + IN_ONE_TRANSACTION, to); number++)
        await putQuickly(tx, recordOf(number, FIRST_BRANCH), now)
    })
  }
}

/** The member also belongs to a second branch, which holds so many rows of its own. */
export async function fillSecondBranch(store: RecordStore, rows: number, now: number): Promise<string> {
  const id = idFrom('bench-membership', MEMBER)
  const personId = personIdOf(MEMBER)
  await store.write([], (tx) =>
    putQuickly(
      tx,
      {
        type: 'membership',
        id,
        fields: {
          personId,
          unitId: SECOND_BRANCH,
          name: '示例',
          staffNo: MEMBER,
          memberKind: 'full',
          votingRight: true,
          primary: false,
          handOrder: 0,
          from: '2026-01-01',
          to: null,
        },
      },
      now,
    ),
  )
  for (let at = 0; at < rows; at += IN_ONE_TRANSACTION) {
    await store.write([], async (tx) => {
      for (let n = at; n < Math.min(at + IN_ONE_TRANSACTION, rows); n++)
        await putQuickly(tx, reflectionOf(50_000_000 + n, SECOND_BRANCH), now)
    })
  }
  return id
}

export interface Seat {
  staffNo: string
  personId: string
  deviceId: string
  /** The cookie's value. */
  token: string
}

/** Signed-in devices without the work of a thousand passwords. */
export async function seatPeople(
  store: RecordStore,
  staffNos: readonly string[],
  now: number,
): Promise<Seat[]> {
  const seats: Seat[] = []
  await store.write([], async (tx) => {
    for (const staffNo of staffNos) {
      const account = await tx.account({ staffNo })
      if (account === undefined) throw new Error(`nobody has the staff number ${staffNo}`)
      const { personId } = account
      const token = newToken()
      const deviceId = idFrom('bench-device', token)
      await tx.putDevice({
        id: deviceId,
        personId,
        name: 'bench',
        lastMutation: 0,
        keyId: null,
        createdAt: now,
        revokedAt: null,
      })
      await tx.putSession({
        tokenHash: sha256Of(token),
        personId,
        deviceId,
        createdAt: now,
        expiresAt: now + 86_400_000,
      })
      seats.push({ staffNo, personId, deviceId, token })
    }
  })
  return seats
}
