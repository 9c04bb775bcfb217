/** The code that this phone shows, renewed with each step of the bureau's time. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { STEP_MS, stepAt, untilNextStep } from '../../../../shared/meetings/codes/bureau-time.ts'
import type { CodeKind } from '../../../../shared/meetings/codes/text/code-text.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { makeCode, readOwnKey } from './own-code.ts'
import { useBureauClock } from './use-bureau-clock.ts'

/** @param subjectId of the person or the sitting */
export function useRotatingCode(kind: CodeKind, subjectId: string) {
  const phone = usePhone()
  const { now, doubt } = useBureauClock()
  const key = useLiveOrLoading(() => readOwnKey(phone))
  const text = ref<string | null>(null)
  /** Of the present code, from 1 to 0. */
  const left = ref(1)
  let shown = -1
  let isOver = false
  onScopeDispose(() => (isOver = true))

  async function renew(step: number, publicKey: string): Promise<void> {
    shown = step
    const made = await makeCode(phone, kind, subjectId, { publicKey, step }).catch(() => null)
    if (!isOver && shown === step) text.value = made
  }
  watch(
    [now, key],
    () => {
      if (now.value === undefined || key.value === undefined) return
      left.value = untilNextStep(now.value) / STEP_MS
      const step = stepAt(now.value)
      if (key.value.state !== 'usable') text.value = null
      else if (step !== shown || text.value === null) void renew(step, key.value.publicKey)
    },
    { immediate: true },
  )
  return { text: text as Readonly<Ref<string | null>>, left, key, doubt }
}
