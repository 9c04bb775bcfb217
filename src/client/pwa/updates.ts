/**
 * When a new version comes, as states:
 *
 *   current ── found ──▶ waiting ── 现在更新 ──▶ asked ── free ──▶ reload
 *                           │                    └─ busy: after what is being written
 *                           └─ another window updated ──▶ outdated ── 重新打开 ──▶ reload
 *
 * Guaranteed: the page is never reloaded without the person's word, and never while something is half written.
 */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { isBusy } from '../ui/page/busy.ts'
import { TAKE_OVER } from './worker/take-over.ts'

export type UpdateState = 'current' | 'waiting' | 'outdated'

/** On iOS `controllerchange` may never come. */
const RELOAD_ANYWAY_MS = 4_000

export interface Updates {
  state: Readonly<ShallowRef<UpdateState>>
  /** The bar is to be seen: something is new and the person hasn't said 稍后. */
  isOffered: ComputedRef<boolean>
  /** Asked for while something was being written: comes when that is finished. */
  isAsked: Readonly<ShallowRef<boolean>>
  update(): void
  later(): void
}

export interface UpdatesWithEvents extends Updates {
  found(waiting: Pick<ServiceWorker, 'postMessage'>): void
  /** Another worker serves this page now. */
  tookOver(): void
}

export function createUpdates(reload: () => void): UpdatesWithEvents {
  const state = shallowRef<UpdateState>('current')
  const isAsked = shallowRef(false)
  const isPutOff = shallowRef(false)
  let waiting: Pick<ServiceWorker, 'postMessage'> | undefined
  let hasBegun = false

  const reloadOnce = (): void => {
    reload()
  }
  const goOn = (): void => {
    if (!isAsked.value || isBusy.value || hasBegun) return
    hasBegun = true
    if (state.value === 'outdated') return reloadOnce()
    waiting?.postMessage({ type: TAKE_OVER })
    setTimeout(() => isBusy.value || reloadOnce(), RELOAD_ANYWAY_MS)
  }
  watch(isBusy, goOn)

  return {
    state,
    isAsked,
    isOffered: computed(() => state.value !== 'current' && !isPutOff.value),
    found(worker) {
      waiting = worker
      isPutOff.value = false
      state.value = 'waiting'
    },
    tookOver() {
      if (hasBegun && !isBusy.value) return reloadOnce()
      hasBegun = false
      isPutOff.value = false
      state.value = 'outdated'
    },
    update() {
      isAsked.value = true
      goOn()
    },
    later() {
      isPutOff.value = true
    },
  }
}
