/** A phone on an IndexedDB of its own, with a line to a fake endpoint. */
import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import {
  openPhone,
  type OpenPhone,
  type OpenPhoneOptions,
} from '../../../src/client/sync/phone/open-phone.ts'
import { createPhoneEngine } from '../../../src/client/sync/phone/phone-engine.ts'
import type { FakeEndpoint } from './fake-endpoint.ts'
import { type PhoneLine } from './fake-endpoint.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'

export interface TestPhone {
  phone: OpenPhone
  line: PhoneLine
  clock: ManualClock
  indexedDB: IDBFactory
  deviceId: string
  /** The tab is closed and opened again on the same disk. */
  reopen(): Promise<void>
}

// Each phone has a factory of its own; liveQuery only asks whether there is IndexedDB at all.
Dexie.dependencies.indexedDB ??= new IDBFactory()
Dexie.dependencies.IDBKeyRange ??= IDBKeyRange

const opened: OpenPhone[] = []

/** Call in afterEach. */
export async function closePhones(): Promise<void> {
  for (const phone of opened.splice(0)) await phone.close()
}

export interface SetupPhoneOptions {
  personId?: string
  deviceId?: string
  indexedDB?: IDBFactory
  clock?: ManualClock
  more?: Partial<OpenPhoneOptions>
}

export async function setupPhone(
  endpoint: FakeEndpoint,
  options: SetupPhoneOptions = {},
): Promise<TestPhone> {
  const personId = options.personId ?? 'li'
  const clock = options.clock ?? createManualClock()
  const indexedDB = options.indexedDB ?? new IDBFactory()
  const line = endpoint.line(personId)
  const deviceId = options.deviceId ?? endpoint.addDevice(personId)
  let ids = 0
  const open = async (): Promise<OpenPhone> => {
    const phone = await openPhone({
      engine: createPhoneEngine,
      person: {
        id: personId,
        name: personId,
        staffNo: '1',
      },
      session: {
        deviceId,
        keyId: null,
      },
      fetch: (input, init) => line.fetch(input, init),
      fetchBlob: () => Promise.reject(new Error('no downloads here')),
      clock,
      timers: clock,
      random: () => 0.5,
      indexedDB,
      IDBKeyRange,
      newId: () => `${personId}-${deviceId}-${++ids}`,
      ...options.more,
    })
    opened.push(phone)
    return phone
  }
  const test: TestPhone = {
    phone: await open(),
    line,
    clock,
    indexedDB,
    deviceId,
    async reopen() {
      await test.phone.close()
      test.phone = await open()
    },
  }
  return test
}
