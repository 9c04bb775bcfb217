/**
 * Parts of the app that come after it, such as the viewer of PDF files: whether they are on this phone, so that nothing is called
 * ready that could not be opened without a network.
 *
 * Guaranteed: 'kept' is said only after every part was seen in the place that the app is served from.
 */
import { computed, shallowReadonly, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { areKept, keepParts } from './keep-parts.ts'

export type PartsState = 'unknown' | 'lacking' | 'kept'

export interface LaterParts {
  state: Readonly<ShallowRef<PartsState>>
  /** Once it was seen that they are here, costs nothing. */
  look(): Promise<PartsState>
  /** Brings what is not here yet. @throws when one cannot be had */
  keep(): Promise<void>
}

/** @param load their addresses */
export function createLaterParts(load: () => Promise<readonly string[]>): LaterParts {
  const state = shallowRef<PartsState>('unknown')
  async function look(): Promise<PartsState> {
    if (state.value !== 'kept') state.value = (await areKept(await load())) ? 'kept' : 'lacking'
    return state.value
  }
  return {
    state: shallowReadonly(state),
    look,
    async keep() {
      if ((await look()) === 'kept') return
      await keepParts(await load())
      // A full phone may have let them pass without keeping them.
      await look()
    },
  }
}

/** What the files on this phone are read with. */
const needed = shallowRef<readonly LaterParts[]>([])

export function needParts(parts: LaterParts): void {
  if (!needed.value.includes(parts)) needed.value = [...needed.value, parts]
}

/** Of all that is needed: lacking when one is, kept when all are. */
export const neededParts: ComputedRef<PartsState> = computed(() => {
  const states = needed.value.map(({ state }) => state.value)
  return states.find((state) => state === 'lacking') ?? states.find((state) => state === 'unknown') ?? 'kept'
})

/** @throws when one cannot be had */
export const keepNeededParts = async (): Promise<void> =>
  void (await Promise.all(needed.value.map((parts) => parts.keep())))

export const lookForParts = async (): Promise<void> =>
  void (await Promise.all(needed.value.map((parts) => parts.look())))
