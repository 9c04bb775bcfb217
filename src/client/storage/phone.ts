/** The open phone of the signed-in person: provided once by main, injected where a screen needs it. */
import { inject, type InjectionKey } from 'vue'
import type { BlobStore } from './files/blobs.ts'
import type { PhoneDb } from './db.ts'
import type { DeviceKeys } from './keys/device-keys.ts'
import type { RecordStore } from './record-store.ts'

export interface PhonePerson {
  id: string
  name: string
  staffNo: string
}

export interface Phone {
  db: PhoneDb
  store: RecordStore
  blobs: BlobStore
  deviceKeys: DeviceKeys
  person: PhonePerson
  /** Changes when the device had to be registered anew; read it when needed, do not keep it. */
  readonly deviceId: string
  /** Looks for rows that the disk has damaged, and loads them anew. @returns whether there were any */
  mend?(): Promise<boolean>
  /** The phone's own clock (UTC ms). Never corrected. */
  now(): number
}

export const phoneKey: InjectionKey<Phone> = Symbol('phone')

/** @throws outside of a component under a signed-in person. */
export function usePhone(): Phone {
  const phone = inject(phoneKey)
  if (phone === undefined) throw new Error('no phone is provided here')
  return phone
}
