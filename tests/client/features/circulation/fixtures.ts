/** A phone with a circulation on it, and its pages mounted. */
import 'fake-indexeddb/auto'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { flushPromises, mount } from '@vue/test-utils'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { untilSo } from '../../../support/eventually.ts'
import { offlineProblem } from '../../../../src/client/remote/call.ts'
import { createBlobStore } from '../../../../src/client/storage/files/blobs.ts'
import { hashBytes } from '../../../../src/client/storage/files/hash-bytes.ts'
import type { KeptFile } from '../../../../src/client/storage/files/kept-file.ts'
import { openPhoneDatabase } from '../../../../src/client/storage/db.ts'
import { createDeviceKeys } from '../../../../src/client/storage/keys/device-keys.ts'
import { phoneKey, type Phone } from '../../../../src/client/storage/phone.ts'
import { createRecordStore } from '../../../../src/client/storage/record-store.ts'
import type { PhoneRecord } from '../../../../src/client/storage/rows.ts'
import { createDelivery, deliveryKey } from '../../../../src/client/sync/delivery-state.ts'
import type { Circulation } from '../../../../src/shared/circulation/circulation.ts'
import type { Revision } from '../../../../src/shared/circulation/document/document.ts'
import type { SignOff } from '../../../../src/shared/circulation/signing/sign-off.ts'

export const NOW = Date.parse('2026-11-23T07:52:00+08:00')
export const HAND = { width: 1000, height: 500, strokes: [[10, 10, 200, 200]] }

/** The phone's person is 支部书记. */
export const OFFICER = {
  personId: 'p1',
  unitId: 'b1',
  name: '',
  role: 'branch-officer' as const,
  title: '支部书记',
  from: '2020-01-01',
  to: null,
  revokedForCause: false,
}

export async function textFile(words: string) {
  const bytes = new TextEncoder().encode(words)
  return { bytes, sha256: await hashBytes(bytes) }
}

export function revisionOf(revision: number, sha256: string): Revision {
  const file = { sha256, name: '通知.md', mime: 'text/markdown', sizeBytes: 20 }
  return { revision, file, pages: null, readingSha256: null, at: NOW, note: '' }
}

export function stored<Fields>(id: string, scope: string, fields: Fields, part: Partial<PhoneRecord> = {}) {
  const times = { observedAt: NOW, receivedAt: NOW }
  return {
    id,
    scope,
    rev: 1,
    schemaVersion: 1,
    fields,
    author: 'x',
    ...times,
    pending: 0 as const,
    ...part,
  } as PhoneRecord<Fields>
}

export function circulationFields(revisions: Revision[], part: Partial<Circulation> = {}): Circulation {
  return {
    unitId: 'b1',
    documentId: 'd1',
    documentNo: '办公室〔2026〕31 号',
    title: '关于延时服务的通知',
    issuer: '办公室',
    receivedOn: null,
    urgency: '平件',
    instructions: '',
    revisions,
    recipients: [
      { personId: 'p1', name: '陈思远' },
      { personId: 'p2', name: '王丽' },
      { personId: 'p3', name: '赵敏' },
    ],
    dispatchedAt: NOW,
    dispatchedBy: 'o',
    deadline: '2026-11-25',
    state: 'open',
    ...part,
  }
}

export function signOffFields(personId: string, revision: number, sha256: string): SignOff {
  return {
    unitId: 'b1',
    circulationId: 'c1',
    documentId: 'd1',
    documentNo: '',
    personId,
    signedBy: personId,
    revision,
    sha256,
    mode: 'in-person',
    signature: { kind: 'typed', name: '甲' },
    opinion: '',
    signedAt: NOW - 1000,
    keyId: null,
    deviceSignature: null,
    changeId: null,
    supersedes: [],
  }
}

export function setupPhone(options: { crypto?: Crypto; online?: Map<string, Uint8Array> } = {}) {
  const db = openPhoneDatabase('p1', { indexedDB: new IDBFactory(), IDBKeyRange })
  const now = () => NOW
  let made = 0
  const downloads: string[] = []
  const blobs = createBlobStore({
    db,
    now,
    fetchBlob: async (sha256) => {
      downloads.push(sha256)
      const bytes = options.online?.get(sha256)
      if (bytes === undefined) throw offlineProblem()
      return { bytes, mime: 'text/markdown' }
    },
  })
  const store = createRecordStore({
    db,
    personId: 'p1',
    now,
    newId: () => `made-${++made}`,
    onWrite: () => undefined,
  })
  const deviceKeys = createDeviceKeys(options.crypto ? { db, crypto: options.crypto } : { db })
  const person = { id: 'p1', name: '陈思远', staffNo: '1001' }
  const phone: Phone = { db, store, blobs, deviceKeys, person, deviceId: 'device', now }
  const delivery = createDelivery({
    db,
    personId: 'p1',
    now,
    syncNow: async () => undefined,
    wake: () => undefined,
  })
  delivery.setPhase('offline')
  return { phone, db, delivery, downloads }
}

const PadStub = defineComponent({
  emits: ['change'],
  setup:
    (_, { emit, slots }) =>
    () => [
      h('button', { class: 'draw', onClick: () => emit('change', HAND) }, '写'),
      h('button', { class: 'clear', onClick: () => emit('change', null) }, '重写'),
      slots['default']?.(),
    ],
})

export async function mountAt(
  page: Component,
  pattern: string,
  path: string,
  parts: ReturnType<typeof setupPhone>,
) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: pattern, component: page },
      { path: '/:rest(.*)*', component: { render: () => h('p', 'elsewhere') } },
    ],
  })
  await router.push(path)
  const wrapper = mount(page, {
    attachTo: document.body,
    global: {
      plugins: [router],
      provide: { [phoneKey as symbol]: parts.phone, [deliveryKey as symbol]: parts.delivery },
      stubs: { SignaturePad: PadStub, FileView: true },
    },
  })
  return { wrapper, router }
}

/** Until the page has followed the database. */
export const until = (isSo: () => boolean | Promise<boolean>): Promise<void> =>
  untilSo(async () => {
    await flushPromises()
    return isSo()
  })

/** A file as it lies on a phone. */
export const keptFileOf = (whole: Blob): KeptFile => ({
  sizeBytes: whole.size,
  mime: whole.type,
  range: async (from, to) => new Uint8Array(await whole.slice(from, to).arrayBuffer()),
  whole: async () => whole,
})
