/** The bureau's time on this phone, followed second by second as long as the page is open; see shared/meetings/codes/bureau-time.ts. */
import { onScopeDispose, ref, watch } from 'vue'
import {
  createBureauClock,
  type BureauClock,
  type TimeDoubt,
} from '../../../../shared/meetings/codes/bureau-time.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { readContact } from './bureau-now.ts'

const TICK_MS = 1000

export const DOUBT_SENTENCES: Record<Exclude<TimeDoubt, null>, string> = {
  never: '本机还没有联过网，先按手机自己的时间。',
  'set-back': '手机的时间比上次联网时还早，可能被改过。联网后自动校准。',
  jumped: '手机的时间刚才变动过，先按变动前的时间走。联网后自动校准。',
}

export function useBureauClock() {
  const phone = usePhone()
  const now = ref<number>()
  const doubt = ref<TimeDoubt>(null)
  let clock: BureauClock | undefined
  const tick = (): void => {
    if (clock === undefined) return
    now.value = clock.now()
    doubt.value = clock.doubt
  }
  const contact = useLiveOrLoading(() => readContact(phone))
  watch(
    contact,
    (news) => {
      if (news === undefined) return
      if (clock === undefined)
        clock = createBureauClock(
          () => phone.now(),
          () => performance.now(),
          news,
        )
      else clock.heard(news)
      tick()
    },
    { immediate: true },
  )
  const timer = setInterval(tick, TICK_MS)
  const whenHidden = (): void => {
    if (document.hidden) clock?.slept()
    else tick()
  }
  document.addEventListener('visibilitychange', whenHidden)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', whenHidden)
  })
  return {
    /** By the second; undefined until the phone was asked. */
    now,
    doubt,
    /** This moment. */
    exactly: (): number => clock?.now() ?? phone.now(),
  }
}
