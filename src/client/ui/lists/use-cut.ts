/** A long list is shown from its beginning, and whole when it is asked for. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'

export interface Cut<T> {
  shown: ComputedRef<readonly T[]>
  isCut: ComputedRef<boolean>
  /** Set by the button under the list. */
  showsAll: Ref<boolean>
}

/** @param first so many at first; one more is shown too, for a button would take its row */
export function useCut<T>(all: () => readonly T[], first: number): Cut<T> {
  const showsAll = ref(false)
  const isCut = computed(() => !showsAll.value && all().length > first + 1)
  const shown = computed(() => (isCut.value ? all().slice(0, first) : all()))
  return { shown, isCut, showsAll }
}
