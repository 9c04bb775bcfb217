/**
 * Which page is in sight, and the way to another. Keeps the place a moment after the reader rests and at once when the app is
 * left; never before the place of last time was reached, so that an interrupted opening does not forget it.
 */
import { useEventListener } from '@vueuse/core'
import { onScopeDispose, ref, type Ref, type ShallowRef } from 'vue'
import { usePhone } from '../../../../storage/phone.ts'
import { useWhenLeaving } from '../../../../ui/page/when-leaving.ts'
import type { Box } from './paged-file.ts'
import { keepPlace, readPlace, type Place } from './place.ts'

const SAVE_AFTER_MS = 400

export interface PageInSight {
  /** From 1. */
  current: Readonly<Ref<number>>
  readKept(): Promise<Place | null>
  /** The pages stand: go where one stopped, and follow from there. */
  begin(place: Place | null): void
  /** Brings a page, or a place on it, to the eye. */
  show(page: number, box?: Box): void
  /** A page above the eye became higher or lower: what is looked at stays. */
  keepStill(byPx: number, page: HTMLElement): void
}

/** The height of what lies over the top of the page: the bar. */
export const topOfReading = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0

export function usePageInSight(
  frame: Readonly<ShallowRef<HTMLElement | null>>,
  sha256: () => string,
): PageInSight {
  const { db } = usePhone()
  const current = ref(1)
  let isFollowing = false
  let place: Place | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let frameRequest = 0

  const pageBoxes = (): Element[] => [...(frame.value?.querySelectorAll('.page') ?? [])]
  const boxOf = (page: number): Element | undefined => pageBoxes()[page - 1]

  function look(): void {
    const boxes = pageBoxes()
    if (boxes.length === 0) return
    const middle = window.innerHeight / 2
    const at = boxes.findIndex((box) => box.getBoundingClientRect().bottom > middle)
    current.value = at < 0 ? boxes.length : at + 1
    if (!isFollowing) return
    const top = topOfReading()
    const first = boxes.findIndex((box) => box.getBoundingClientRect().bottom > top + 1)
    const rect = boxes[first < 0 ? boxes.length - 1 : first]!.getBoundingClientRect()
    const share = rect.height > 0 ? Math.min(1, Math.max(0, (top - rect.top) / rect.height)) : 0
    place = { page: (first < 0 ? boxes.length - 1 : first) + 1, share: Math.round(share * 1000) / 1000 }
    clearTimeout(timer)
    timer = setTimeout(save, SAVE_AFTER_MS)
  }

  function save(): void {
    clearTimeout(timer)
    timer = undefined
    if (place !== null) void keepPlace(db, sha256(), place)
  }
  const saveWaiting = (): void => {
    if (timer !== undefined) save()
  }

  function scrollTo(page: number, share: number, above: number): void {
    const box = boxOf(page)
    if (box === undefined) return
    const rect = box.getBoundingClientRect()
    window.scrollBy({ top: rect.top + rect.height * share - above, behavior: 'instant' })
    look()
  }

  useEventListener(
    window,
    'scroll',
    () => {
      cancelAnimationFrame(frameRequest)
      frameRequest = requestAnimationFrame(look)
    },
    { passive: true },
  )
  useWhenLeaving(saveWaiting)
  onScopeDispose(() => {
    cancelAnimationFrame(frameRequest)
    saveWaiting()
  })

  return {
    current,
    readKept: () => readPlace(db, sha256()),
    begin(kept) {
      if (kept !== null && (kept.page > 1 || kept.share > 0)) scrollTo(kept.page, kept.share, topOfReading())
      isFollowing = true
      look()
    },
    show(page, box) {
      if (box === undefined) return scrollTo(page, 0, topOfReading() + 8)
      scrollTo(page, box.top + box.height / 2, window.innerHeight / 2)
      const wide = frame.value
      if (wide) wide.scrollLeft = wide.scrollWidth * (box.left + box.width / 2) - wide.clientWidth / 2
    },
    keepStill(byPx, page) {
      if (page.getBoundingClientRect().top < topOfReading()) window.scrollBy(0, byPx)
    },
  }
}
