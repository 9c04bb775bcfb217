/**
 * Search through all pages of a file on this phone. The text of a page is read once; hits come page by page, so that the
 * first ones stand before the last page was read; a newer search ends the older one.
 */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { findIn, foldPage, folded, type FoldedPage } from './find-in-page.ts'
import type { Box, PagedFile } from './paged-file.ts'

export interface Hit {
  page: number
  boxes: Box[]
}

export interface Find {
  sought: Ref<string>
  hits: Readonly<Ref<readonly Hit[]>>
  /** Place in `hits`, from 0; -1 while there is none. */
  current: Readonly<Ref<number>>
  isSearching: Readonly<Ref<boolean>>
  /** Pages without any text among those that were read. */
  pictures: Readonly<Ref<number>>
  step(by: 1 | -1): void
}

const START_AFTER_MS = 200

/**
 * @param page the one in sight: the first hit on it or after it is shown first
 * @param show called with the hit that is to be seen
 */
export function useFind(file: () => PagedFile, page: () => number, show: (hit: Hit) => void): Find {
  const sought = ref('')
  const hits = shallowRef<readonly Hit[]>([])
  const current = ref(-1)
  const isSearching = ref(false)
  const texts = new Map<number, FoldedPage>()
  const read = shallowRef(0)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function textOfPage(number: number): Promise<FoldedPage> {
    const known = texts.get(number)
    if (known !== undefined) return known
    const text = foldPage(await (await file().page(number)).words())
    texts.set(number, text)
    read.value = texts.size
    return text
  }

  function go(to: number): void {
    current.value = to
    const hit = hits.value[to]
    if (hit !== undefined) show(hit)
  }

  async function search(words: string): Promise<void> {
    const mine = ++turn
    const from = page()
    hits.value = []
    current.value = -1
    isSearching.value = folded(words) !== ''
    if (!isSearching.value) return
    for (let number = 1; number <= file().pages; number++) {
      // A page whose text cannot be read has no hits; the others have.
      const text = await textOfPage(number).catch(() => undefined)
      if (mine !== turn) return
      const found = text === undefined ? [] : findIn(text, words)
      if (found.length === 0) continue
      const before = hits.value.length
      hits.value = [...hits.value, ...found.map((boxes) => ({ page: number, boxes }))]
      if (current.value < 0 && number >= from) go(before)
    }
    isSearching.value = false
    // All of it stands before the page in sight.
    if (current.value < 0 && hits.value.length > 0) go(0)
  }

  watch(sought, (words) => {
    clearTimeout(timer)
    turn += 1
    timer = setTimeout(() => void search(words), START_AFTER_MS)
  })
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
  })
  return {
    sought,
    hits,
    current,
    isSearching,
    pictures: computed(() => (read.value, [...texts.values()].filter(({ text }) => text === '').length)),
    step(by) {
      const { length } = hits.value
      if (length > 0) go((current.value + by + length) % length)
    },
  }
}
