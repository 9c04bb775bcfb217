/** A branch of 50 on one phone, as far as meetings need it. Each phone has an IndexedDB of its own. */
import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import type { Actor } from '../../../../src/shared/org/actor.ts'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import { readActor } from '../../../../src/client/storage/actor.ts'
import { openPhoneDatabase, type PhoneDb } from '../../../../src/client/storage/db.ts'
import type { Phone } from '../../../../src/client/storage/phone.ts'
import { createRecordStore } from '../../../../src/client/storage/record-store.ts'

// liveQuery only asks whether there is IndexedDB at all.
Dexie.dependencies.indexedDB ??= new IDBFactory()
Dexie.dependencies.IDBKeyRange ??= IDBKeyRange

export const NOW = civilInstant('2026-11-23', '21:00')
export const BRANCH = 'b1'

export interface TestPhone extends Phone {
  setNow(ms: number): void
}

export function setupPhone(personId: string, indexedDB = new IDBFactory()): TestPhone {
  const db = openPhoneDatabase(personId, { indexedDB, IDBKeyRange })
  let clock = NOW
  let ids = 0
  const now = () => clock++
  const store = createRecordStore({
    db,
    personId,
    now,
    newId: () => `${personId}-${++ids}`,
    onWrite: () => {},
  })
  return {
    db,
    store,
    person: { id: personId, name: personId, staffNo: personId },
    deviceId: `device-${personId}`,
    now,
    setNow: (ms) => (clock = ms),
    blobs: {} as Phone['blobs'],
    deviceKeys: {} as Phone['deviceKeys'],
  }
}

export const actorOf = (phone: Phone): Promise<Actor> => readActor(phone.db, phone.person.id, phone.now())

/** A row as a pull brings it. */
export async function arrive(db: PhoneDb, type: string, id: string, fields: object): Promise<void> {
  await db.rows(type).put({
    id,
    scope: 'unit:b1',
    rev: 1,
    schemaVersion: 1,
    fields: fields as never,
    author: 'admin',
    observedAt: NOW - 1000,
    receivedAt: NOW,
    pending: 0,
  })
}

const HALF = { part: [1, 2], base: 'voters', article: '第十一条', toBeChecked: true }
const SURNAMES = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢',
]

/** p0 and p1 are officers; the last two are 预备. */
export async function fillBranch(phone: Phone, members = 50): Promise<void> {
  const { db } = phone
  await arrive(db, 'unit', BRANCH, { kind: 'branch', name: '第一党支部', parentId: 'root', order: 0 })
  for (let at = 0; at < members; at++) {
    await arrive(db, 'membership', `m${at}`, {
      personId: `p${at}`,
      unitId: BRANCH,
      name: `${SURNAMES[at % 50]}某${at}`,
      staffNo: '',
      memberKind: at >= members - 2 ? 'probationary' : 'full',
      votingRight: at < members - 2,
      primary: true,
      handOrder: 0,
      from: '2020-01-01',
      to: null,
    })
  }
  for (const personId of ['p0', 'p1'])
    await arrive(db, 'role', `r-${personId}`, {
      personId,
      unitId: BRANCH,
      name: '',
      role: 'branch-officer',
      title: personId === 'p0' ? '支部书记' : '组织委员',
      from: '2024-01-01',
      to: null,
      revokedForCause: false,
    })
  await arrive(db, 'meeting-kind', 'general', {
    name: '支部党员大会',
    order: 0,
    unitKinds: ['branch'],
    roster: 'members',
    cadence: null,
    quorum: { ...HALF, comparator: '>=' },
    passing: { ...HALF, comparator: '>' },
  })
}

export const meetingFields = (changes: object = {}): object => ({
  unitId: BRANCH,
  kindId: 'general',
  title: '11 月支部党员大会',
  date: '2026-11-23',
  sittings: [{ id: 'st1', name: '全体', startsAt: civilInstant('2026-11-23', '20:45'), place: '三楼会议室' }],
  agenda: '',
  chairId: null,
  recorderId: null,
  guests: [{ name: '林科长', personId: null }],
  attachments: [],
  state: 'planned',
  ...changes,
})

/** What the other phone wrote arrives here. */
export async function carryMarks(from: Phone, to: Phone): Promise<void> {
  for (const row of await from.db.records('roll-mark').toArray())
    await to.db.records('roll-mark').put({ ...row, pending: 0, receivedAt: NOW, rev: 1 })
}
