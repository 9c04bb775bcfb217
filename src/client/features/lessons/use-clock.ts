/** The phone's time, looked at twice a minute, so that a lesson appears when its hour has come. */
import { readonly, ref } from 'vue'
import { usePhone } from '../../storage/phone.ts'
import { lookAgain } from '../../ui/page/look-again.ts'

export function useClock() {
  const phone = usePhone()
  const now = ref(phone.now())
  const look = () => {
    now.value = phone.now()
  }
  lookAgain(look, 30_000)
  return readonly(now)
}
