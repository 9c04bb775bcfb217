/**
 * What was typed to find something stays while the app is open, so that one comes back from a document to the same list. It
 * belongs to the signed-in person's phone and goes with it; it is written nowhere.
 */
import { ref, type Ref } from 'vue'
import { usePhone, type Phone } from '../../../storage/phone.ts'

const kept = new WeakMap<Phone, Map<string, Ref<unknown>>>()

/** @param key names the page and what it is about */
export function useKeptSearch<Search extends object>(key: string, empty: Search): Ref<Search> {
  const phone = usePhone()
  const ofPhone = kept.get(phone) ?? new Map<string, Ref<unknown>>()
  kept.set(phone, ofPhone)
  const found = (ofPhone.get(key) ?? ref({ ...empty })) as Ref<Search>
  ofPhone.set(key, found)
  return found
}
