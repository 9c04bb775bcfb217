/** A phone on fake-indexeddb with one branch, one section and both sets, and what a page needs injected. */
import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { shallowRef, type App } from 'vue'
import { openPhoneDatabase, type PhoneDb } from '../../../../src/client/storage/db.ts'
import { phoneKey, type Phone } from '../../../../src/client/storage/phone.ts'
import { createRecordStore } from '../../../../src/client/storage/record-store.ts'
import type { AttentionItem, PhoneRecord } from '../../../../src/client/storage/rows.ts'
import {
  deliveryKey,
  type Delivery,
  type DeliverySummary,
} from '../../../../src/client/sync/delivery-state.ts'
import type { FieldsByType, RecordType } from '../../../../src/shared/sync/registry.ts'

// Each phone has a factory of its own; liveQuery only asks whether there is IndexedDB at all.
Dexie.dependencies.indexedDB ??= new IDBFactory()
Dexie.dependencies.IDBKeyRange ??= IDBKeyRange

/** 2026-11-22 10:00 in China. */
export const NOW = Date.parse('2026-11-22T02:00:00Z')
export const MONTH = '2026-11'

export const indicators = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: `i${at + 1}`,
    group: at < count / 2 ? '组织生活' : '联系群众',
    aspect: '',
    title: `指标${at + 1}`,
    description: '有记录',
    max: 5,
    step: 0.5,
  }))

export interface TestPhone extends Phone {
  put<T extends RecordType>(
    type: T,
    id: string,
    fields: FieldsByType[T],
    extra?: Partial<PhoneRecord<FieldsByType[T]>>,
  ): Promise<unknown>
}

export function createTestPhone(personId = 'p1', now = () => NOW): TestPhone {
  const options = { indexedDB: new IDBFactory(), IDBKeyRange }
  const db = openPhoneDatabase(personId, options)
  let next = 0
  const newId = () => `id-${personId}-${next++}`
  const store = createRecordStore({ db, personId, now, newId, onWrite: () => undefined })
  return {
    db,
    store,
    blobs: {} as Phone['blobs'],
    deviceKeys: {} as Phone['deviceKeys'],
    person: { id: personId, name: '周敏', staffNo: '10023' },
    deviceId: 'd1',
    now,
    put: (type, id, fields, extra = {}) =>
      db.records(type).put({
        id,
        scope: 'unit:x',
        rev: 1,
        schemaVersion: 1,
        fields,
        author: 'office',
        observedAt: NOW - 1000,
        receivedAt: NOW - 1000,
        pending: 0,
        ...extra,
      }),
  }
}

const people = [
  ['p1', '周敏'],
  ['p2', '李建国'],
  ['p3', '王芳'],
] as const

/** @param options.section without it nobody belongs to a section */
export async function seedOrg(phone: TestPhone, options: { section?: boolean; count?: number } = {}) {
  const { section = true, count = 4 } = options
  const unit = (kind: 'bureau' | 'branch' | 'section', name: string) => ({
    kind,
    name,
    parentId: kind === 'bureau' ? null : 'root',
    order: 0,
    endedOn: null,
  })
  await phone.put('unit', 'root', unit('bureau', '市局'))
  await phone.put('unit', 'b1', unit('branch', '第一支部'))
  await phone.put('unit', 's1', unit('section', '企业科'))
  for (const [personId, name] of people) {
    for (const unitId of section ? ['b1', 's1'] : ['b1']) {
      await phone.put('membership', `m-${personId}-${unitId}`, {
        personId,
        unitId,
        name,
        staffNo: '',
        memberKind: 'full',
        votingRight: true,
        primary: unitId === 'b1',
        handOrder: 0,
        from: '2020-01-01',
        to: null,
      })
    }
  }
  const set = { version: 1, sample: true, validFrom: '2026-01-01', validTo: null }
  await phone.put('indicator-set', 'setP', {
    ...set,
    name: '党建',
    side: 'party',
    indicators: indicators(count),
  })
  await phone.put('indicator-set', 'setW', {
    ...set,
    name: '业务',
    side: 'work',
    indicators: indicators(count),
  })
}

export const giveRole = (
  phone: TestPhone,
  unitId: string,
  role: 'branch-officer' | 'section-scorer',
): Promise<unknown> =>
  phone.put('role', `r-${unitId}`, {
    personId: phone.person.id,
    unitId,
    name: phone.person.name,
    role,
    title: '评分人',
    from: '2020-01-01',
    to: null,
    revokedForCause: false,
  })

export const testDelivery = (
  attention: AttentionItem[] = [],
  contact: Partial<DeliverySummary> = {},
): Delivery => ({
  summary: shallowRef({
    phase: 'idle',
    waiting: 0,
    oldestWaitingAt: null,
    attention: attention.length,
    lastContactAt: null,
    preparing: false,
    ...contact,
  }),
  waiting: shallowRef([]),
  attentionItems: shallowRef(attention),
  syncNow: async () => undefined,
  stateOf: (record) => (record.pending === 1 ? 'on-device' : 'delivered'),
  retry: async () => undefined,
  discard: async () => undefined,
  exportText: async () => '',
  close: () => undefined,
})

export const withPhone =
  (phone: Phone, delivery = testDelivery()) =>
  (app: App) => {
    app.provide(phoneKey, phone)
    app.provide(deliveryKey, delivery)
  }

export { untilSo as until } from '../../../support/eventually.ts'

export const facts = <T extends RecordType>(db: PhoneDb, type: T) => db.records(type).toArray()
