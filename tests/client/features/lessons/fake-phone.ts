/** A phone with a database of its own and a clock that stands, for pages of reading. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type RouteRecordRaw } from 'vue-router'
import { createBlobStore, type FetchBlob } from '../../../../src/client/storage/files/blobs.ts'
import { openPhoneDatabase } from '../../../../src/client/storage/db.ts'
import { phoneKey, type Phone } from '../../../../src/client/storage/phone.ts'
import { createRecordStore } from '../../../../src/client/storage/record-store.ts'
import { createDelivery, deliveryKey } from '../../../../src/client/sync/delivery-state.ts'
import ConfirmHost from '../../../../src/client/ui/feedback/ConfirmHost.vue'
import { definitionOf, type FieldsByType, type RecordType } from '../../../../src/shared/sync/registry.ts'

/** Tuesday of week 48. */
export const NOW = Date.parse('2026-11-24T01:00:00Z')
export const DAY = 86_400_000
export const ME = { id: 'p1', name: '陈某某', staffNo: '1001' }

export function setupPhone(fetchBlob: FetchBlob = () => Promise.reject(new Error('no network'))) {
  const db = openPhoneDatabase(ME.id, { indexedDB: new IDBFactory(), IDBKeyRange })
  const clock = { now: NOW }
  let count = 0
  const now = () => clock.now
  const newId = () => `new-${(count += 1)}`
  const store = createRecordStore({ db, personId: ME.id, now, newId, onWrite: () => undefined })
  const blobs = createBlobStore({ db, fetchBlob, now })
  const phone = { db, store, blobs, person: ME, deviceId: 'd1', now } as unknown as Phone
  /** A row as a pull brings it. */
  const give = <T extends RecordType>(type: T, id: string, fields: FieldsByType[T], at = NOW) =>
    db.records(type).put({
      id,
      scope: definitionOf(type)?.scopeOf(fields) ?? 'org',
      rev: 1,
      schemaVersion: 1,
      author: 'x',
      observedAt: at,
      receivedAt: at,
      pending: 0,
      fields,
    })
  return { db, store, blobs, phone, clock, give }
}
export type TestPhone = ReturnType<typeof setupPhone>

export async function giveUnits({ give }: TestPhone): Promise<void> {
  await give('unit', 'b1', { kind: 'branch', name: '大厅支部', parentId: 'root', order: 1, endedOn: null })
  await give('membership', 'm1', {
    personId: ME.id,
    unitId: 'b1',
    name: ME.name,
    primary: true,
    memberKind: 'full',
    from: '2020-01-01',
    to: null,
  } as FieldsByType['membership'])
}

export const lessonFields = (changes: Partial<FieldsByType['lesson']> = {}): FieldsByType['lesson'] => ({
  issueId: 'l1',
  unitId: null,
  week: '2026-W48',
  columnId: 'c1',
  title: '三种样子',
  body: '一段\n\n二段\n\n三段\n\n四段',
  attachments: [],
  publishAt: NOW - DAY,
  revision: 1,
  revisedAt: null,
  revisionNote: '',
  withdrawn: false,
  ...changes,
})

/** Mounts the page of an address, with the hosts that the app has beside it. */
export async function openPage(
  { phone, db }: TestPhone,
  routes: RouteRecordRaw[],
  address: string,
  provided: Record<symbol, unknown> = {},
) {
  const other: Component = { render: () => h('p', '别处') }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [...routes, { path: '/:rest(.*)*', component: other }],
  })
  await router.push(address)
  const delivery = createDelivery({
    db,
    personId: ME.id,
    now: phone.now,
    syncNow: () => Promise.resolve(),
    wake: () => undefined,
  })
  const app = mount(
    { render: () => [h(RouterView, { key: router.currentRoute.value.path }), h(ConfirmHost)] },
    {
      attachTo: document.body,
      global: {
        plugins: [router],
        provide: { [phoneKey as symbol]: phone, [deliveryKey as symbol]: delivery, ...provided },
      },
    },
  )
  const close = () => {
    app.unmount()
    delivery.close()
  }
  return { app, router, close }
}

export const buttonSaying = (words: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === words)
