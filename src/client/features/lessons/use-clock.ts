/** The phone's time, looked at twice a minute, so that a lesson appears when its hour has come. */
import { useEventListener, useIntervalFn } from '@vueuse/core'
import { readonly, ref } from 'vue'
import { usePhone } from '../../storage/phone.ts'

export function useClock() {
  const phone = usePhone()
  const now = ref(phone.now())
  const look = () => {
    now.value = phone.now()
  }
  useIntervalFn(look, 30_000)
  useEventListener(document, 'visibilitychange', look)
  return readonly(now)
}
