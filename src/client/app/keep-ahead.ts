/**
 * Starts what the slices keep on the phone ahead of need (`<slice>.ahead.ts`), after the first screen is there. A slice that
 * cannot be loaded now is tried again at the next start; nothing that is on the screen waits for it.
 */
import { watch } from 'vue'
import type { Phone } from '../storage/phone.ts'
import type { Delivery } from '../sync/delivery-state.ts'
import { whenIdle } from './when-idle.ts'

type SyncedPhone = Phone & { delivery: Pick<Delivery, 'summary'> }
type Ahead = () => Promise<{ keepAhead: (phone: Phone, whenQuiet: () => Promise<void>) => () => void }>

const START_AFTER_MS = 1500
function whenNotSyncing({ delivery }: SyncedPhone): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      () => delivery.summary.value.phase !== 'syncing',
      (isOver) => {
        if (!isOver) return
        resolve()
        // The first look comes before there is anything to stop.
        void Promise.resolve().then(() => stop())
      },
      { immediate: true },
    )
  })
}

/** @returns how to stop all of it */
export function startKeepingAhead(
  phone: SyncedPhone,
  slices: readonly Ahead[] = Object.values(
    import.meta.glob<Awaited<ReturnType<Ahead>>>('../features/*/*.ahead.ts'),
  ),
): () => void {
  const stops: (() => void)[] = []
  let isStopped = false
  const whenQuiet = async () => {
    await whenNotSyncing(phone)
    await whenIdle()
  }
  const timer = setTimeout(async () => {
    await whenQuiet()
    for (const load of isStopped ? [] : slices) {
      load().then(
        ({ keepAhead }) => {
          if (!isStopped) stops.push(keepAhead(phone, whenQuiet))
        },
        () => undefined,
      )
    }
  }, START_AFTER_MS)
  return () => {
    isStopped = true
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
