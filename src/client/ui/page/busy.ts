/**
 * Whether something is open that must not be interrupted: a form half written, a roll, a download. An update of the app and
 * a reload ask here first; nothing else does.
 *
 * Guaranteed: each `markBusy` counts once and its release works once, however often it is called.
 */
import {
  computed,
  onScopeDispose,
  shallowRef,
  toValue,
  watch,
  type ComputedRef,
  type MaybeRefOrGetter,
} from 'vue'

/** One for the document, as the reload that it holds back is one. */
const reasons = shallowRef<readonly { reason: string }[]>([])

export const isBusy: ComputedRef<boolean> = computed(() => reasons.value.length > 0)

/** In words for the person, each once: 心得, 签到. */
export const busyReasons: ComputedRef<readonly string[]> = computed(() => [
  ...new Set(reasons.value.map((held) => held.reason)),
])

/** @returns the release, to be called when the thing is finished or left */
export function markBusy(reason: string): () => void {
  const held = { reason }
  reasons.value = [...reasons.value, held]
  return () => {
    reasons.value = reasons.value.filter((other) => other !== held)
  }
}

/** Busy while `dirty` is true and the component lives. The browser also asks before the page is closed. */
export function useBusyWhile(reason: string, dirty: MaybeRefOrGetter<boolean>): void {
  let release: (() => void) | undefined
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
  const stop = (): void => {
    release?.()
    release = undefined
    window.removeEventListener('beforeunload', ask)
  }
  watch(
    () => toValue(dirty),
    (isDirty) => {
      stop()
      if (!isDirty) return
      release = markBusy(reason)
      window.addEventListener('beforeunload', ask)
    },
    { immediate: true },
  )
  onScopeDispose(stop)
}
