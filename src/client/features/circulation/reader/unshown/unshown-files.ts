/**
 * Files that the reader could not show on this phone since the app was opened: damaged, or the viewer was not here. They count as
 * not here, so that they cannot be signed, until they were shown after all.
 */
import { shallowRef, type ShallowRef } from 'vue'
import type { Phone } from '../../../../storage/phone.ts'

const byPhone = new WeakMap<Phone, ShallowRef<ReadonlySet<string>>>()

export function unshownFiles(phone: Phone): Readonly<ShallowRef<ReadonlySet<string>>> {
  const known = byPhone.get(phone) ?? shallowRef<ReadonlySet<string>>(new Set())
  byPhone.set(phone, known)
  return known
}

export function noteShown(phone: Phone, sha256: string, isShown: boolean): void {
  const files = unshownFiles(phone)
  if (files.value.has(sha256) !== isShown) return
  const rest = new Set(files.value)
  if (isShown) rest.delete(sha256)
  else rest.add(sha256)
  byPhone.get(phone)!.value = rest
}
