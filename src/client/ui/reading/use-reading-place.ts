/**
 * Where one is in a text: the paragraph at the top of the screen.
 *
 * Guaranteed, to the reader: the place is offered for saving when the reader rests or leaves (also by switching to another
 * app), never on every move of the finger; only the number of a paragraph is told, no time and no count; a change of size
 * or face keeps the paragraph in sight.
 */
import { useEventListener } from '@vueuse/core'
import { nextTick, onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'
import { useAppearance } from '../device/appearance.ts'

const restMs = 1500
/** A block of which less than this shows at the top has been read. */
const slackPx = 4

export interface ReadingPlaceParts {
  root: () => HTMLElement | null | undefined
  save: (paragraph: number) => void
  /** Opening the text is already a new place: the next chapter of a book. */
  savesUnmoved?: () => boolean
  /** With the end in sight the last paragraph is saved: so a book that was read to its end is known to be. */
  savesEnd?: boolean
}

export interface ReadingPlace {
  /** At the top of the screen, from 0. */
  paragraph: Readonly<Ref<number>>
  /** The furthest that shows once the end of the text is in sight; the same as `paragraph` before. */
  reached: Readonly<Ref<number>>
  /** The text is on the screen: go to the paragraph and begin to follow. */
  begin: (paragraph: number) => void
}

const blocksOf = (root: HTMLElement): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('[data-block]')]

/** The height of what lies over the top of the page: the bar. */
const topOfReading = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0

const blockAtTop = (blocks: readonly HTMLElement[]): number => {
  const top = topOfReading()
  const index = blocks.findIndex((block) => block.getBoundingClientRect().bottom > top + slackPx)
  return index < 0 ? Math.max(0, blocks.length - 1) : index
}

const isEndInSight = (blocks: readonly HTMLElement[]): boolean => {
  const bottom = blocks.at(-1)?.getBoundingClientRect().bottom
  return bottom !== undefined && bottom <= window.innerHeight
}

export const useReadingPlace = (parts: ReadingPlaceParts): ReadingPlace => {
  const paragraph = ref(0)
  const reached = ref(0)
  let isFollowing = false
  let saved: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = (): void => {
    const root = parts.root()
    if (!root) return
    const blocks = blocksOf(root)
    paragraph.value = blockAtTop(blocks)
    reached.value = isEndInSight(blocks) ? Math.max(0, blocks.length - 1) : paragraph.value
  }
  const place = (): number => (parts.savesEnd ? reached.value : paragraph.value)
  const offer = (): void => {
    clearTimeout(timer)
    if (!isFollowing || place() === saved) return
    saved = place()
    parts.save(saved)
  }
  const onScroll = (): void => {
    if (!isFollowing) return
    look()
    clearTimeout(timer)
    timer = setTimeout(offer, restMs)
  }
  const goTo = (index: number): void => {
    const root = parts.root()
    if (!root) return
    if (index > 0) blocksOf(root)[index]?.scrollIntoView({ block: 'start', behavior: 'instant' })
    else window.scrollTo({ top: 0, behavior: 'instant' })
  }

  useEventListener(window, 'scroll', onScroll, { passive: true })
  useEventListener(window, 'pagehide', offer)
  useEventListener(document, 'visibilitychange', () => document.hidden && offer())
  onScopeDispose(offer)

  const { choice } = useAppearance()
  watch([() => choice.readerSize, () => choice.readerFace, () => choice.elder], async () => {
    const kept = paragraph.value
    await nextTick()
    if (isFollowing && kept > 0) goTo(kept)
  })

  return {
    paragraph,
    reached,
    begin(start) {
      goTo(start)
      look()
      // A text that fits on the screen cannot be scrolled to its paragraph: what was saved stays the truth.
      if (start > 0) paragraph.value = start
      reached.value = Math.max(reached.value, paragraph.value)
      saved = parts.savesUnmoved?.() ? null : start
      isFollowing = true
      if (saved === null) timer = setTimeout(offer, restMs)
    },
  }
}
