/** Which step is on the screen: an indicator, or the review after the last one. Opens again where one was. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { Indicator } from '../../../../shared/assessment/indicator-set.ts'
import { usePhone } from '../../../storage/phone.ts'
import { keepPlace, readPlace } from './place.ts'

const REVIEW = 'review'

export function usePlace(draftId: string, indicators: Readonly<Ref<readonly Indicator[]>>) {
  const { db } = usePhone()
  const at = shallowRef<string | null>(null)
  const isReady = ref(false)
  readPlace(db, draftId)
    .then((kept) => (at.value = kept))
    // Not knowing where one was is no reason to show nothing.
    .catch(() => undefined)
    .finally(() => (isReady.value = true))

  const place = computed(() => {
    if (at.value === REVIEW) return indicators.value.length
    return Math.max(
      0,
      indicators.value.findIndex((i) => i.id === at.value),
    )
  })
  watch(at, (id) => {
    if (id !== null && isReady.value) keepPlace(db, draftId, id).catch(() => undefined)
  })
  return {
    place,
    isReady,
    go(to: number) {
      at.value = indicators.value[Math.max(0, to)]?.id ?? REVIEW
      window.scrollTo?.({ top: 0 })
    },
  }
}
